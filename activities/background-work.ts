import { type Db, lockText } from '../db/connect.js'
import { backgroundFacts, backgroundServers } from '../db/reads/background-facts.js'
import type { JobTarget } from '../db/schema/jobs.js'
import { writeAudit } from '../db/stores/audit.js'
import { insertJob } from '../db/stores/jobs.js'
import { getVcenter } from '../db/stores/vcenters.js'
import { type BackgroundWork, backgroundDetails, dueWork } from '../domain/background-work.js'
import type { CoreActivities } from './contracts/jobs.js'

/** Behind everything that people wait for. */
const PRIORITY = 5

/**
 * Writes a job row for each background reading that is due; the dispatcher starts them like any other. Who repeats this finds
 * the rows of the first attempt still open, and adds nothing.
 */
export async function startBackgroundWork(db: Db): ReturnType<CoreActivities['startBackgroundWork']> {
  return db.transaction(async (tx) => {
    await lockText(tx, 'background_work')
    const { now, paused, works } = await backgroundFacts(tx)
    const started = []
    for (const work of paused ? [] : dueWork(works, now)) {
      const targets = await targetsOf(tx, work)
      if (targets.length > 0) started.push(await startOne(tx, work, targets))
    }
    return { started }
  })
}

async function startOne(tx: Db, work: BackgroundWork, targets: JobTarget[]) {
  const { job_type } = work
  const job = await insertJob(tx, {
    job_type,
    created_by: null,
    target_scope: {},
    details: backgroundDetails(work, targets.length),
    targets,
    priority: PRIORITY,
    origin: 'background',
  })
  await writeAudit(tx, {
    actor_id: null,
    actor_label: 'background',
    origin: 'background',
    action: 'job.create',
    object_kind: 'job',
    object_id: job.id,
    object_label: job_type,
    after: { target_count: targets.length, every_minutes: work.every_minutes },
  })
  return { job_id: job.id, job_type }
}

async function targetsOf(tx: Db, { job_type, subject }: BackgroundWork): Promise<JobTarget[]> {
  if (job_type === 'health_check' || job_type === 'fetch_event_logs') return backgroundServers(tx)
  if (subject === null) {
    const kind = job_type === 'idm_sync_users' ? 'user_source' : 'file'
    return [{ kind, id: job_type, name: NAMES[job_type] ?? job_type }]
  }
  const vcenter = await getVcenter(tx, subject)
  return vcenter ? [{ kind: 'vcenter', id: vcenter.id, name: vcenter.name }] : []
}

/** As the catalogue calls them, where a job has no target of its own. */
const NAMES: Partial<Record<BackgroundWork['job_type'], string>> = {
  openmanage_sync: 'Read servers from OpenManage',
  idm_sync_users: 'Take people over from the directory',
}
