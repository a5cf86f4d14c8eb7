-- Foreign keys that close a circle between tables; none cascades, so that history keeps its names.
ALTER TABLE servers ADD CONSTRAINT servers_vcenter_host_id_fk FOREIGN KEY (vcenter_host_id) REFERENCES vcenter_hosts (id) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
ALTER TABLE vcenter_hosts ADD CONSTRAINT vcenter_hosts_server_id_fk FOREIGN KEY (server_id) REFERENCES servers (id) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
ALTER TABLE servers ADD CONSTRAINT servers_credential_set_id_fk FOREIGN KEY (credential_set_id) REFERENCES credential_sets (id);
--> statement-breakpoint
ALTER TABLE vcenter_hosts ADD CONSTRAINT vcenter_hosts_credential_set_id_fk FOREIGN KEY (credential_set_id) REFERENCES credential_sets (id);
--> statement-breakpoint
ALTER TABLE vcenters ADD CONSTRAINT vcenters_credential_set_id_fk FOREIGN KEY (credential_set_id) REFERENCES credential_sets (id);
--> statement-breakpoint
ALTER TABLE credential_sets ADD CONSTRAINT credential_sets_vcenter_host_id_fk FOREIGN KEY (vcenter_host_id) REFERENCES vcenter_hosts (id);
--> statement-breakpoint
ALTER TABLE credential_sets ADD CONSTRAINT credential_sets_vcenter_id_fk FOREIGN KEY (vcenter_id) REFERENCES vcenters (id);
--> statement-breakpoint
ALTER TABLE jobs ADD CONSTRAINT jobs_parent_job_id_fk FOREIGN KEY (parent_job_id) REFERENCES jobs (id);
--> statement-breakpoint
-- One open entry for one thing: a repeated activity does not open it twice.
CREATE UNIQUE INDEX job_attention_entry_key ON job_attention (job_id, coalesce(target_kind, ''), coalesce(target_id, ''), code)
  WHERE resolved_at IS NULL AND acknowledged_at IS NULL;
--> statement-breakpoint
-- The link host <-> server is one fact in two columns: a difference at the end of a transaction is refused.
CREATE FUNCTION check_host_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM servers s LEFT JOIN vcenter_hosts h ON h.id = s.vcenter_host_id
             WHERE (s.id = NEW.id OR s.vcenter_host_id = NEW.id) AND s.vcenter_host_id IS NOT NULL AND h.server_id IS DISTINCT FROM s.id)
     OR EXISTS (SELECT 1 FROM vcenter_hosts h LEFT JOIN servers s ON s.id = h.server_id
             WHERE (h.id = NEW.id OR h.server_id = NEW.id) AND h.server_id IS NOT NULL AND s.vcenter_host_id IS DISTINCT FROM h.id) THEN
    RAISE EXCEPTION '% % does not name its partner, or is named by one that it does not name', TG_TABLE_NAME, NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'host_link';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER servers_host_link AFTER INSERT OR UPDATE OF vcenter_host_id ON servers
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_host_link();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER vcenter_hosts_server_link AFTER INSERT OR UPDATE OF server_id ON vcenter_hosts
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_host_link();
--> statement-breakpoint
-- Legal moves of a job. Final states stay final.
CREATE FUNCTION check_job_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IS DISTINCT FROM OLD.status AND NOT (CASE OLD.status
      WHEN 'pending' THEN NEW.status IN ('running', 'failed', 'cancelled')
      WHEN 'running' THEN NEW.status IN ('paused', 'completed', 'failed', 'cancelled')
      WHEN 'paused' THEN NEW.status IN ('running', 'completed', 'failed', 'cancelled')
      ELSE false END) THEN
    RAISE EXCEPTION 'job % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state_seq < OLD.state_seq THEN
    RAISE EXCEPTION 'state_seq of job % cannot go back from % to %', OLD.id, OLD.state_seq, NEW.state_seq USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.details IS DISTINCT FROM OLD.details OR NEW.job_type IS DISTINCT FROM OLD.job_type THEN
    RAISE EXCEPTION 'what job % was asked to do cannot change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER jobs_status BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION check_job_status();
--> statement-breakpoint
-- The ledger of operations: state only forward, other columns only from null to a value.
CREATE FUNCTION operation_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE state WHEN 'intent' THEN 0 WHEN 'sent' THEN 1 WHEN 'unknown' THEN 2 WHEN 'accepted' THEN 3 WHEN 'adopted' THEN 3 ELSE 4 END
$$;
--> statement-breakpoint
CREATE FUNCTION check_operation_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IS DISTINCT FROM OLD.state AND operation_rank(NEW.state) <= operation_rank(OLD.state)
     AND NOT (OLD.state = 'accepted' AND NEW.state = 'unknown') THEN
    RAISE EXCEPTION 'operation % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF (OLD.device_ref IS NOT NULL AND NEW.device_ref IS DISTINCT FROM OLD.device_ref)
     OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at)
     OR (OLD.before IS NOT NULL AND NEW.before IS DISTINCT FROM OLD.before)
     OR NEW.fencing_token IS DISTINCT FROM OLD.fencing_token
     OR NEW.operation IS DISTINCT FROM OLD.operation
     OR NEW.device_id IS DISTINCT FROM OLD.device_id
     OR NEW.intent_at IS DISTINCT FROM OLD.intent_at THEN
    RAISE EXCEPTION 'what is on record of operation % cannot change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER device_operations_move BEFORE UPDATE ON device_operations FOR EACH ROW EXECUTE FUNCTION check_operation_move();
--> statement-breakpoint
-- Of a closed command nothing changes any more.
CREATE FUNCTION check_command_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.success IS NOT NULL OR OLD.outcome <> 'intent' THEN
    RAISE EXCEPTION 'command % is closed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.endpoint IS DISTINCT FROM OLD.endpoint OR NEW.request_body IS DISTINCT FROM OLD.request_body
     OR NEW.timestamp IS DISTINCT FROM OLD.timestamp OR NEW.server_id IS DISTINCT FROM OLD.server_id THEN
    RAISE EXCEPTION 'the intent of command % cannot change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER idrac_commands_change BEFORE UPDATE ON idrac_commands FOR EACH ROW EXECUTE FUNCTION check_command_change();
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER job_events_append_only BEFORE UPDATE ON job_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER inventory_changes_append_only BEFORE UPDATE ON inventory_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER cluster_safety_checks_append_only BEFORE UPDATE ON cluster_safety_checks FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- At least one enabled local admin remains.
CREATE FUNCTION check_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM local_accounts) AND NOT EXISTS (
    SELECT 1 FROM user_roles r JOIN profiles p ON p.id = r.user_id JOIN local_accounts a ON a.user_id = p.id
    WHERE r.role = 'admin' AND p.source = 'local' AND p.disabled_at IS NULL) THEN
    RAISE EXCEPTION 'at least one enabled local admin must remain' USING ERRCODE = 'check_violation', CONSTRAINT = 'last_admin';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER user_roles_last_admin AFTER UPDATE OR DELETE ON user_roles
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_last_admin();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER profiles_last_admin AFTER UPDATE OR DELETE ON profiles
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_last_admin();
--> statement-breakpoint
-- Neither plain text nor key passes through SQL: the names of the former functions only say so.
CREATE FUNCTION encrypt_password(text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'passwords are sealed by the application, never in SQL';
END $$;
--> statement-breakpoint
CREATE FUNCTION decrypt_password(text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'passwords are opened by the application, never in SQL';
END $$;
--> statement-breakpoint
INSERT INTO activity_settings (id) VALUES (1);
--> statement-breakpoint
INSERT INTO media_settings (id) VALUES (1);
