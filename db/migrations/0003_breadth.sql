CREATE TABLE "firmware_catalog_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"catalog_id" uuid NOT NULL,
	"path" text NOT NULL,
	"filename" text NOT NULL,
	"name" text,
	"component_id" text,
	"component_type" text,
	"component_class" text NOT NULL,
	"version" text NOT NULL,
	"dell_version" text,
	"package_code" text,
	"release_date" text,
	"criticality" text,
	"reboot_required" boolean,
	"size_bytes" bigint,
	"sha256" text,
	"md5" text,
	"system_ids" text[],
	"devices" jsonb,
	"prerequisites" jsonb,
	"bundle_models" text[],
	CONSTRAINT "firmware_catalog_entries_class_check" CHECK ("firmware_catalog_entries"."component_class" in ('direct', 'host_reboot', 'cpld', 'idrac'))
);
--> statement-breakpoint
CREATE TABLE "firmware_catalogs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"source_type" text NOT NULL,
	"base_location" text,
	"release_id" text,
	"catalog_version" text,
	"dated_at" timestamp (3) with time zone,
	"entries" integer DEFAULT 0 NOT NULL,
	"sha256" text NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"status" text NOT NULL,
	"imported_by" uuid,
	"imported_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "firmware_catalogs_source_check" CHECK ("firmware_catalogs"."source_type" in ('upload', 'url')),
	CONSTRAINT "firmware_catalogs_status_check" CHECK ("firmware_catalogs"."status" in ('importing', 'ready', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "firmware_compliance" (
	"server_id" uuid NOT NULL,
	"catalog_id" uuid NOT NULL,
	"status" text NOT NULL,
	"outdated" integer DEFAULT 0 NOT NULL,
	"urgent" integer DEFAULT 0 NOT NULL,
	"not_in_catalog" integer DEFAULT 0 NOT NULL,
	"items" jsonb NOT NULL,
	"compared_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "firmware_compliance_server_id_catalog_id_pk" PRIMARY KEY("server_id","catalog_id"),
	CONSTRAINT "firmware_compliance_status_check" CHECK ("firmware_compliance"."status" in ('compliant', 'outdated', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "idm_auth_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"kind" text NOT NULL,
	"username" text NOT NULL,
	"dn" text,
	"server" text,
	"role" text,
	"groups" text[] DEFAULT '{}'::text[] NOT NULL,
	"source_ip" text,
	"outcome" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "idm_auth_sessions_kind_check" CHECK ("idm_auth_sessions"."kind" in ('login', 'test'))
);
--> statement-breakpoint
CREATE TABLE "idm_group_mappings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"group_dn" text NOT NULL,
	"group_id" text,
	"role" text NOT NULL,
	CONSTRAINT "idm_group_mappings_role_check" CHECK ("idm_group_mappings"."role" in ('viewer', 'operator', 'admin', 'auditor'))
);
--> statement-breakpoint
CREATE TABLE "idm_settings" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"enabled" boolean DEFAULT false NOT NULL,
	"vendor" text DEFAULT 'ldap' NOT NULL,
	"servers" text[] DEFAULT '{}'::text[] NOT NULL,
	"port" integer DEFAULT 636 NOT NULL,
	"tls_mode" text DEFAULT 'ldaps' NOT NULL,
	"ca_pem" text,
	"base_dn" text,
	"bind_dn" text,
	"bind_password_encrypted" text,
	"user_base" text,
	"user_filter" text,
	"username_attribute" text,
	"group_base" text,
	"group_filter" text,
	"nested_groups" boolean DEFAULT true NOT NULL,
	"default_role" text,
	"sync_enabled" boolean DEFAULT false NOT NULL,
	"sync_interval_minutes" integer DEFAULT 360 NOT NULL,
	"connect_timeout_ms" integer DEFAULT 5000 NOT NULL,
	"operation_timeout_ms" integer DEFAULT 10000 NOT NULL,
	"last_sync_at" timestamp (3) with time zone,
	"last_sync_result" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idm_settings_one_row" CHECK (id = 1),
	CONSTRAINT "idm_settings_vendor_check" CHECK ("idm_settings"."vendor" in ('freeipa', 'active_directory', 'ldap')),
	CONSTRAINT "idm_settings_tls_mode_check" CHECK ("idm_settings"."tls_mode" in ('ldaps', 'starttls')),
	CONSTRAINT "idm_settings_default_role_check" CHECK ("idm_settings"."default_role" in ('viewer', 'operator', 'admin', 'auditor'))
);
--> statement-breakpoint
CREATE TABLE "media_grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"image_id" uuid,
	"package_id" uuid,
	"server_id" uuid,
	"token" text NOT NULL,
	"allowed_address" "inet",
	"expires_at" timestamp (3) with time zone NOT NULL,
	"job_id" uuid,
	"last_read_at" timestamp (3) with time zone,
	"bytes_read" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bios_configurations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server_id" uuid NOT NULL,
	"job_id" uuid,
	"reason" text NOT NULL,
	"attributes" jsonb NOT NULL,
	"pending" jsonb,
	"registry_name" text,
	"bios_version" text,
	"sha256" text NOT NULL,
	"attribute_count" integer NOT NULL,
	"captured_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bios_configurations_reason_check" CHECK ("bios_configurations"."reason" in ('read', 'before_write', 'after_write'))
);
--> statement-breakpoint
CREATE TABLE "server_event_logs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "server_event_logs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server_id" uuid NOT NULL,
	"log" text NOT NULL,
	"entry_id" bigint NOT NULL,
	"logged_at" timestamp (3) with time zone NOT NULL,
	"severity" text NOT NULL,
	"message_id" text,
	"message" text NOT NULL,
	"category" text,
	"raw" jsonb,
	"fetched_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"job_id" uuid,
	CONSTRAINT "server_event_logs_log_check" CHECK ("server_event_logs"."log" in ('sel', 'lifecycle')),
	CONSTRAINT "server_event_logs_severity_check" CHECK ("server_event_logs"."severity" in ('OK', 'Warning', 'Critical', 'Unknown'))
);
--> statement-breakpoint
CREATE TABLE "server_log_cursors" (
	"server_id" uuid NOT NULL,
	"log" text NOT NULL,
	"entry_id" bigint NOT NULL,
	"logged_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "server_log_cursors_server_id_log_pk" PRIMARY KEY("server_id","log"),
	CONSTRAINT "server_log_cursors_log_check" CHECK ("server_log_cursors"."log" in ('sel', 'lifecycle'))
);
--> statement-breakpoint
CREATE TABLE "openmanage_settings" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"enabled" boolean DEFAULT false NOT NULL,
	"host" text,
	"port" integer DEFAULT 443 NOT NULL,
	"username" text,
	"password_encrypted" text,
	"sync_enabled" boolean DEFAULT false NOT NULL,
	"sync_interval_minutes" integer DEFAULT 360 NOT NULL,
	"last_sync_at" timestamp (3) with time zone,
	"last_sync_result" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "openmanage_settings_one_row" CHECK (id = 1)
);
--> statement-breakpoint
ALTER TABLE "firmware_catalog_entries" ADD CONSTRAINT "firmware_catalog_entries_catalog_id_firmware_catalogs_id_fk" FOREIGN KEY ("catalog_id") REFERENCES "public"."firmware_catalogs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "firmware_compliance" ADD CONSTRAINT "firmware_compliance_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "firmware_compliance" ADD CONSTRAINT "firmware_compliance_catalog_id_firmware_catalogs_id_fk" FOREIGN KEY ("catalog_id") REFERENCES "public"."firmware_catalogs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media_grants" ADD CONSTRAINT "media_grants_image_id_iso_images_id_fk" FOREIGN KEY ("image_id") REFERENCES "public"."iso_images"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media_grants" ADD CONSTRAINT "media_grants_package_id_firmware_packages_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."firmware_packages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bios_configurations" ADD CONSTRAINT "bios_configurations_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_event_logs" ADD CONSTRAINT "server_event_logs_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_log_cursors" ADD CONSTRAINT "server_log_cursors_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "firmware_catalog_entries_path_key" ON "firmware_catalog_entries" USING btree ("catalog_id","path");--> statement-breakpoint
CREATE INDEX "firmware_catalog_entries_component_idx" ON "firmware_catalog_entries" USING btree ("catalog_id","component_id");--> statement-breakpoint
CREATE INDEX "firmware_catalog_entries_systems_idx" ON "firmware_catalog_entries" USING gin ("system_ids");--> statement-breakpoint
CREATE UNIQUE INDEX "firmware_catalogs_sha256_key" ON "firmware_catalogs" USING btree ("sha256") WHERE status = 'ready';--> statement-breakpoint
CREATE UNIQUE INDEX "firmware_catalogs_default_key" ON "firmware_catalogs" USING btree ("is_default") WHERE is_default;--> statement-breakpoint
CREATE INDEX "firmware_compliance_catalog_idx" ON "firmware_compliance" USING btree ("catalog_id","status");--> statement-breakpoint
CREATE INDEX "idm_auth_sessions_user_idx" ON "idm_auth_sessions" USING btree ("user_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idm_auth_sessions_username_idx" ON "idm_auth_sessions" USING btree (lower("username"),"started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "idm_group_mappings_dn_key" ON "idm_group_mappings" USING btree (lower("group_dn"));--> statement-breakpoint
CREATE UNIQUE INDEX "media_grants_token_key" ON "media_grants" USING btree ("token");--> statement-breakpoint
CREATE INDEX "media_grants_image_idx" ON "media_grants" USING btree ("image_id");--> statement-breakpoint
CREATE INDEX "media_grants_server_idx" ON "media_grants" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "bios_configurations_server_idx" ON "bios_configurations" USING btree ("server_id","captured_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "server_event_logs_entry_key" ON "server_event_logs" USING btree ("server_id","log","entry_id","logged_at");--> statement-breakpoint
CREATE INDEX "server_event_logs_server_idx" ON "server_event_logs" USING btree ("server_id","logged_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "server_event_logs_severity_idx" ON "server_event_logs" USING btree ("severity","logged_at" DESC NULLS LAST);--> statement-breakpoint
INSERT INTO idm_settings (id) VALUES (1);
--> statement-breakpoint
INSERT INTO openmanage_settings (id) VALUES (1);
