CREATE TABLE "maintenance_windows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"maintenance_type" text NOT NULL,
	"planned_start" timestamp (3) with time zone NOT NULL,
	"planned_end" timestamp (3) with time zone NOT NULL,
	"status" text DEFAULT 'planned' NOT NULL,
	"server_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"cluster_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"host_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"server_group_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"recurrence_enabled" boolean DEFAULT false NOT NULL,
	"recurrence_pattern" text,
	"time_zone" text NOT NULL,
	"recurrence_until" timestamp (3) with time zone,
	"recurrence_count" integer,
	"created_by" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "maintenance_windows_type_check" CHECK ("maintenance_windows"."maintenance_type" in ('firmware', 'esxi_upgrade', 'patch', 'reboot', 'rolling_update')),
	CONSTRAINT "maintenance_windows_status_check" CHECK ("maintenance_windows"."status" in ('planned', 'in_progress', 'completed', 'cancelled')),
	CONSTRAINT "maintenance_windows_length_check" CHECK (planned_end > planned_start)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "maintenance_windows_title_key" ON "maintenance_windows" USING btree ("title") WHERE status <> 'cancelled';