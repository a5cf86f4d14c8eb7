import { sql } from 'drizzle-orm'
import { boolean, check, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { edited, id, instant, oneOf } from './columns.js'

export const MAINTENANCE_TYPES = ['firmware', 'esxi_upgrade', 'patch', 'reboot', 'rolling_update'] as const
export const WINDOW_STATUSES = ['planned', 'in_progress', 'completed', 'cancelled'] as const
export type WindowStatus = (typeof WINDOW_STATUSES)[number]

const ids = () => uuid().array().notNull().default(sql`'{}'::uuid[]`)

/** When jobs may work. Whether one is open now, or over, is said by the clock: only `planned` and `cancelled` are stored. */
export const maintenanceWindows = pgTable(
  'maintenance_windows',
  {
    id: id(),
    title: text().notNull(),
    maintenance_type: text().notNull().$type<(typeof MAINTENANCE_TYPES)[number]>(),
    planned_start: instant().notNull(),
    planned_end: instant().notNull(),
    status: text().notNull().default('planned').$type<WindowStatus>(),
    server_ids: ids(),
    cluster_ids: ids(),
    host_ids: ids(),
    server_group_ids: ids(),
    recurrence_enabled: boolean().notNull().default(false),
    recurrence_pattern: text(),
    time_zone: text().notNull(),
    recurrence_until: instant(),
    recurrence_count: integer(),
    created_by: uuid(),
    ...edited,
  },
  (t) => [
    uniqueIndex('maintenance_windows_title_key').on(t.title).where(sql`status <> 'cancelled'`),
    oneOf('maintenance_windows_type_check', t.maintenance_type, MAINTENANCE_TYPES),
    oneOf('maintenance_windows_status_check', t.status, WINDOW_STATUSES),
    check('maintenance_windows_length_check', sql`planned_end > planned_start`),
  ],
)

export type MaintenanceWindow = typeof maintenanceWindows.$inferSelect
