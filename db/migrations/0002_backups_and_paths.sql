CREATE TABLE "upgrade_paths" (
	"from_version" text NOT NULL,
	"to_version" text NOT NULL,
	"allowed" boolean NOT NULL,
	"note" text,
	"source" text DEFAULT 'admin' NOT NULL,
	CONSTRAINT "upgrade_paths_from_version_to_version_pk" PRIMARY KEY("from_version","to_version"),
	CONSTRAINT "upgrade_paths_source_check" CHECK ("upgrade_paths"."source" in ('built_in', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "scp_backups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"components" text[] NOT NULL,
	"format" text NOT NULL,
	"export_use" text,
	"content_encrypted" "bytea" NOT NULL,
	"size_bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"kind" text NOT NULL,
	"service_tag" text,
	"model" text,
	"idrac_version" text,
	"contains_hashes" boolean NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"job_id" uuid,
	"last_import_job_id" uuid,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "scp_backups_format_check" CHECK ("scp_backups"."format" in ('XML', 'JSON')),
	CONSTRAINT "scp_backups_use_check" CHECK ("scp_backups"."export_use" in ('Default', 'Clone', 'Replace')),
	CONSTRAINT "scp_backups_kind_check" CHECK ("scp_backups"."kind" in ('export', 'before_change', 'uploaded'))
);
--> statement-breakpoint
ALTER TABLE "scp_backups" ADD CONSTRAINT "scp_backups_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "scp_backups_server_idx" ON "scp_backups" USING btree ("server_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "scp_backups_before_change_key" ON "scp_backups" USING btree ("job_id","server_id") WHERE kind = 'before_change';