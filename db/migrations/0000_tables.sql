CREATE SEQUENCE "public"."job_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."device_fencing_token_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_id" uuid,
	"actor_label" text,
	"actor_ip" text,
	"origin" text,
	"action" text NOT NULL,
	"object_kind" text,
	"object_id" text,
	"object_label" text,
	"before" jsonb,
	"after" jsonb,
	"decision" jsonb,
	"request_id" text,
	"chain" smallint,
	"chain_seq" bigint,
	"prev_hash" "bytea",
	"hash" "bytea"
);
--> statement-breakpoint
CREATE TABLE "idrac_commands" (
	"id" uuid NOT NULL,
	"server_id" uuid,
	"job_id" uuid,
	"task_id" uuid,
	"endpoint" text NOT NULL,
	"command_type" text NOT NULL,
	"operation_type" text NOT NULL,
	"full_url" text,
	"request_body" jsonb,
	"response_body" jsonb,
	"success" boolean,
	"status_code" integer,
	"response_time_ms" integer,
	"error_message" text,
	"source" text NOT NULL,
	"initiated_by" uuid,
	"timestamp" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"device_kind" text,
	"vcenter_id" uuid,
	"vcenter_host_id" uuid,
	"outcome" text DEFAULT 'intent' NOT NULL,
	"message_id" text,
	"operation_id" text,
	"fencing_token" bigint,
	"credential_set_id" uuid,
	"workflow_id" text,
	"attempt" integer,
	"worker_id" text,
	"request_id" text,
	"chain" smallint,
	"chain_seq" bigint,
	"prev_hash" "bytea",
	"hash" "bytea",
	"completed_at" timestamp (3) with time zone,
	"bytes_sent" bigint,
	"bytes_received" bigint,
	CONSTRAINT "idrac_commands_id_timestamp_pk" PRIMARY KEY("id","timestamp"),
	CONSTRAINT "idrac_commands_type_check" CHECK ("idrac_commands"."command_type" in ('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'SOAP', 'SSH', 'LDAP')),
	CONSTRAINT "idrac_commands_operation_check" CHECK ("idrac_commands"."operation_type" in ('discovery', 'firmware', 'power', 'bios', 'boot', 'scp', 'virtual_media', 'console', 'logs', 'inventory', 'session', 'vcenter', 'esxi', 'directory', 'openmanage', 'media')),
	CONSTRAINT "idrac_commands_source_check" CHECK ("idrac_commands"."source" in ('api', 'worker')),
	CONSTRAINT "idrac_commands_outcome_check" CHECK ("idrac_commands"."outcome" in ('intent', 'ok', 'refused', 'failed', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "cluster_safety_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid,
	"cluster_id" uuid NOT NULL,
	"cluster" text,
	"requested_host_ids" uuid[],
	"total_hosts" integer,
	"healthy_hosts" integer,
	"healthy_after" integer,
	"min_required" integer,
	"max_unavailable" integer,
	"safe" boolean NOT NULL,
	"blockers" jsonb NOT NULL,
	"warnings" jsonb NOT NULL,
	"cpu" jsonb,
	"memory" jsonb,
	"drs_mode" text,
	"ha" jsonb,
	"vsan" jsonb,
	"facts" jsonb NOT NULL,
	"facts_at" timestamp (3) with time zone NOT NULL,
	"checked_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "esxi_preflight_results" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"host_id" uuid NOT NULL,
	"upgrade_profile_id" uuid,
	"verdict" text NOT NULL,
	"checks" jsonb NOT NULL,
	"current" jsonb,
	"target" jsonb,
	"vibs" jsonb,
	"checked_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "esxi_upgrade_profiles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"depot_path" text,
	"profile_name" text,
	"target_version" text,
	"target_build" integer,
	"vendor" text,
	"acceptance_level" text,
	"flavor" text,
	"min_source_version" text,
	"sha256" text,
	"size_bytes" bigint,
	"iso_image_id" uuid,
	"datastore_moids" text[],
	"verified_at" timestamp (3) with time zone,
	"notes" text,
	"created_by" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credential_ip_ranges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"credential_set_id" uuid NOT NULL,
	"ip_range" text NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"description" text,
	"family" smallint NOT NULL,
	"addresses" "numrange" NOT NULL,
	"size" numeric NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credential_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"credential_type" text NOT NULL,
	"username" text NOT NULL,
	"password_encrypted" text,
	"is_default" boolean DEFAULT false NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"vcenter_host_id" uuid,
	"vcenter_id" uuid,
	"ssh_private_key_encrypted" text,
	"description" text,
	"created_by" uuid,
	"last_used_at" timestamp (3) with time zone,
	"last_success_at" timestamp (3) with time zone,
	"password_changed_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "credential_sets_username_check" CHECK (length(username) between 1 and 255),
	CONSTRAINT "credential_sets_secret_check" CHECK (password_encrypted is not null or (credential_type = 'esxi' and ssh_private_key_encrypted is not null)),
	CONSTRAINT "credential_sets_type_check" CHECK ("credential_sets"."credential_type" in ('idrac', 'esxi', 'vcenter'))
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"wrapped_key" text NOT NULL,
	"kek_id" text NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp (3) with time zone,
	"check_value" text NOT NULL,
	CONSTRAINT "data_keys_kid_check" CHECK (kid ~ '^d[0-9a-f]{8}$'),
	CONSTRAINT "data_keys_wrapped_check" CHECK (wrapped_key like 'dek1.%'),
	CONSTRAINT "data_keys_state_check" CHECK ("data_keys"."state" in ('active', 'retired'))
);
--> statement-breakpoint
CREATE TABLE "device_identities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"device_kind" text NOT NULL,
	"device_id" uuid,
	"address" text NOT NULL,
	"port" integer NOT NULL,
	"protocol" text NOT NULL,
	"sha256" text NOT NULL,
	"algorithm" text,
	"subject" text,
	"issuer" text,
	"not_before" timestamp (3) with time zone,
	"not_after" timestamp (3) with time zone,
	"state" text NOT NULL,
	"first_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp (3) with time zone,
	"decided_how" text,
	"job_id" uuid,
	CONSTRAINT "device_identities_kind_check" CHECK ("device_identities"."device_kind" in ('idrac', 'vcenter', 'esxi', 'openmanage', 'directory', 'media_host')),
	CONSTRAINT "device_identities_protocol_check" CHECK ("device_identities"."protocol" in ('tls', 'ssh')),
	CONSTRAINT "device_identities_state_check" CHECK ("device_identities"."state" in ('pending', 'accepted', 'replaced', 'rejected')),
	CONSTRAINT "device_identities_how_check" CHECK ("device_identities"."decided_how" in ('first_contact', 'person', 'expected_change'))
);
--> statement-breakpoint
CREATE TABLE "device_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server_id" uuid,
	"address" text NOT NULL,
	"session_uri" text,
	"worker_id" text NOT NULL,
	"opened_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "host_recovery_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host_id" uuid NOT NULL,
	"recovery_id" text NOT NULL,
	"key_encrypted" text NOT NULL,
	"captured_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"job_id" uuid
);
--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "login_attempts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"device_kind" text NOT NULL,
	"address" text NOT NULL,
	"account" text NOT NULL,
	"credential_set_id" uuid,
	"reserved_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"outcome" text DEFAULT 'reserved' NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"worker_id" text,
	"job_id" uuid,
	CONSTRAINT "login_attempts_outcome_check" CHECK ("login_attempts"."outcome" in ('reserved', 'ok', 'refused', 'no_answer'))
);
--> statement-breakpoint
CREATE TABLE "sealed_secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"owner_user_id" uuid,
	"job_id" uuid,
	"content_encrypted" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sealed_secrets_purpose_check" CHECK ("sealed_secrets"."purpose" in ('idm_authenticate', 'idm_test', 'console_ticket', 'job_input'))
);
--> statement-breakpoint
CREATE TABLE "clusters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vcenter_id" uuid NOT NULL,
	"moid" text NOT NULL,
	"name" text NOT NULL,
	"drs_enabled" boolean,
	"drs_mode" text,
	"ha_enabled" boolean,
	"ha_admission" jsonb,
	"vsan_enabled" boolean,
	"vsan_health" text,
	"image_managed" boolean,
	"dpm_enabled" boolean,
	"evc_mode" text,
	"hosts_total" integer,
	"hosts_effective" integer,
	"cpu_mhz" integer,
	"memory_mb" integer,
	"cpu_demand_mhz" integer,
	"memory_used_mb" integer,
	"max_unavailable" integer,
	"facts" jsonb,
	"facts_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clusters_drs_mode_check" CHECK ("clusters"."drs_mode" in ('fullyAutomated', 'partiallyAutomated', 'manual', 'off', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "vcenter_datastores" (
	"vcenter_id" uuid NOT NULL,
	"moid" text NOT NULL,
	"name" text NOT NULL,
	"type" text,
	"capacity_bytes" bigint,
	"free_bytes" bigint,
	"accessible" boolean,
	"shared" boolean,
	"host_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vcenter_datastores_vcenter_id_moid_pk" PRIMARY KEY("vcenter_id","moid")
);
--> statement-breakpoint
CREATE TABLE "vcenter_hosts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vcenter_id" uuid,
	"name" text NOT NULL,
	"ip_address" text,
	"serial_number" text,
	"esxi_version" text,
	"cluster" text,
	"connection_state" text DEFAULT 'notResponding' NOT NULL,
	"power_state" text DEFAULT 'unknown' NOT NULL,
	"in_maintenance_mode" boolean,
	"server_id" uuid,
	"credential_set_id" uuid,
	"cluster_id" uuid,
	"moid" text,
	"host_uuid" uuid,
	"build" integer,
	"image_profile" text,
	"acceptance_level" text,
	"boot_time" timestamp (3) with time zone,
	"overall_status" text,
	"in_quarantine" boolean,
	"ha_state" text,
	"lockdown_mode" text,
	"reboot_required" boolean,
	"tpm_sealed" boolean,
	"cpu_mhz" integer,
	"memory_mb" integer,
	"vms_running" integer,
	"cpu_used_mhz" integer,
	"memory_used_mb" integer,
	"link_source" text,
	"ssh_port" integer,
	"maintenance_by_job_id" uuid,
	"facts_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vcenter_hosts_connection_state_check" CHECK ("vcenter_hosts"."connection_state" in ('connected', 'disconnected', 'notResponding')),
	CONSTRAINT "vcenter_hosts_power_state_check" CHECK ("vcenter_hosts"."power_state" in ('poweredOn', 'poweredOff', 'standBy', 'unknown')),
	CONSTRAINT "vcenter_hosts_link_source_check" CHECK ("vcenter_hosts"."link_source" in ('serial', 'uuid', 'manual'))
);
--> statement-breakpoint
CREATE TABLE "vcenters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"port" integer DEFAULT 443 NOT NULL,
	"credential_set_id" uuid,
	"instance_uuid" text,
	"version" text,
	"build" text,
	"api_version" text,
	"tls_ca_pem" text,
	"sync_enabled" boolean DEFAULT true NOT NULL,
	"sync_interval_minutes" integer DEFAULT 30 NOT NULL,
	"last_sync_at" timestamp (3) with time zone,
	"last_sync_status" text,
	"last_sync_error" jsonb,
	"missing_privileges" text[],
	"appliance_vm_name" text,
	"site" text DEFAULT 'main' NOT NULL,
	"removed_at" timestamp (3) with time zone,
	"row_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" smallint,
	"response" jsonb,
	"job_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "job_attention" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"target_kind" text,
	"target_id" text,
	"target_label" text,
	"state_left" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"next_action" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"acknowledged_by" uuid,
	"acknowledged_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "job_events" (
	"id" bigint NOT NULL,
	"job_id" uuid,
	"task_id" uuid,
	"type" text NOT NULL,
	"level" text,
	"message" text,
	"data" jsonb,
	"actor_id" uuid,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "job_events_id_at_pk" PRIMARY KEY("id","at"),
	CONSTRAINT "job_events_type_check" CHECK ("job_events"."type" in ('job.changed', 'task.changed', 'step.changed', 'log', 'plan', 'attention', 'control', 'server.health_changed', 'window.changed'))
);
--> statement-breakpoint
CREATE TABLE "job_steps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"task_id" uuid,
	"seq" integer NOT NULL,
	"phase" text NOT NULL,
	"kind" text NOT NULL,
	"component" text,
	"fqdd" text,
	"from_version" text,
	"to_version" text,
	"status" text DEFAULT 'planned' NOT NULL,
	"planned_minutes" integer,
	"started_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"device_job_id" text,
	"safe_to_stop" boolean,
	"reversible" boolean,
	"detail" jsonb,
	CONSTRAINT "job_steps_seq_key" UNIQUE NULLS NOT DISTINCT("job_id","task_id","seq"),
	CONSTRAINT "job_steps_status_check" CHECK ("job_steps"."status" in ('planned', 'running', 'waiting', 'completed', 'failed', 'skipped', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "job_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"server_id" uuid,
	"vcenter_host_id" uuid,
	"status" text DEFAULT 'pending' NOT NULL,
	"progress" smallint DEFAULT 0 NOT NULL,
	"log" text,
	"started_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"target_kind" text NOT NULL,
	"target_id" text,
	"target_label" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"phase" text,
	"phase_since" timestamp (3) with time zone,
	"waiting_for" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"outcome" text,
	"error" jsonb,
	"result" jsonb,
	"state_seq" bigint DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "job_tasks_status_check" CHECK ("job_tasks"."status" in ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled', 'skipped')),
	CONSTRAINT "job_tasks_kind_check" CHECK ("job_tasks"."target_kind" in ('server', 'host', 'cluster', 'vcenter', 'range', 'datastore', 'file', 'user_source'))
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_type" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"created_by" uuid,
	"target_scope" jsonb NOT NULL,
	"details" jsonb NOT NULL,
	"parent_job_id" uuid,
	"firmware_source" text,
	"credential_set_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"schedule_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"dry_run" boolean DEFAULT false NOT NULL,
	"targets" jsonb NOT NULL,
	"result" jsonb,
	"error" jsonb,
	"phase" text,
	"phase_note" text,
	"phase_since" timestamp (3) with time zone,
	"progress" smallint DEFAULT 0 NOT NULL,
	"waiting_for" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"needs_attention" boolean DEFAULT false NOT NULL,
	"plan" jsonb,
	"plan_version" integer DEFAULT 0 NOT NULL,
	"workflow_id" text NOT NULL,
	"run_id" text,
	"state_seq" bigint DEFAULT 0 NOT NULL,
	"event_seq" bigint DEFAULT 0 NOT NULL,
	"priority" smallint DEFAULT 3 NOT NULL,
	"origin" text DEFAULT 'user' NOT NULL,
	"maintenance_window_id" uuid,
	"occurrence_id" uuid,
	"cancel_requested_at" timestamp (3) with time zone,
	"cancel_mode" text,
	"pause_requested_at" timestamp (3) with time zone,
	"last_progress_at" timestamp (3) with time zone,
	"stuck_since" timestamp (3) with time zone,
	"request_id" text,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "jobs_status_check" CHECK ("jobs"."status" in ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "jobs_cancel_mode_check" CHECK ("jobs"."cancel_mode" in ('graceful', 'abort')),
	CONSTRAINT "jobs_origin_check" CHECK ("jobs"."origin" in ('user', 'token', 'window', 'background', 'child', 'cli'))
);
--> statement-breakpoint
CREATE TABLE "borrowed_settings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"device_kind" text NOT NULL,
	"device_id" text NOT NULL,
	"original" jsonb NOT NULL,
	"wanted" jsonb NOT NULL,
	"taken_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"returned_at" timestamp (3) with time zone,
	"return_error" text,
	CONSTRAINT "borrowed_settings_kind_check" CHECK ("borrowed_settings"."kind" in ('maintenance', 'ssh_service', 'dpm', 'ha_admission', 'virtual_media', 'boot_override', 'lockdown', 'vm_power', 'alarm_actions'))
);
--> statement-breakpoint
CREATE TABLE "device_leases" (
	"resource" text PRIMARY KEY NOT NULL,
	"owner_workflow_id" text NOT NULL,
	"owner_job_id" uuid NOT NULL,
	"fencing_token" bigint NOT NULL,
	"acquired_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "device_operations" (
	"id" text PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"task_id" uuid,
	"target_id" text NOT NULL,
	"step" text NOT NULL,
	"attempt" integer NOT NULL,
	"device_kind" text NOT NULL,
	"device_id" text NOT NULL,
	"operation" text NOT NULL,
	"component" text,
	"fencing_token" bigint NOT NULL,
	"state" text DEFAULT 'intent' NOT NULL,
	"worker_id" text,
	"device_ref" text,
	"before" jsonb,
	"intent_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	"settled_how" text,
	"command_id" uuid,
	CONSTRAINT "device_operations_state_check" CHECK ("device_operations"."state" in ('intent', 'sent', 'accepted', 'done', 'refused', 'failed', 'unknown', 'adopted')),
	CONSTRAINT "device_operations_how_check" CHECK ("device_operations"."settled_how" in ('answer', 'reconcile', 'person'))
);
--> statement-breakpoint
CREATE TABLE "lease_waiters" (
	"resource" text NOT NULL,
	"job_id" uuid NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"polled_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lease_waiters_resource_job_id_pk" PRIMARY KEY("resource","job_id")
);
--> statement-breakpoint
CREATE TABLE "firmware_packages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"filename" text NOT NULL,
	"name" text,
	"component_id" text,
	"component_type" text,
	"component_class" text DEFAULT 'host_reboot' NOT NULL,
	"version" text NOT NULL,
	"dell_version" text,
	"package_code" text,
	"release_date" text,
	"criticality" text,
	"reboot_required" boolean,
	"size_bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"md5" text,
	"system_ids" text[],
	"devices" jsonb,
	"prerequisites" jsonb,
	"signature_seen" boolean,
	"catalog_id" uuid,
	"storage_name" text,
	"media_token" text,
	"served_url" text,
	"status" text DEFAULT 'ready' NOT NULL,
	"uploaded_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "firmware_packages_class_check" CHECK ("firmware_packages"."component_class" in ('direct', 'host_reboot', 'cpld', 'idrac')),
	CONSTRAINT "firmware_packages_status_check" CHECK ("firmware_packages"."status" in ('ready', 'verifying', 'missing', 'deleted'))
);
--> statement-breakpoint
CREATE TABLE "iso_images" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"filename" text,
	"kind" text NOT NULL,
	"size_bytes" bigint,
	"sha256" text,
	"source_type" text NOT NULL,
	"source_url" text,
	"served_url" text,
	"status" text NOT NULL,
	"storage_name" text,
	"media_token" text,
	"accepts_ranges" boolean,
	"details" jsonb,
	"uploaded_by" uuid,
	"last_seen_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"mounted_count" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "iso_images_kind_check" CHECK ("iso_images"."kind" in ('iso', 'img', 'esxi_depot')),
	CONSTRAINT "iso_images_source_check" CHECK ("iso_images"."source_type" in ('upload', 'scan', 'url')),
	CONSTRAINT "iso_images_status_check" CHECK ("iso_images"."status" in ('ready', 'verifying', 'missing', 'deleted'))
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"filename" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"received_bytes" bigint DEFAULT 0 NOT NULL,
	"hash_state" text,
	"sha256" text,
	"storage_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone,
	CONSTRAINT "uploads_size_check" CHECK (size_bytes >= 0)
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"role" text,
	"scopes" text[],
	"allowed_cidrs" "cidr"[],
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "local_accounts" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"password_hash" text NOT NULL,
	"must_change" boolean DEFAULT false NOT NULL,
	"failed_count" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "profiles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"display_name" text,
	"email" text,
	"source" text DEFAULT 'local' NOT NULL,
	"directory_id" text,
	"dn" text,
	"disabled_at" timestamp (3) with time zone,
	"last_login_at" timestamp (3) with time zone,
	"preferences" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "profiles_source_check" CHECK ("profiles"."source" in ('local', 'directory'))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"idle_minutes" integer DEFAULT 15 NOT NULL,
	"ip" text,
	"user_agent" text,
	"ended_at" timestamp (3) with time zone,
	"ended_why" text
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"source" text DEFAULT 'manual' NOT NULL,
	"granted_by" uuid,
	"granted_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_roles_user_id_role_source_pk" PRIMARY KEY("user_id","role","source"),
	CONSTRAINT "user_roles_role_check" CHECK ("user_roles"."role" in ('viewer', 'operator', 'admin', 'auditor')),
	CONSTRAINT "user_roles_source_check" CHECK ("user_roles"."source" in ('manual', 'directory'))
);
--> statement-breakpoint
CREATE TABLE "discovery_findings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"address" text NOT NULL,
	"port" integer,
	"kind" text NOT NULL,
	"service_tag" text,
	"server_id" uuid,
	"data" jsonb,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" uuid,
	CONSTRAINT "discovery_findings_kind_check" CHECK ("discovery_findings"."kind" in ('auth_failed', 'identity_pending', 'identity_changed', 'duplicate_address', 'address_conflict', 'redfish_disabled', 'other_redfish', 'not_answering', 'ambiguous_link', 'factory_account', 'password_change_required', 'no_credential'))
);
--> statement-breakpoint
CREATE TABLE "inventory_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server_id" uuid,
	"host_id" uuid,
	"field" text NOT NULL,
	"old" text,
	"new" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"job_id" uuid
);
--> statement-breakpoint
CREATE TABLE "server_firmware" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server_id" uuid NOT NULL,
	"fqdd" text NOT NULL,
	"software_id" text,
	"component_id" text,
	"component_type" text,
	"name" text,
	"version" text NOT NULL,
	"vendor_id" text,
	"device_id" text,
	"subvendor_id" text,
	"subdevice_id" text,
	"updateable" boolean,
	"installed_at" timestamp (3) with time zone,
	"previous_version" text,
	"component_key" text GENERATED ALWAYS AS (coalesce(software_id, component_id, coalesce(vendor_id, '') || ':' || coalesce(device_id, '') || ':' || coalesce(subvendor_id, '') || ':' || coalesce(subdevice_id, '')) || '@' || fqdd) STORED NOT NULL,
	"first_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"job_id" uuid
);
--> statement-breakpoint
CREATE TABLE "server_group_members" (
	"group_id" uuid NOT NULL,
	"server_id" uuid NOT NULL,
	"added_by" uuid,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "server_group_members_group_id_server_id_pk" PRIMARY KEY("group_id","server_id")
);
--> statement-breakpoint
CREATE TABLE "server_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"kind" text DEFAULT 'static' NOT NULL,
	"filter" jsonb,
	"created_by" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "server_groups_kind_check" CHECK ("server_groups"."kind" in ('static', 'dynamic'))
);
--> statement-breakpoint
CREATE TABLE "server_health" (
	"server_id" uuid NOT NULL,
	"component" text NOT NULL,
	"kind" text,
	"health" text,
	"state" text,
	"reading" jsonb,
	"faults" jsonb,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "server_health_server_id_component_pk" PRIMARY KEY("server_id","component")
);
--> statement-breakpoint
CREATE TABLE "servers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hostname" text,
	"ip_address" text NOT NULL,
	"service_tag" text NOT NULL,
	"model" text,
	"bios_version" text,
	"idrac_version" text,
	"power_state" text DEFAULT 'Unknown' NOT NULL,
	"health_status" text DEFAULT 'Unknown' NOT NULL,
	"vcenter_host_id" uuid,
	"credential_set_id" uuid,
	"discovered_username" text,
	"discovered_password_encrypted" text,
	"last_discovered_at" timestamp (3) with time zone,
	"ip" "inet" GENERATED ALWAYS AS (ip_address::inet) STORED,
	"idrac_port" integer DEFAULT 443 NOT NULL,
	"idrac_mac" "macaddr",
	"system_uuid" uuid,
	"generation" text DEFAULT 'unknown' NOT NULL,
	"system_id" integer,
	"asset_tag" text,
	"chassis_service_tag" text,
	"cpu_model" text,
	"cpu_count" integer,
	"cpu_cores" integer,
	"memory_gib" integer,
	"capabilities" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"lockdown" boolean,
	"site" text DEFAULT 'main' NOT NULL,
	"labels" text[] DEFAULT '{}'::text[] NOT NULL,
	"source" text DEFAULT 'discovery' NOT NULL,
	"openmanage_device_id" bigint,
	"credential_state" text DEFAULT 'unknown' NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"last_health_at" timestamp (3) with time zone,
	"last_inventory_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"last_error" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "servers_service_tag_check" CHECK (service_tag ~ '^[A-Z0-9]{5,10}$'),
	CONSTRAINT "servers_hostname_check" CHECK (length(hostname) <= 255),
	CONSTRAINT "servers_labels_check" CHECK (cardinality(labels) <= 20),
	CONSTRAINT "servers_power_state_check" CHECK ("servers"."power_state" in ('On', 'Off', 'PoweringOn', 'PoweringOff', 'Unknown')),
	CONSTRAINT "servers_health_status_check" CHECK ("servers"."health_status" in ('OK', 'Warning', 'Critical', 'Unknown')),
	CONSTRAINT "servers_generation_check" CHECK ("servers"."generation" in ('idrac7', 'idrac8', 'idrac9', 'idrac10', 'unknown')),
	CONSTRAINT "servers_source_check" CHECK ("servers"."source" in ('discovery', 'openmanage', 'manual', 'import')),
	CONSTRAINT "servers_credential_state_check" CHECK ("servers"."credential_state" in ('unknown', 'working', 'rejected', 'missing', 'password_change_required'))
);
--> statement-breakpoint
CREATE TABLE "activity_settings" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"encryption_key" text,
	"log_retention_days" integer DEFAULT 30 NOT NULL,
	"max_request_body_bytes" integer DEFAULT 8192 NOT NULL,
	"max_response_body_bytes" integer DEFAULT 16384 NOT NULL,
	"keep_read_bodies" boolean DEFAULT false NOT NULL,
	"mutation_retention_days" integer DEFAULT 400 NOT NULL,
	"job_retention_days" integer DEFAULT 400 NOT NULL,
	"event_log_retention_days" integer DEFAULT 400 NOT NULL,
	"health_interval_minutes" integer DEFAULT 60 NOT NULL,
	"inventory_interval_hours" integer DEFAULT 24 NOT NULL,
	"event_log_interval_minutes" integer DEFAULT 360 NOT NULL,
	"first_contact" text DEFAULT 'pin' NOT NULL,
	"scan_rate_per_second" integer DEFAULT 1000 NOT NULL,
	"scan_in_flight" integer DEFAULT 256 NOT NULL,
	"uploads_per_site" integer DEFAULT 4 NOT NULL,
	"esxi_ssh_port" integer,
	"confirm_over_targets" integer DEFAULT 50 NOT NULL,
	"confirm_over_percent" integer DEFAULT 20 NOT NULL,
	"session_idle_minutes" integer DEFAULT 15 NOT NULL,
	"session_max_hours" integer DEFAULT 12 NOT NULL,
	"login_banner" text,
	"syslog_target" text,
	"allowed_device_cidrs" "cidr"[] DEFAULT '{}'::cidr[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "activity_settings_one_row" CHECK (id = 1),
	CONSTRAINT "activity_settings_key_check" CHECK (encryption_key is null or encryption_key like 'dek1.%'),
	CONSTRAINT "activity_settings_first_contact_check" CHECK ("activity_settings"."first_contact" in ('pin', 'ask'))
);
--> statement-breakpoint
CREATE TABLE "media_settings" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"allowed_hosts" text[] DEFAULT '{}'::text[] NOT NULL,
	"allowed_cidrs" "cidr"[] DEFAULT '{}'::cidr[] NOT NULL,
	"max_upload_gb" integer DEFAULT 64 NOT NULL,
	"base_url" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "media_settings_one_row" CHECK (id = 1)
);
--> statement-breakpoint
ALTER TABLE "credential_ip_ranges" ADD CONSTRAINT "credential_ip_ranges_credential_set_id_credential_sets_id_fk" FOREIGN KEY ("credential_set_id") REFERENCES "public"."credential_sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_vcenter_id_vcenters_id_fk" FOREIGN KEY ("vcenter_id") REFERENCES "public"."vcenters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vcenter_datastores" ADD CONSTRAINT "vcenter_datastores_vcenter_id_vcenters_id_fk" FOREIGN KEY ("vcenter_id") REFERENCES "public"."vcenters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vcenter_hosts" ADD CONSTRAINT "vcenter_hosts_vcenter_id_vcenters_id_fk" FOREIGN KEY ("vcenter_id") REFERENCES "public"."vcenters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vcenter_hosts" ADD CONSTRAINT "vcenter_hosts_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_attention" ADD CONSTRAINT "job_attention_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_steps" ADD CONSTRAINT "job_steps_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_tasks" ADD CONSTRAINT "job_tasks_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_profiles_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."profiles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "local_accounts" ADD CONSTRAINT "local_accounts_user_id_profiles_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."profiles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_profiles_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."profiles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_id_profiles_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."profiles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_firmware" ADD CONSTRAINT "server_firmware_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_group_members" ADD CONSTRAINT "server_group_members_group_id_server_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."server_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_group_members" ADD CONSTRAINT "server_group_members_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_health" ADD CONSTRAINT "server_health_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_at_idx" ON "audit_log" USING btree ("at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_log_object_idx" ON "audit_log" USING btree ("object_kind","object_id");--> statement-breakpoint
CREATE INDEX "idrac_commands_server_idx" ON "idrac_commands" USING btree ("server_id","timestamp" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idrac_commands_job_idx" ON "idrac_commands" USING btree ("job_id","timestamp");--> statement-breakpoint
CREATE INDEX "idrac_commands_failed_idx" ON "idrac_commands" USING btree ("timestamp" DESC NULLS LAST) WHERE not success;--> statement-breakpoint
CREATE INDEX "idrac_commands_time_idx" ON "idrac_commands" USING btree ("timestamp" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "cluster_safety_checks_cluster_idx" ON "cluster_safety_checks" USING btree ("cluster_id","checked_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "esxi_preflight_results_host_idx" ON "esxi_preflight_results" USING btree ("host_id","checked_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "esxi_upgrade_profiles_name_key" ON "esxi_upgrade_profiles" USING btree ("name");--> statement-breakpoint
CREATE INDEX "credential_ip_ranges_addresses_idx" ON "credential_ip_ranges" USING gist ("addresses");--> statement-breakpoint
CREATE UNIQUE INDEX "credential_sets_name_key" ON "credential_sets" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "credential_sets_default_key" ON "credential_sets" USING btree ("credential_type") WHERE is_default;--> statement-breakpoint
CREATE UNIQUE INDEX "data_keys_active_key" ON "data_keys" USING btree ("state") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "device_identities_accepted_key" ON "device_identities" USING btree ("device_kind","address","port","protocol") WHERE state = 'accepted';--> statement-breakpoint
CREATE UNIQUE INDEX "device_identities_pending_key" ON "device_identities" USING btree ("device_kind","address","port","protocol","sha256") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "device_identities_device_idx" ON "device_identities" USING btree ("device_id");--> statement-breakpoint
CREATE INDEX "device_sessions_open_idx" ON "device_sessions" USING btree ("address") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "host_recovery_keys_host_key" ON "host_recovery_keys" USING btree ("host_id","recovery_id");--> statement-breakpoint
CREATE INDEX "login_attempts_budget_idx" ON "login_attempts" USING btree ("device_kind","address","reserved_at");--> statement-breakpoint
CREATE INDEX "sealed_secrets_expires_idx" ON "sealed_secrets" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "clusters_moid_key" ON "clusters" USING btree ("vcenter_id","moid");--> statement-breakpoint
CREATE UNIQUE INDEX "vcenter_hosts_moid_key" ON "vcenter_hosts" USING btree ("vcenter_id","moid") WHERE removed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "vcenter_hosts_server_id_key" ON "vcenter_hosts" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "vcenter_hosts_cluster_idx" ON "vcenter_hosts" USING btree ("cluster_id");--> statement-breakpoint
CREATE INDEX "vcenter_hosts_serial_idx" ON "vcenter_hosts" USING btree ("serial_number");--> statement-breakpoint
CREATE UNIQUE INDEX "vcenters_name_key" ON "vcenters" USING btree ("name") WHERE removed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "vcenters_address_key" ON "vcenters" USING btree ("host","port") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires_idx" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "job_attention_open_idx" ON "job_attention" USING btree ("resolved_at","acknowledged_at");--> statement-breakpoint
CREATE INDEX "job_attention_job_idx" ON "job_attention" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "job_events_job_idx" ON "job_events" USING btree ("job_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "job_tasks_target_key" ON "job_tasks" USING btree ("job_id","target_kind","target_label");--> statement-breakpoint
CREATE INDEX "job_tasks_server_idx" ON "job_tasks" USING btree ("server_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "job_tasks_host_idx" ON "job_tasks" USING btree ("vcenter_host_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_workflow_id_key" ON "jobs" USING btree ("workflow_id");--> statement-breakpoint
CREATE INDEX "jobs_due_idx" ON "jobs" USING btree ("status","schedule_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "jobs_created_idx" ON "jobs" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "jobs_type_idx" ON "jobs" USING btree ("job_type","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "jobs_parent_idx" ON "jobs" USING btree ("parent_job_id");--> statement-breakpoint
CREATE INDEX "jobs_attention_idx" ON "jobs" USING btree ("needs_attention") WHERE needs_attention;--> statement-breakpoint
CREATE INDEX "jobs_targets_idx" ON "jobs" USING gin ("targets" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "jobs_created_by_idx" ON "jobs" USING btree ("created_by","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "borrowed_settings_open_key" ON "borrowed_settings" USING btree ("job_id","kind","device_id") WHERE returned_at is null;--> statement-breakpoint
CREATE INDEX "borrowed_settings_device_idx" ON "borrowed_settings" USING btree ("device_id") WHERE returned_at is null;--> statement-breakpoint
CREATE INDEX "device_leases_owner_idx" ON "device_leases" USING btree ("owner_workflow_id");--> statement-breakpoint
CREATE UNIQUE INDEX "device_operations_attempt_key" ON "device_operations" USING btree ("job_id","target_id","step","attempt");--> statement-breakpoint
CREATE INDEX "device_operations_device_idx" ON "device_operations" USING btree ("device_id","operation","intent_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "firmware_packages_sha256_key" ON "firmware_packages" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "firmware_packages_component_idx" ON "firmware_packages" USING btree ("component_id","version");--> statement-breakpoint
CREATE INDEX "firmware_packages_systems_idx" ON "firmware_packages" USING gin ("system_ids");--> statement-breakpoint
CREATE UNIQUE INDEX "iso_images_sha256_key" ON "iso_images" USING btree ("sha256") WHERE status = 'ready';--> statement-breakpoint
CREATE INDEX "uploads_expires_idx" ON "uploads" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_token_hash_key" ON "api_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "api_tokens_user_idx" ON "api_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "profiles_username_key" ON "profiles" USING btree (lower("username"));--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_hash_key" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user_idx" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "discovery_findings_job_idx" ON "discovery_findings" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "discovery_findings_server_idx" ON "discovery_findings" USING btree ("server_id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "inventory_changes_server_idx" ON "inventory_changes" USING btree ("server_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "server_firmware_component_key" ON "server_firmware" USING btree ("server_id","component_key");--> statement-breakpoint
CREATE INDEX "server_firmware_component_idx" ON "server_firmware" USING btree ("component_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "server_groups_name_key" ON "server_groups" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "servers_address_key" ON "servers" USING btree ("ip_address","idrac_port") WHERE removed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "servers_service_tag_key" ON "servers" USING btree ("service_tag") WHERE removed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "servers_vcenter_host_id_key" ON "servers" USING btree ("vcenter_host_id");--> statement-breakpoint
CREATE INDEX "servers_health_status_idx" ON "servers" USING btree ("health_status");--> statement-breakpoint
CREATE INDEX "servers_model_idx" ON "servers" USING btree ("model");--> statement-breakpoint
CREATE INDEX "servers_site_idx" ON "servers" USING btree ("site");--> statement-breakpoint
CREATE INDEX "servers_ip_idx" ON "servers" USING gist ("ip" inet_ops);--> statement-breakpoint
CREATE INDEX "servers_labels_idx" ON "servers" USING gin ("labels");