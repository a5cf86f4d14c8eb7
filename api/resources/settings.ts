import { z } from 'zod'
import { activitySettings, mediaSettings } from '../../db/schema/settings.js'
import {
  type ActivitySettingsPatch,
  type MediaSettingsPatch,
  readActivitySettings,
  readMediaSettings,
  updateActivitySettings,
  updateMediaSettings,
} from '../../db/stores/settings.js'
import type { Route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { settingsPair } from '../settings-routes.js'

const int = (from: number, to: number) => z.int().min(from).max(to)
/** Minutes between two background readings; 0 = off. */
const offOr = (from: number, to: number) => z.union([z.literal(0), int(from, to)])
const cidrs = z.array(z.union([z.cidrv4(), z.cidrv6()])).max(100)

const activityPatch = z.strictObject(
  z
    .object({
      log_retention_days: int(1, 3650),
      max_request_body_bytes: int(0, 262_144),
      max_response_body_bytes: int(0, 262_144),
      keep_read_bodies: z.boolean(),
      mutation_retention_days: int(90, 3650),
      job_retention_days: int(30, 3650),
      event_log_retention_days: int(1, 3650),
      health_interval_minutes: offOr(5, 1440),
      inventory_interval_hours: int(0, 720),
      event_log_interval_minutes: offOr(15, 10_080),
      background_paused: z.boolean(),
      first_contact: z.enum(['pin', 'ask']),
      scan_rate_per_second: int(1, 10_000),
      scan_in_flight: int(1, 8192),
      uploads_per_site: int(1, 32),
      esxi_ssh_port: int(1, 65_535).nullable(),
      confirm_over_targets: int(1, 1000),
      confirm_over_percent: int(1, 100),
      session_idle_minutes: int(5, 120),
      session_max_hours: int(1, 72),
      login_banner: z.string().max(4000).nullable(),
      syslog_target: z.string().max(255).nullable(),
      allowed_device_cidrs: cidrs,
    })
    .partial().shape,
)
const mediaPatch = z.strictObject(
  z
    .object({
      allowed_hosts: z.array(z.string().min(1).max(255)).max(200),
      allowed_cidrs: cidrs,
      max_upload_gb: int(1, 1024),
      base_url: z.url({ protocol: /^https?$/ }).nullable(),
    })
    .partial().shape,
)
const activitySchema = rowSchema(activitySettings, ['encryption_key']).meta({ id: 'ActivitySettings' })
const mediaSchema = rowSchema(mediaSettings).meta({ id: 'MediaSettings' })

export function settingsRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    ...settingsPair(db, {
      name: 'activity',
      summary: { read: 'Settings of jobs, scans, retention and sessions', change: 'Changes activity settings' },
      output: activitySchema,
      patch: activityPatch,
      read: readActivitySettings,
      update: (tx, patch) => updateActivitySettings(tx, patch as ActivitySettingsPatch),
    }),
    ...settingsPair(db, {
      name: 'media',
      summary: { read: 'Settings of the media store', change: 'Changes media settings' },
      output: mediaSchema,
      patch: mediaPatch,
      read: readMediaSettings,
      update: (tx, patch) => updateMediaSettings(tx, patch as MediaSettingsPatch),
    }),
  ]
}
