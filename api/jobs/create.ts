import type { z } from 'zod'
import { type Db, databaseNow } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { countFleet } from '../../db/reads/targets.js'
import type { Job } from '../../db/schema/jobs.js'
import { writeAudit } from '../../db/stores/audit.js'
import { readCredentialFacts } from '../../db/stores/credentials.js'
import { storeIdempotentAnswer } from '../../db/stores/idempotency.js'
import { insertJob } from '../../db/stores/jobs.js'
import { getWindow } from '../../db/stores/maintenance-windows.js'
import { readActivitySettings } from '../../db/stores/settings.js'
import { Problem } from '../errors.js'
import { type Answer, type RouteContext, storable } from '../route.js'
import type { Services } from '../services.js'
import { judge } from '../windows/hold-jobs.js'
import { checkBiosOrder } from './bios-order.js'
import { checkGivenProfile, keepGivenProfile } from './given-profile.js'
import { checkTargetCount } from './limits.js'
import { checkNeededSetting } from './needed-settings.js'
import { checkOrder, type JobOrder, type orderBody } from './order.js'
import { checkCatalogs, checkPackages, checkProfiles, targetsFromDetails } from './own-targets.js'
import { resolveTargets } from './resolve-targets.js'
import { checkRollingLimits } from './rolling-limits.js'
import { sealDetails } from './seal-details.js'
import { jobView } from './view.js'

type Context = RouteContext<unknown, unknown, z.output<typeof orderBody>>

const INSTANT_AT_MOST = 10

/** `POST /jobs`: schema, role, targets and rules; then row, audit and the answer of the Idempotency-Key in one transaction. */
export async function createJob(services: Services, context: Context): Promise<Answer> {
  const { db } = services.database
  const order = checkOrder(context.body, context.user.roles)
  // No job starts without the key: it could not open any credential.
  services.keys()
  await checkCredentialSets(db, order.credential_set_ids)
  await checkWindow(db, order.maintenance_window_id)
  const targets = await findTargets(services, order, context)
  return db.transaction(async (tx) => {
    const job = await writeJob(services, tx, order, targets, context)
    const answer: Answer = {
      status: 202,
      body: jobView(job, [], services.config.temporal),
      headers: { location: `/api/v1/jobs/${job.id}`, 'retry-after': '2' },
    }
    if (context.idempotent) {
      await storeIdempotentAnswer(tx, context.idempotent, { ...storable({ status: 202 }, answer), job_id: job.id })
    }
    return answer
  })
}

async function checkCredentialSets(db: Db, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const known = new Set((await readCredentialFacts(db)).sets.map((set) => set.id))
  const errors = ids.flatMap((id, i) =>
    known.has(id) ? [] : [{ pointer: `/credential_set_ids/${i}`, detail: `${id} is unknown` }],
  )
  if (errors.length > 0) throw new Problem('UnknownTarget', 'A credential set named does not exist.', { errors })
}

/** A window that is unknown, or will not open any more, is said now rather than by a job that waits for nothing. */
async function checkWindow(db: Db, id: string | null): Promise<void> {
  if (id === null) return
  const window = await getWindow(db, id)
  const answer = window ? judge(window, Date.parse(await databaseNow(db))) : null
  if (answer && answer.type !== 'over') return
  const detail = answer ? answer.reason.message : 'unknown'
  throw new Problem('WindowInvalid', answer ? detail : 'There is no such maintenance window.', {
    errors: [{ pointer: '/maintenance_window_id', detail }],
  })
}

async function findTargets(services: Services, order: JobOrder, context: Context): Promise<Job['targets']> {
  const { db } = services.database
  const { definition, details, target_scope } = order
  await checkPackages(db, details)
  await checkCatalogs(db, details)
  await checkProfiles(db, details)
  await checkGivenProfile(db, details)
  await checkNeededSetting(db, definition)
  await checkBiosOrder(db, details, context.user.roles)
  if (definition.task_target === 'none') {
    await refuseTargets(order)
    return targetsFromDetails(db, definition, details, context.user, target_scope.host_ids)
  }
  const targets = await resolveTargets(db, definition, target_scope, details)
  await checkRollingLimits(db, targets, details)
  const settings = await readActivitySettings(db)
  checkTargetCount(definition, targets.length, details.confirm_target_count, {
    ...settings,
    fleet: await countFleet(db),
  })
  return targets
}

/** Types without targets take an empty scope, but for what they may look through. */
async function refuseTargets(order: JobOrder): Promise<void> {
  const { target_scope: scope, definition } = order
  const named = (['server_ids', 'server_group_ids', 'host_ids', 'cluster_ids'] as const).filter(
    (key) => scope[key].length > 0 && !definition.target_scope.includes(key),
  )
  if (named.length === 0 && !scope.filter?.servers && !scope.filter?.hosts) return
  throw new Problem(
    'TargetNotAllowed',
    `${definition.job_type} takes no targets; what it works on stands in its details.`,
    {
      errors: named.map((key) => ({ pointer: `/target_scope/${key}`, detail: 'must be empty' })),
    },
  )
}

async function writeJob(
  services: Services,
  tx: Db,
  order: JobOrder,
  targets: Job['targets'],
  context: Context,
): Promise<Job> {
  const { user, request_id, ip } = context
  const { definition } = order
  const id = newId()
  const { job_type } = definition
  const owner = { job_id: id, owner_user_id: user.user_id, job_type }
  const sealed = await sealDetails(tx, services.keys(), owner, order.details)
  const job = await insertJob(tx, {
    id,
    job_type: definition.job_type,
    created_by: user.user_id,
    target_scope: order.target_scope,
    details: await keepGivenProfile(services, tx, sealed, { id, targets }, user),
    targets,
    dry_run: order.dry_run,
    credential_set_ids: order.credential_set_ids,
    schedule_at: order.schedule_at,
    maintenance_window_id: order.maintenance_window_id,
    priority: definition.instant && targets.length <= INSTANT_AT_MOST ? 1 : 3,
    origin: user.origin,
    request_id,
  })
  await writeAudit(tx, {
    actor_id: user.user_id,
    actor_label: user.username,
    actor_ip: ip,
    origin: user.origin,
    action: 'job.create',
    object_kind: 'job',
    object_id: job.id,
    object_label: definition.job_type,
    after: {
      target_count: targets.length,
      dry_run: order.dry_run,
      note: order.details.note,
      target_scope: order.target_scope,
    },
    request_id,
  })
  return job
}
