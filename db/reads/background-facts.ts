import { and, asc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm'
import { type BackgroundWork, DEEP } from '../../domain/background-work.js'
import { type Db, databaseNow } from '../connect.js'
import { vcenters } from '../schema/hosts.js'
import { idmSettings } from '../schema/identity.js'
import { type JobTarget, jobs } from '../schema/jobs.js'
import { deviceLeases } from '../schema/ledger.js'
import { servers } from '../schema/servers.js'
import { activitySettings, openmanageSettings } from '../schema/settings.js'

export interface BackgroundFacts {
  now: string
  paused: boolean
  works: BackgroundWork[]
}

type Kind = BackgroundWork['job_type']
const KINDS: Kind[] = ['health_check', 'fetch_event_logs', 'vcenter_sync', 'openmanage_sync', 'idm_sync_users']
const MINUTES_PER_HOUR = 60
/** Servers that would refuse anyway are left to people. */
const NOT_ASKED = ['rejected', 'missing', 'password_change_required']
const asked = and(isNull(servers.removed_at), notInArray(servers.credential_state, NOT_ASKED))

/** What the background might read, and when that was done last. */
export async function backgroundFacts(db: Db): Promise<BackgroundFacts> {
  const [settings] = await db.select().from(activitySettings)
  if (!settings) throw new Error('the row of activity settings is missing; run the migrations')
  const earlier = await lastJobs(db)
  const works = [...(await serverWorks(db, settings)), ...(await vcenterWorks(db)), ...(await singleWorks(db))].map(
    (work) => withEarlier(work, earlier),
  )
  return { now: await databaseNow(db), paused: settings.background_paused, works }
}

/** All servers that are read in the background, by service tag, as targets of a job. */
export async function backgroundServers(db: Db): Promise<JobTarget[]> {
  const rows = await db.select().from(servers).where(asked).orderBy(asc(servers.service_tag))
  return rows.map(({ id, service_tag, hostname }) => ({
    kind: 'server',
    id,
    name: hostname ? `${service_tag} (${hostname})` : service_tag,
    server_id: id,
  }))
}

async function serverWorks(db: Db, settings: typeof activitySettings.$inferSelect): Promise<BackgroundWork[]> {
  const [first] = await db
    .select({ since: sql<string | null>`min(${servers.created_at})::text` })
    .from(servers)
    .where(asked)
  if (!first?.since) return []
  const common = { subject: null, since: new Date(first.since).toISOString(), last_at: null, busy: false }
  return [
    { ...common, job_type: 'health_check', every_minutes: settings.health_interval_minutes },
    {
      ...common,
      job_type: 'health_check',
      subject: DEEP,
      every_minutes: settings.inventory_interval_hours * MINUTES_PER_HOUR,
    },
    { ...common, job_type: 'fetch_event_logs', every_minutes: settings.event_log_interval_minutes },
  ]
}

async function vcenterWorks(db: Db): Promise<BackgroundWork[]> {
  const rows = await db.select().from(vcenters).where(isNull(vcenters.removed_at))
  const held = await heldResources(
    db,
    rows.map(({ id }) => `vcenter:${id}`),
  )
  return rows.map((row) => ({
    job_type: 'vcenter_sync',
    subject: row.id,
    every_minutes: row.sync_enabled ? row.sync_interval_minutes : 0,
    since: row.created_at,
    last_at: row.last_sync_at,
    busy: held.has(`vcenter:${row.id}`),
  }))
}

/** OpenManage and the directory, where they are switched on. */
async function singleWorks(db: Db): Promise<BackgroundWork[]> {
  const [openmanage] = await db.select().from(openmanageSettings)
  const [directory] = await db.select().from(idmSettings)
  const held = await heldResources(db, ['openmanage', 'directory'])
  return [
    { job_type: 'openmanage_sync' as const, row: openmanage, resource: 'openmanage' },
    { job_type: 'idm_sync_users' as const, row: directory, resource: 'directory' },
  ].flatMap(({ job_type, row, resource }) =>
    row?.enabled && row.sync_enabled
      ? [
          {
            job_type,
            subject: null,
            every_minutes: row.sync_interval_minutes,
            since: row.updated_at,
            last_at: row.last_sync_at,
            busy: held.has(resource),
          },
        ]
      : [],
  )
}

async function heldResources(db: Db, resources: string[]): Promise<Set<string>> {
  if (resources.length === 0) return new Set()
  const rows = await db.select().from(deviceLeases).where(inArray(deviceLeases.resource, resources))
  return new Set(rows.map(({ resource }) => resource))
}

interface Earlier {
  job_type: string
  subject: string | null
  last_at: string
  open: boolean
}

async function lastJobs(db: Db): Promise<Earlier[]> {
  const subject = sql<
    string | null
  >`case when ${jobs.job_type} = 'vcenter_sync' then ${jobs.details} #>> '{vcenter_ids,0}'
         when ${jobs.job_type} = 'health_check' then nullif(${jobs.details} ->> 'depth', 'summary') end`
  return db
    .select({
      job_type: jobs.job_type,
      subject,
      last_at: sql<string>`max(${jobs.created_at})::text`,
      open: sql<boolean>`bool_or(${jobs.status} not in ('completed', 'failed', 'cancelled'))`,
    })
    .from(jobs)
    .where(and(inArray(jobs.job_type, KINDS), eq(jobs.origin, 'background')))
    .groupBy(jobs.job_type, subject)
}

/**
 * A try that failed counts as well: what does not work is not asked again each minute. Servers are not read twice at the same
 * time, and a deep reading also says how they are.
 */
function withEarlier(work: BackgroundWork, earlier: readonly Earlier[]): BackgroundWork {
  const of_kind = earlier.filter(({ job_type }) => job_type === work.job_type)
  const same = of_kind.filter(
    ({ subject }) => subject === work.subject || (work.job_type === 'health_check' && work.subject === null),
  )
  const beside = work.job_type === 'health_check' ? of_kind : same
  const times = [...same.map(({ last_at }) => new Date(last_at).toISOString()), ...(work.last_at ? [work.last_at] : [])]
  const last_at = times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null
  return { ...work, last_at, busy: work.busy || beside.some(({ open }) => open) }
}
