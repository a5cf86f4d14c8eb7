import { type SQL, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import type { PublicActivitySettings } from './settings.js'

/** Rows of one kind that have been kept long enough. */
interface Expired {
  table: string
  /** Over the columns of the table; may name the row as `row`. */
  where: SQL
}

const BATCH = 500
const days = (count: number): SQL => sql`now() - make_interval(days => ${count})`

/** How long things are kept where no setting says it, in days. */
const KEPT_DAYS = {
  job_events: 90,
  log_lines: 30,
  verdicts: 400,
  login_attempts: 7,
  ended_sessions: 30,
  findings: 180,
  inventory_changes: 400,
  backups_before_change: 90,
}
const BIOS_READINGS_KEPT = 10
const BACKUPS_KEPT = 5

/** The n-th newest of a server and older. */
const beyondNewest = (table: string, column: string, kept: number): SQL =>
  sql`(select count(*) from ${sql.raw(table)} newer where newer.server_id = row.server_id
       and (newer.${sql.raw(column)}, newer.id) > (row.${sql.raw(column)}, row.id)) >= ${kept}`

function rules(settings: PublicActivitySettings): Expired[] {
  const { log_retention_days, mutation_retention_days, event_log_retention_days } = settings
  const at_most = Math.max(log_retention_days, mutation_retention_days)
  return [
    // Only plain reads are told apart from changes by their method; whatever might have changed something is kept longer.
    {
      table: 'idrac_commands',
      where: sql`command_type = 'GET' and success and timestamp < ${days(log_retention_days)}`,
    },
    { table: 'idrac_commands', where: sql`outcome <> 'intent' and timestamp < ${days(at_most)}` },
    { table: 'server_event_logs', where: sql`fetched_at < ${days(event_log_retention_days)}` },
    { table: 'job_events', where: sql`type = 'log' and at < ${days(KEPT_DAYS.log_lines)}` },
    { table: 'job_events', where: sql`at < ${days(KEPT_DAYS.job_events)}` },
    {
      table: 'bios_configurations',
      where: sql`${beyondNewest('bios_configurations', 'captured_at', BIOS_READINGS_KEPT)} and captured_at < ${days(1)}
        and not exists (select 1 from jobs where details ->> 'from_configuration_id' = row.id::text
          or (jobs.id = row.job_id and row.reason <> 'read'))`,
    },
    {
      table: 'scp_backups',
      where: sql`${beyondNewest('scp_backups', 'created_at', BACKUPS_KEPT)} and created_at < ${days(1)} and not pinned
        and not (kind = 'before_change' and created_at >= ${days(KEPT_DAYS.backups_before_change)})
        and not exists (select 1 from jobs where details ->> 'scp_backup_id' = row.id::text
          and status in ('pending', 'running', 'paused'))`,
    },
    { table: 'cluster_safety_checks', where: sql`checked_at < ${days(KEPT_DAYS.verdicts)}` },
    { table: 'esxi_preflight_results', where: sql`checked_at < ${days(KEPT_DAYS.verdicts)}` },
    { table: 'login_attempts', where: sql`reserved_at < ${days(KEPT_DAYS.login_attempts)}` },
    { table: 'idempotency_keys', where: sql`expires_at < now()` },
    { table: 'sealed_secrets', where: sql`expires_at < now() - interval '1 hour'` },
    { table: 'sessions', where: sql`coalesce(ended_at, expires_at) < ${days(KEPT_DAYS.ended_sessions)}` },
    { table: 'discovery_findings', where: sql`at < ${days(KEPT_DAYS.findings)}` },
    { table: 'inventory_changes', where: sql`at < ${days(KEPT_DAYS.inventory_changes)}` },
  ]
}

/**
 * Deletes at most a batch of each kind of row that has been kept for its time. One process at a time; repeating it is harmless.
 * @returns how many of each table went, and whether some are left
 */
export async function deleteExpired(
  db: Db,
  settings: PublicActivitySettings,
): Promise<{ deleted: Record<string, number>; more: boolean }> {
  const deleted: Record<string, number> = {}
  let more = false
  const count = (table: string, rows: number) => {
    if (rows > 0) deleted[table] = (deleted[table] ?? 0) + rows
    more ||= rows >= BATCH
  }
  await db.transaction(async (tx) => {
    await lockText(tx, 'clean_up')
    for (const { table, where } of rules(settings)) {
      const name = sql.raw(table)
      const { rowCount } = await tx.execute(
        sql`delete from ${name} where ctid in (select row.ctid from ${name} row where ${where} limit ${BATCH})`,
      )
      count(table, rowCount ?? 0)
    }
    count('jobs', await deleteOldJobs(tx, settings.job_retention_days))
  })
  return { deleted, more }
}

/**
 * Jobs with their children, tasks, steps, attention and operations. Kept for longer: what still wants attention, and what has
 * not been given back.
 */
async function deleteOldJobs(tx: Db, kept_days: number): Promise<number> {
  const { rows } = await tx.execute<{ id: string; root: string }>(sql`
    with old as (
      select id from jobs root
      where parent_job_id is null and status in ('completed', 'failed', 'cancelled') and completed_at < ${days(kept_days)}
        and not exists (select 1 from jobs open where (open.id = root.id or open.parent_job_id = root.id)
          and (open.status not in ('completed', 'failed', 'cancelled')
            or exists (select 1 from job_attention a
              where a.job_id = open.id and a.acknowledged_at is null and a.resolved_at is null)
            or exists (select 1 from borrowed_settings b where b.job_id = open.id and b.returned_at is null)))
      order by completed_at limit ${BATCH})
    select jobs.id, old.id as root from jobs join old on jobs.id = old.id or jobs.parent_job_id = old.id`)
  if (rows.length === 0) return 0
  const ids = sql`(${sql.join(
    rows.map(({ id }) => sql`${id}::uuid`),
    sql`, `,
  )})`
  await tx.execute(sql`delete from device_operations where job_id in ${ids}`)
  await tx.execute(sql`delete from borrowed_settings where job_id in ${ids}`)
  await tx.execute(sql`delete from jobs where id in ${ids} and parent_job_id is not null`)
  await tx.execute(sql`delete from jobs where id in ${ids}`)
  return new Set(rows.map(({ root }) => root)).size
}
