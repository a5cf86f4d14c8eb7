ALTER TABLE "firmware_catalog_entries" ADD COLUMN "package_type" text;--> statement-breakpoint
ALTER TABLE "firmware_catalog_entries" ADD COLUMN "models" text[];--> statement-breakpoint
ALTER TABLE "firmware_packages" ADD COLUMN "package_type" text;--> statement-breakpoint
ALTER TABLE "firmware_packages" ADD COLUMN "models" text[];