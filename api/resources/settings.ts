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
import { auditDeed } from '../audit-trail.js'
import { type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const int = (from: number, to: number) => z.int().min(from).max(to)
const cidrs = z.array(z.union([z.cidrv4(), z.cidrv6()])).max(100)

const activityPatch = z.strictObject(
  z
    .object({
      log_retention_days: int(1, 3650),
      max_request_body_bytes: int(0, 1_048_576),
      max_response_body_bytes: int(0, 1_048_576),
      keep_read_bodies: z.boolean(),
      mutation_retention_days: int(30, 3650),
      job_retention_days: int(30, 3650),
      event_log_retention_days: int(1, 3650),
      health_interval_minutes: int(5, 1440),
      inventory_interval_hours: int(1, 720),
      event_log_interval_minutes: int(15, 10_080),
      first_contact: z.enum(['pin', 'ask']),
      scan_rate_per_second: int(1, 10_000),
      scan_in_flight: int(1, 8192),
      uploads_per_site: int(1, 32),
      esxi_ssh_port: int(1, 65_535).nullable(),
      confirm_over_targets: int(1, 1000),
      confirm_over_percent: int(1, 100),
      session_idle_minutes: int(1, 720),
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
      base_url: z.url().nullable(),
    })
    .partial().shape,
)
const activitySchema = rowSchema(activitySettings, ['encryption_key']).meta({ id: 'ActivitySettings' })
const mediaSchema = rowSchema(mediaSettings).meta({ id: 'MediaSettings' })

const given = (body: object) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))

export function settingsRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/settings/activity',
      permission: 'signed_in',
      summary: 'Settings of jobs, scans, retention and sessions',
      output: activitySchema,
      handler: async () => {
        const settings = await readActivitySettings(db)
        return { body: settings, version: settings.version }
      },
    }),
    route({
      method: 'PATCH',
      path: '/settings/activity',
      permission: 'admin',
      summary: 'Changes activity settings',
      body: activityPatch,
      output: activitySchema,
      handler: async (context) => {
        const before = await readActivitySettings(db)
        context.checkVersion(before.version)
        const settings = await updateActivitySettings(db, given(context.body) as ActivitySettingsPatch)
        await auditDeed(db, context, {
          action: 'settings.update',
          object_kind: 'settings',
          object_id: 'activity',
          after: context.body,
        })
        return { body: settings, version: settings.version }
      },
    }),
    route({
      method: 'GET',
      path: '/settings/media',
      permission: 'signed_in',
      summary: 'Settings of the media store',
      output: mediaSchema,
      handler: async () => {
        const settings = await readMediaSettings(db)
        return { body: settings, version: settings.version }
      },
    }),
    route({
      method: 'PATCH',
      path: '/settings/media',
      permission: 'admin',
      summary: 'Changes media settings',
      body: mediaPatch,
      output: mediaSchema,
      handler: async (context) => {
        const before = await readMediaSettings(db)
        context.checkVersion(before.version)
        const settings = await updateMediaSettings(db, given(context.body) as MediaSettingsPatch)
        await auditDeed(db, context, {
          action: 'settings.update',
          object_kind: 'settings',
          object_id: 'media',
          after: context.body,
        })
        return { body: settings, version: settings.version }
      },
    }),
  ]
}
