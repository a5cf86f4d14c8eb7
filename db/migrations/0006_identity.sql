ALTER TABLE "profiles" ADD COLUMN "disabled_how" text;--> statement-breakpoint
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_disabled_how_check" CHECK ("profiles"."disabled_how" in ('admin', 'directory'));--> statement-breakpoint
-- What an admin disabled is in the audit trail; people of the directory that are not were gone from it.
UPDATE "profiles" p SET "disabled_how" = CASE WHEN p.source = 'directory' AND NOT EXISTS (
    SELECT 1 FROM audit_log a WHERE a.object_kind = 'user' AND a.object_id = p.id::text AND a.after->'disabled' = 'true'::jsonb)
  THEN 'directory' ELSE 'admin' END
WHERE p.disabled_at IS NOT NULL;--> statement-breakpoint
-- Tokens of who was disabled before stay useless when the person is enabled again.
UPDATE "api_tokens" t SET "revoked_at" = now() FROM "profiles" p
WHERE p.id = t.user_id AND p.disabled_at IS NOT NULL AND t.revoked_at IS NULL;--> statement-breakpoint
-- At least one enabled local admin remains, also when two are taken away at once: one waits here for the other's end, and counts then.
CREATE OR REPLACE FUNCTION check_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('last admin', 7));
  IF NOT EXISTS (
    SELECT 1 FROM user_roles r JOIN profiles p ON p.id = r.user_id JOIN local_accounts a ON a.user_id = p.id
    WHERE r.role = 'admin' AND p.source = 'local' AND p.disabled_at IS NULL) THEN
    RAISE EXCEPTION 'at least one enabled local admin must remain' USING ERRCODE = 'check_violation', CONSTRAINT = 'last_admin';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP TRIGGER user_roles_last_admin ON user_roles;--> statement-breakpoint
DROP TRIGGER profiles_last_admin ON profiles;--> statement-breakpoint
CREATE CONSTRAINT TRIGGER user_roles_last_admin AFTER UPDATE OR DELETE ON user_roles
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION check_last_admin();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER profiles_last_admin AFTER UPDATE OF disabled_at, source ON profiles
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.source = 'local' AND OLD.disabled_at IS NULL AND (NEW.disabled_at IS NOT NULL OR NEW.source <> 'local'))
  EXECUTE FUNCTION check_last_admin();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER profiles_last_admin_gone AFTER DELETE ON profiles
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.source = 'local') EXECUTE FUNCTION check_last_admin();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER local_accounts_last_admin AFTER DELETE ON local_accounts
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_last_admin();
