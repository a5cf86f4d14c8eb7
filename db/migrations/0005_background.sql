ALTER TABLE "activity_settings" ALTER COLUMN "scan_in_flight" SET DEFAULT 1024;--> statement-breakpoint
ALTER TABLE "activity_settings" ADD COLUMN "background_paused" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- What nobody has changed follows the default of a scan.
UPDATE "activity_settings" SET "scan_in_flight" = 1024 WHERE "scan_in_flight" = 256;