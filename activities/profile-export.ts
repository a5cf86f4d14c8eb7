import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { listJobs, readJob } from '../clients/redfish/dell/jobs.js'
import type { DeviceJob } from '../clients/redfish/facts.js'
import { readScpTargets, type ScpJob, startScpExport } from '../clients/redfish/scp.js'
import { readProfileFacts } from '../clients/redfish/scp-content.js'
import { readTask, type TaskAnswer, taskPathOf } from '../clients/redfish/tasks.js'
import { idOf } from '../db/new-id.js'
import { endOperation, latestAttempt, listOperations } from '../db/stores/device-operations.js'
import { findScpBackup, keepScpBackup, latestScpBackup, type ScpBackupFacts } from '../db/stores/scp-backups.js'
import { checkChangeGate } from '../domain/change-gate.js'
import { judgeDeviceJob } from '../domain/device-job.js'
import { FAILURES } from '../domain/failures.js'
import { checkExportWish } from '../domain/profile-export.js'
import { scaleFor } from '../domain/time-scale.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import type { JudgedExport, KeptProfile, ProfileActivities, ProfileExportOptions } from './contracts/profile.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { type OnceAnswer, once, type Reconciled, stepKeyOf } from './once.js'
import { type Look, pauseFor, pollUntil } from './poll.js'
import { gateFacts } from './server.js'
import { type AtServer, requireServer, withServer } from './with-server.js'

const LOOK_MS = 10_000
/** 30 minutes for a busy device, ten for the export itself: an iDRAC10 takes seven to eight. */
const LIMIT_MS = 40 * 60_000
/** Two forms of the same request, two minutes each. */
const REQUEST_LIMIT_MS = 240_000
const MOST_EXPORTS = 3
const NOT_THERE_YET_MS = 30_000

/** Which profile is wanted, under which step of the job, and as what it is kept. */
export interface ExportOrder {
  step: string
  kind: 'export' | 'before_change'
  options: ProfileExportOptions
  requested_by: string | null
}

interface Exporting {
  deps: Deps
  at: AtServer
  context: WorkContext
  order: ExportOrder
}

/**
 * Exports the profile of a server once per job and keeps it sealed (O): waits for a busy device, adopts what a former
 * attempt started, and exports anew where the content was lost.
 */
export async function exportAndKeep(
  deps: Deps,
  context: WorkContext,
  server_id: string,
  order: ExportOrder,
): Promise<KeptProfile> {
  const kept = await findScpBackup(deps.db, { job_id: context.job_id, server_id, kind: order.kind })
  if (kept) return answerOf(kept)
  const server = await requireServer(deps, server_id)
  return pollUntil(
    {
      interval_ms: LOOK_MS,
      limit_ms: LIMIT_MS,
      scale: scaleFor(server.ip_address, context.scale),
      what: `the configuration backup of ${server.service_tag}`,
      waiting_code: 'DeviceBusy',
      timeout_code: 'DeviceBusy',
    },
    async () => {
      try {
        return await withServer(deps, context, server_id, 'scp', (at) => lookAtExport({ deps, at, context, order }))
      } catch (thrown) {
        if (thrown instanceof DeviceError && FAILURES[thrown.code].retry !== 'never') return { waiting: thrown.message }
        throw thrown
      }
    },
  )
}

const answerOf = ({ id, size_bytes, sha256, components }: ScpBackupFacts): KeptProfile => ({
  scp_backup_id: id,
  size_bytes,
  sha256,
  components,
})

/** Would the export start now? Also how old the last backup is. Reads only. */
export async function judgeExport(
  deps: Deps,
  { context, server_id, options }: Parameters<ProfileActivities['judgeProfileExport']>[0],
): Promise<JudgedExport> {
  const last = await latestScpBackup(deps.db, server_id)
  return withServer(deps, context, server_id, 'scp', async (at) => {
    const gate = checkChangeGate(await gateFacts(deps, at, []), { check_pending: false })
    const unfit = checkExportWish(await exportingDevice(at), options)
    return {
      blockers: [...(gate.type === 'refuse' ? gate.blockers : []), ...unfit],
      warnings: gate.type === 'wait' ? [gate.reason] : [],
      last_backup: last && {
        scp_backup_id: last.id,
        created_at: last.created_at,
        age_hours: Math.round((Date.now() - Date.parse(last.created_at)) / 3_600_000),
      },
    }
  })
}

const exportingDevice = async ({ server, client }: AtServer) => ({
  name: server.service_tag,
  generation: server.generation,
  components: await readScpTargets(client),
})

/** Passes the gate and starts the export if none of ours is under way, then asks for its content. */
async function lookAtExport(exporting: Exporting): Promise<Look<KeptProfile>> {
  const { deps, at, context, order } = exporting
  const step = stepKeyOf(context, order.step)
  const last = await latestAttempt(deps.db, { job_id: context.job_id, target_id: context.target_id, step })
  if (!last || last.state === 'refused' || last.state === 'failed') {
    // Pending values are no obstacle: an export reads, it does not stage.
    const gate = checkChangeGate(await gateFacts(deps, at, []), { check_pending: false })
    if (gate.type === 'refuse') throw new Refused(gate.blockers)
    if (gate.type === 'wait') return { waiting: gate.reason.message }
    const unfit = checkExportWish(await exportingDevice(at), order.options)
    if (unfit.length > 0) throw new Refused(unfit)
  }
  const sent = await once(deps, {
    context,
    step: order.step,
    operation: 'idrac.scp_export',
    device_kind: 'idrac',
    device_id: at.server.id,
    resource: `server:${at.server.id}`,
    request_limit_ms: REQUEST_LIMIT_MS,
    before: async () => ({ job_ids: (await listJobs(at.client)).map((job) => job.id) }),
    send: async (operation) => startExport(at.client, order.options, jobsBefore(operation)),
    reconcile: async (operation) => findExport(at.client, jobsBefore(operation)),
  })
  return fetchProfile(exporting, sent)
}

const jobsBefore = (operation: { before: Record<string, unknown> | null }) =>
  (operation.before?.job_ids as string[] | undefined) ?? []

/**
 * Starts a profile job, and turns the answers that only look unclear into what they are.
 * QUIRK iDRAC8: answers 503 with an empty body while another profile operation runs; nothing was started then. Proved by
 * the job queue. Seen: 503 without message id. Source: dell/iDRAC-Redfish-Scripting issues 28, 90, 116.
 * QUIRK iDRAC8: without the licence the action answers 405. Source: dell/iDRAC-Redfish-Scripting issue 54.
 */
export async function startProfileJob(start: () => Promise<ScpJob>, find: () => Promise<Reconciled>): Promise<string> {
  try {
    return (await start()).job_id
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown
    const { status } = thrown.facts
    if (status === 503 && thrown.unclear && (await find()).verdict === 'absent')
      throw new DeviceError('DeviceBusy', 'It is busy with another profile operation.', {
        ...thrown.facts,
        answered: true,
      })
    if (status === 405)
      throw new DeviceError('LicenseMissing', 'It handles no profiles: the licence is missing.', thrown.facts)
    throw thrown
  }
}

function startExport(client: RedfishClient, options: ProfileExportOptions, known: string[]): Promise<string> {
  const { components, format, export_use: use, include_password_hashes } = options
  return startProfileJob(
    () => startScpExport(client, { components, format, use, include_password_hashes }),
    () => findExport(client, known),
  )
}

const isExport = (job: DeviceJob) => /export/i.test(`${job.name ?? ''} ${job.job_type ?? ''}`)

/** An export that was not in the queue before. Whose it is does no harm: an export changes nothing, and the newest is ours. */
async function findExport(client: RedfishClient, known: string[]): Promise<Reconciled> {
  const fresh = (await listJobs(client)).filter((job) => !known.includes(job.id) && isExport(job))
  const newest = fresh
    .map((job) => job.id)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
  return newest === undefined ? { verdict: 'absent' } : { verdict: 'adopted', ref: newest }
}

async function fetchProfile(exporting: Exporting, sent: OnceAnswer): Promise<Look<KeptProfile>> {
  const { deps, at } = exporting
  if (!sent.ref) throw new StepFailed('ProtocolError', 'The device named no job for the export.')
  const answer = await askTask(at.client, sent.ref)
  if (answer?.kind === 'document') return keep(exporting, sent, answer)
  const job = answer?.job ?? (await profileJobOf(at.client, sent.ref))
  const verdict = judgeDeviceJob(job)
  if (verdict === 'running' || verdict === 'staged' || verdict === 'unknown')
    return { waiting: `${sent.ref}: ${job?.raw_state ?? 'unknown'} ${job?.percent ?? '?'} %.` }
  if (verdict === 'vanished' && Date.now() - Date.parse(sent.intent_at) < NOT_THERE_YET_MS)
    return { waiting: `${sent.ref} is not there yet.` }
  if (verdict === 'failed') {
    await endOperation(deps.db, sent.operation_id, 'failed')
    throw new StepFailed('DeviceJobFailed', `${sent.ref}: ${job?.message_id ?? ''} ${job?.message ?? ''}`.trim())
  }
  return textIsGone(exporting, sent)
}

/** What the task of a profile job answers; null when the device knows it no more. */
export async function askTask(client: RedfishClient, ref: string): Promise<TaskAnswer | null> {
  try {
    return await readTask(client, await taskPathOf(client, ref))
  } catch (thrown) {
    if (thrown instanceof DeviceError && thrown.code === 'NotFound') return null
    throw thrown
  }
}

/** The Dell view of a profile job; null when the device knows it no more. */
export async function profileJobOf(client: RedfishClient, ref: string): Promise<DeviceJob | null> {
  try {
    return await readJob(client, ref)
  } catch (thrown) {
    if (thrown instanceof DeviceError && thrown.code === 'NotFound') return null
    throw thrown
  }
}

/** It ended well, but the text does not come: one more look, since state and text need not change at once; then a new export. */
async function textIsGone(exporting: Exporting, sent: OnceAnswer): Promise<Look<KeptProfile>> {
  const { deps, at, context, order } = exporting
  await pauseFor(LOOK_MS, at.scale)
  const again = await askTask(at.client, sent.ref ?? '')
  if (again?.kind === 'document') return keep(exporting, sent, again)
  await endOperation(deps.db, sent.operation_id, 'failed')
  const step = stepKeyOf(context, order.step)
  const lost = (await listOperations(deps.db, context.job_id)).filter(
    (row) => row.target_id === context.target_id && row.step === step && row.state === 'failed' && row.device_ref,
  )
  if (lost.length >= MOST_EXPORTS)
    throw new StepFailed('DeviceJobFailed', `${lost.length} exports ended well, but their content never came.`)
  return { waiting: `The content of ${sent.ref} is gone; it is exported anew.` }
}

async function keep(
  { deps, at, context, order }: Exporting,
  sent: OnceAnswer,
  document: { format: 'XML' | 'JSON'; text: string },
): Promise<Look<KeptProfile>> {
  const { server } = at
  const { options } = order
  const facts = readProfileFacts(document.text, document.format)
  if (facts.service_tag !== null && facts.service_tag.toUpperCase() !== server.service_tag.toUpperCase())
    throw new StepFailed('IdentityMismatch', `The profile is of ${facts.service_tag}, not of ${server.service_tag}.`)
  const row = await keepScpBackup(deps.db, deps.keys, {
    // Of this export there is one row, however often its content is fetched.
    ...(order.kind === 'export' ? { id: idOf(sent.operation_id) } : {}),
    server_id: server.id,
    name: options.name ?? `${server.service_tag} ${new Date().toISOString().slice(0, 10)}`,
    description: options.description ?? null,
    components: options.components,
    format: document.format,
    export_use: options.export_use,
    content: document.text,
    kind: order.kind,
    service_tag: server.service_tag,
    model: server.model ?? facts.model,
    idrac_version: server.idrac_version,
    contains_hashes: facts.contains_hashes,
    job_id: context.job_id,
    created_by: order.requested_by,
  })
  await endOperation(deps.db, sent.operation_id, 'done')
  return { done: answerOf(row) }
}
