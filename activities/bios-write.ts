import { DeviceError } from '../clients/errors.js'
import { readBios, readPendingBios } from '../clients/redfish/bios.js'
import { clearPendingBios, leaveBiosPending, stageBios } from '../clients/redfish/bios-changes.js'
import { createSettingsJob, deleteJob, listJobs } from '../clients/redfish/dell/jobs.js'
import { getBiosConfiguration } from '../db/stores/bios-configurations.js'
import { hasRecoveryKey } from '../db/stores/sealed-secrets.js'
import { updateServerFacts } from '../db/stores/servers.js'
import { type BiosValues, isGuardedAttribute } from '../domain/bios-attributes.js'
import { type AttributeChange, biosDifference } from '../domain/bios-difference.js'
import { openBiosJobs } from '../domain/bios-jobs.js'
import {
  type BiosWritePlan,
  planBiosWrite,
  recoveryKeyBlockers,
  type SealedHost,
  sameValues,
  valuesOf,
} from '../domain/bios-write.js'
import { scaledPause } from '../domain/time-scale.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import { keepReading, readBiosNow } from './bios-reading.js'
import type { BiosActivities } from './contracts/bios.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { requireAttended } from './heartbeat.js'
import { once, type Reconciled } from './once.js'
import { pollUntil, proofPause } from './poll.js'
import { type AtServer, withServer } from './with-server.js'
import { seeHost, withHost } from './with-vcenter.js'

const MINUTE_MS = 60_000
/** The PATCH itself is given two minutes, and once more where an ETag is asked for. */
const REQUEST_LIMIT_MS = 240_000
const ABSENT_LOOKS = 6
const VERIFY_LOOK_MS = 15_000
/** Values may show some minutes after their job has ended. Source: dell/terraform-provider-redfish, which waits 180 s. */
const SHOWN_LATE_MS = 4 * MINUTE_MS
/** The device says that values or a job wait already. */
const HELD = ['SYS011', 'BIOS006', 'BIOS007', 'RAC052', 'JCP029']

/** Reads, validates, and says what the write comes to; changes nothing. */
export function planBios(deps: Deps, { context, server_id, order }: Parameters<BiosActivities['planBios']>[0]) {
  return withServer(deps, context, server_id, 'bios', async (at): Promise<BiosWritePlan> => {
    const { attributes, from_configuration_id, only, override_pending } = order
    const stored = from_configuration_id === null ? null : await storedValues(deps, from_configuration_id)
    // The flags of the registry are those of this machine at this moment: one from memory will not do.
    const now = await readBiosNow(at, 'fresh')
    const jobs = openBiosJobs(await listJobs(at.client))
    const facts = { current: now.attributes, registry: now.registry, pending: now.pending, jobs }
    const plan = planBiosWrite({ attributes, stored, only, override_pending }, facts)
    const guarded = plan.changes.map(({ name }) => name).filter(isGuardedAttribute)
    const host = guarded.length === 0 ? null : await sealedHost(deps, context, at)
    return { ...plan, blockers: [...plan.blockers, ...recoveryKeyBlockers(guarded, host)] }
  })
}

/** @throws StepFailed `NotFound` */
export async function storedValues(deps: Deps, id: string): Promise<BiosValues> {
  const stored = await getBiosConfiguration(deps.db, id)
  if (!stored) throw new StepFailed('NotFound', `BIOS configuration ${id} is not stored.`)
  return stored.attributes as BiosValues
}

async function sealedHost(deps: Deps, context: WorkContext, { server }: AtServer): Promise<SealedHost | null> {
  const host_id = server.vcenter_host_id
  if (!host_id) return null
  const has_recovery_key = await hasRecoveryKey(deps.db, host_id)
  try {
    return await withHost(deps, context, host_id, async (at) => {
      const { tpm_sealed } = await seeHost(deps, at)
      return { name: at.host.name, tpm_sealed, has_recovery_key }
    })
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown
    return { name: server.hostname ?? server.service_tag, tpm_sealed: null, has_recovery_key }
  }
}

/** Throws away what waits on the machine, job first, because the job holds the values. */
export function discardPendingBios(deps: Deps, input: Parameters<BiosActivities['discardPendingBios']>[0]) {
  return withServer(deps, input.context, input.server_id, 'bios', async ({ client }) => {
    requireAttended('pending BIOS values are cleared')
    for (const id of input.device_job_ids) await deleteJob(client, id)
    const bios = await readBios(client)
    if (Object.keys(await readPendingBios(client, bios)).length > 0) await clearPendingBios(client, bios)
    const left = Object.keys(await readPendingBios(client, bios))
    if (left.length > 0)
      throw new StepFailed('PendingConfiguration', `Still pending after clearing: ${left.join(', ')}.`)
  })
}

/** Takes back our own staging only: somebody else's values are left where they are. */
export function unstageBios(deps: Deps, input: Parameters<BiosActivities['unstageBios']>[0]) {
  return withServer(deps, input.context, input.server_id, 'bios', async (at) => {
    const { client } = at
    requireAttended('staged BIOS values are taken back')
    const ours = valuesOf(input.changes)
    const job_id = input.device_job_id ?? (await jobHolding(at, ours))
    if (job_id) await deleteJob(client, job_id)
    const bios = await readBios(client)
    const pending = await readPendingBios(client, bios)
    const names = Object.keys(pending)
    if (names.length > 0 && names.every((name) => pending[name] === ours[name])) await clearPendingBios(client, bios)
    const left = Object.keys(await readPendingBios(client, bios)).filter((name) => Object.hasOwn(ours, name))
    if (left.length > 0) throw new StepFailed('OutcomeUnknown', `Still pending on the machine: ${left.join(', ')}.`)
  })
}

/** The one BIOS job while exactly these values wait: it holds them. Null in any other case. */
async function jobHolding(at: AtServer, values: BiosValues): Promise<string | null> {
  const { pending } = await readBiosNow(at)
  const jobs = openBiosJobs(await listJobs(at.client))
  return sameValues(pending, values) && jobs.length === 1 ? (jobs[0]?.id ?? null) : null
}

type Stage = Parameters<BiosActivities['stageBios']>[0]

/** One PATCH with all values. Firmware that takes no apply time with them gets a second request for the job. */
export function stageForBoot(deps: Deps, input: Stage): Promise<{ device_job_id: string }> {
  const { context, server_id, changes, step } = input
  const values = valuesOf(changes) as Record<string, string | number | boolean>
  return withServer(deps, context, server_id, 'bios', async (at) => {
    const bios = await readBios(at.client)
    const common = {
      context,
      device_kind: 'idrac',
      device_id: server_id,
      resource: `server:${server_id}`,
      request_limit_ms: REQUEST_LIMIT_MS,
      before: async () => {
        await keepReading(deps, at, context.job_id, 'before_write', await readBiosNow(at))
        return { attributes: Object.keys(values) }
      },
    } as const
    const inOne = bios.apply_times.length === 0 || bios.apply_times.includes('OnReset')
    const staged = await unlessHeld(() =>
      once(deps, {
        ...common,
        step,
        operation: 'idrac.bios_stage',
        send: async () => {
          if (inOne) return (await stageBios(at.client, bios, values)).job_id
          await leaveBiosPending(at.client, bios, values)
          return null
        },
        reconcile: () => wasStaged(at, values, inOne),
      }),
    )
    if (staged.ref) return { device_job_id: staged.ref }
    const job = await once(deps, {
      ...common,
      step: `${step}:job`,
      operation: 'idrac.bios_job',
      send: () => createSettingsJob(at.client, bios.settings_path ?? ''),
      reconcile: () => wasStaged(at, values, true),
    })
    if (!job.ref) throw new StepFailed('ProtocolError', 'The device named no job for the BIOS values.')
    return { device_job_id: job.ref }
  })
}

/** Somebody staged values between our look and our request: that is not waited for, it waits for a reboot itself. */
async function unlessHeld<T>(stage: () => Promise<T>): Promise<T> {
  try {
    return await stage()
  } catch (thrown) {
    const id = thrown instanceof DeviceError ? thrown.facts.message_id : undefined
    if (id === undefined || !HELD.includes(id)) throw thrown
    throw new StepFailed('PendingConfiguration', `Other BIOS settings wait for a reboot already (${id}).`)
  }
}

/** Our values wait, in the one BIOS job: taken. Nothing of ours and no job for a while: not taken. */
async function wasStaged(at: AtServer, values: BiosValues, with_job: boolean): Promise<Reconciled> {
  for (let look = 0; look < ABSENT_LOOKS; look += 1) {
    if (look > 0) await proofPause(at.scale)
    const { pending } = await readBiosNow(at)
    const jobs = openBiosJobs(await listJobs(at.client))
    const ours = sameValues(pending, values)
    if (ours && !with_job) return { verdict: 'adopted', ref: null }
    if (ours && jobs.length === 1) return { verdict: 'adopted', ref: jobs[0]?.id ?? null }
    if (jobs.length > 0 || (Object.keys(pending).length > 0 && !ours)) {
      const why = `device jobs ${jobs.map((job) => job.id).join(', ') || 'none'}, pending ${Object.keys(pending).join(', ') || 'nothing'}`
      return { verdict: 'unknown', why }
    }
  }
  return { verdict: 'absent' }
}

/** Reads back until every value shows, or long enough after the end of the job. */
export function verifyBios(deps: Deps, { context, server_id, changes }: Parameters<BiosActivities['verifyBios']>[0]) {
  const wanted = valuesOf(changes)
  return withServer(deps, context, server_id, 'bios', async (at) => {
    const options = {
      interval_ms: VERIFY_LOOK_MS,
      limit_ms: 2 * SHOWN_LATE_MS,
      scale: at.scale,
      what: `the BIOS values of ${at.server.service_tag}`,
      waiting_code: 'DeviceBusy',
    } as const
    return pollUntil<{ not_applied: AttributeChange[]; configuration_id: string }>(options, async ({ waited_ms }) => {
      const now = await readBiosNow(at)
      const not_applied = biosDifference(wanted, now.attributes, Object.keys(wanted)).map(({ name, from, to }) => ({
        name,
        from: to,
        to: from,
      }))
      if (not_applied.length > 0 && waited_ms < scaledPause(SHOWN_LATE_MS, at.scale))
        return { waiting: `Not there yet: ${not_applied.map(({ name }) => name).join(', ')}.` }
      await updateServerFacts(deps.db, server_id, { bios_version: now.system.bios_version }, context.job_id)
      const { id } = await keepReading(deps, at, context.job_id, 'after_write', now)
      return { done: { not_applied, configuration_id: id } }
    })
  })
}
