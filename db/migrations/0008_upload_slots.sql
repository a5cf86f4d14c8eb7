CREATE TABLE "upload_slots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site" text NOT NULL,
	"worker_id" text NOT NULL,
	"taken_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "upload_slots_site_idx" ON "upload_slots" USING btree ("site");