import { join } from 'node:path'
import { cancellationSignal } from '@temporalio/activity'
import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { deleteJob, listJobs, readJob, readJobElsewhere } from '../clients/redfish/dell/jobs.js'
import type { DeviceJob } from '../clients/redfish/facts.js'
import { readFirmwareInventory } from '../clients/redfish/inventory.js'
import { readManager } from '../clients/redfish/manager.js'
import { readSystem } from '../clients/redfish/system.js'
import { simpleUpdate, uploadFirmware } from '../clients/redfish/update.js'
import { reportTask } from '../db/stores/job-tasks.js'
import { getFirmwarePackage, getFirmwarePackages } from '../db/stores/media.js'
import { grantFile } from '../db/stores/media-grants.js'
import { updateServerFacts } from '../db/stores/servers.js'
import { judgeDeviceJob } from '../domain/device-job.js'
import { matchingRows } from '../domain/firmware-catalog.js'
import { judgeFirmware } from '../domain/firmware-verdict.js'
import { scaleFor } from '../domain/time-scale.js'
import { planUpdates } from '../domain/update-plan.js'
import { saveFirmware } from './compliance.js'
import type { ComponentVerdict, DeviceJobEnd, FirmwareActivities, TransferActivities } from './contracts/firmware.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { fileMatches } from './file-hash.js'
import { firmwareItems, firmwarePackage, firmwareServer, serverColumns } from './firmware-facts.js'
import { requireAttended } from './heartbeat.js'
import { mediaBaseUrl, mediaUrl, newMediaToken } from './media-urls.js'
import { once, type Reconciled } from './once.js'
import { fetchCatalogPackage, fetchUrlPackage } from './package-fetch.js'
import { packagesFor } from './package-source.js'
import { type Look, pollUntil, proofPause } from './poll.js'
import { inUploadSlot } from './upload-slots.js'
import { type AtServer, requireServer, withServer } from './with-server.js'

const MINUTE_MS = 60_000
const JOB_LOOK_MS = 15_000
/** Right after creation a job may not be there yet. */
const NOT_THERE_YET_MS = 30_000

/** Activities on the firmware of one server. */
export function createFirmwareActivities(deps: Deps): FirmwareActivities {
  return {
    planFirmware: ({ context, server_id, selection, store }) =>
      withServer(deps, context, server_id, 'firmware', async (at) => {
        const system = await readSystem(at.client)
        const rows = await readFirmwareInventory(at.client)
        if (store) {
          await updateServerFacts(
            deps.db,
            server_id,
            serverColumns(system, await readManager(at.client)),
            context.job_id,
          )
          await saveFirmware(deps.db, server_id, firmwareItems(rows), context.job_id)
        }
        const server = firmwareServer(at.server, system, rows)
        const { packages, blockers } = await packagesFor(deps, selection, server)
        const plan = planUpdates(server, packages, selection)
        plan.blockers.unshift(...blockers)
        return plan
      }),
    waitDeviceJob: (input) => waitDeviceJob(deps, input),
    deleteDeviceJob: ({ context, server_id, device_job_id }) =>
      withServer(deps, context, server_id, 'firmware', async ({ client }) => {
        requireAttended(`device job ${device_job_id} is deleted`)
        await deleteJob(client, device_job_id)
        const left = await findJob(client, device_job_id)
        if (left && judgeDeviceJob(left) === 'staged')
          throw new StepFailed('OutcomeUnknown', `Device job ${device_job_id} is still in the queue.`)
      }),
    verifyFirmware: (input) => verifyFirmware(deps, input),
  }
}

/** Activities that move large files. */
export function createTransferActivities(deps: Deps): TransferActivities {
  return {
    submitFirmware: (input) => submitFirmware(deps, input),
    fetchPackage: async ({ catalog_entry_id }) => ({ package_id: await fetchCatalogPackage(deps, catalog_entry_id) }),
    fetchUrlPackage: (input) => fetchUrlPackage(deps, input),
  }
}

type Submit = Parameters<TransferActivities['submitFirmware']>[0]

async function submitFirmware(deps: Deps, input: Submit): Promise<{ device_job_id: string; adopted: boolean }> {
  const { context, component } = input
  const stored = await storedFile(deps, component.package_id)
  const submit = () => submitStored(deps, input, stored)
  return input.transfer === 'push' ? inUploadSlot(deps, context.site, submit) : submit()
}

async function submitStored(deps: Deps, input: Submit, stored: Awaited<ReturnType<typeof storedFile>>) {
  const { context, server_id, component } = input
  return withServer(deps, context, server_id, 'firmware', async (at) => {
    const answer = await once(deps, {
      context,
      step: `firmware:${component.package_id}`,
      operation: input.transfer === 'pull' ? 'idrac.simple_update' : 'idrac.upload',
      device_kind: 'idrac',
      device_id: server_id,
      component: component.component,
      resource: `server:${server_id}`,
      request_limit_ms: input.limit_minutes * MINUTE_MS,
      before: async () => ({ job_ids: (await listJobs(at.client)).map((job) => job.id) }),
      send: () => send(deps, at, input, stored),
      reconcile: (operation) =>
        findSubmitted(at.client, (operation.before?.job_ids as string[] | undefined) ?? [], input, at.scale),
    })
    if (!answer.ref) throw new StepFailed('ProtocolError', 'The device named no job for the upload.')
    return { device_job_id: answer.ref, adopted: answer.adopted }
  })
}

async function storedFile(deps: Deps, package_id: string) {
  const row = await getFirmwarePackage(deps.db, package_id)
  if (!row?.storage_name) throw new StepFailed('PackageNotFound', `Package ${package_id} is not in the store.`)
  const path = join(deps.media.iso_directory, row.storage_name)
  if (!(await fileMatches(path, row.size_bytes, row.sha256))) {
    throw new StepFailed('HashMismatch', `The stored file of ${row.filename} is not the one that was taken in.`)
  }
  return { row, path }
}

async function send(
  deps: Deps,
  at: AtServer,
  input: Submit,
  stored: Awaited<ReturnType<typeof storedFile>>,
): Promise<string> {
  if (input.transfer === 'pull') {
    const base_url = await mediaBaseUrl(deps)
    if (base_url === null) {
      throw new DeviceError('UrlUnreachable', 'This site has no media server that the iDRAC could read from.', {
        sent: false,
        answered: false,
      })
    }
    const grant = await grantPackage(deps, at, input)
    const image_uri = mediaUrl(base_url, grant.token, stored.row.filename, 'firmware')
    return (await simpleUpdate(at.client, { image_uri, transfer_protocol: 'HTTP', apply_time: input.apply_time }))
      .job_id
  }
  const { task_id } = input.context
  let shown = 0
  const accepted = await uploadFirmware(at.client, {
    file_path: stored.path,
    file_name: stored.row.filename,
    apply_time: input.apply_time,
    timeout_ms: input.limit_minutes * MINUTE_MS,
    signal: cancellationSignal(),
    on_progress: (sent, total) => {
      const percent = Math.floor((100 * sent) / total)
      if (!task_id || percent < shown + 10) return
      shown = percent
      void reportTask(deps.db, task_id, { log: `Uploading ${stored.row.filename}: ${percent} %.` }).catch(
        () => undefined,
      )
    },
  })
  return accepted.job_id
}

/** The device may read for some time after its job was made: it fetches while it works. */
const READ_AFTER_MINUTES = 60

/** An address for this one device, for this one update. */
function grantPackage(deps: Deps, at: AtServer, input: Submit) {
  return grantFile(deps.db, {
    package_id: input.component.package_id,
    server_id: at.server.id,
    allowed_address: at.server.ip_address,
    job_id: input.context.job_id,
    token: newMediaToken(),
    valid_minutes: input.limit_minutes + READ_AFTER_MINUTES,
  })
}

const FIRMWARE_JOB = /firmware|update|download|repository/i

/**
 * Did the upload make a job? A firmware job that was not in the queue before it was ours: nobody else may change a server
 * whose lease we hold. Several such jobs cannot be told apart.
 */
async function findSubmitted(
  client: RedfishClient,
  before: string[],
  input: Submit,
  scale: number,
): Promise<Reconciled> {
  const fresh = await freshJobs(client, before, scale)
  if (fresh.length === 0) return { verdict: 'absent' }
  const named = fresh.filter((job) =>
    `${job.name ?? ''} ${job.component_hint ?? ''}`.toLowerCase().includes(input.component.component),
  )
  const [only, second] = named.length > 0 ? named : fresh
  if (only && !second) return { verdict: 'adopted', ref: only.id }
  return { verdict: 'unknown', why: `several new jobs are in the queue (${fresh.map((job) => job.id).join(', ')})` }
}

/** A file that arrived whole is checked before its job appears: absence is believed only when it lasts. */
const ABSENT_LOOKS = 12

async function freshJobs(client: RedfishClient, before: string[], scale: number): Promise<DeviceJob[]> {
  for (let look = 0; look < ABSENT_LOOKS; look += 1) {
    if (look > 0) await proofPause(scale)
    const fresh = (await listJobs(client)).filter(
      (job) => job.id.startsWith('JID_') && !before.includes(job.id) && isFirmwareJob(job),
    )
    if (fresh.length > 0) return fresh
  }
  return []
}

const isFirmwareJob = (job: DeviceJob) => FIRMWARE_JOB.test(`${job.name ?? ''} ${job.job_type ?? ''}`)

/** The job in its Dell view, else in the DMTF view; null when neither knows it. */
async function findJob(client: RedfishClient, device_job_id: string): Promise<DeviceJob | null> {
  for (const read of [readJob, readJobElsewhere]) {
    try {
      return await read(client, device_job_id)
    } catch (thrown) {
      const absent = thrown instanceof DeviceError && (thrown.code === 'NotFound' || thrown.code === 'Unsupported')
      if (!absent) throw thrown
    }
  }
  return null
}

type Wait = Parameters<FirmwareActivities['waitDeviceJob']>[0]

/** Follows a job. A lost connection, a wiped session and a purged task are normal while a device updates itself. */
async function waitDeviceJob(deps: Deps, input: Wait): Promise<DeviceJobEnd> {
  const { ip_address } = await requireServer(deps, input.server_id)
  const scale = scaleFor(ip_address, input.context.scale)
  return pollUntil<DeviceJobEnd>(
    {
      interval_ms: JOB_LOOK_MS,
      limit_ms: input.limit_minutes * MINUTE_MS,
      scale,
      what: `device job ${input.device_job_id} (${input.component})`,
      waiting_code: 'DeviceBusy',
    },
    async () => {
      try {
        return await withServer(deps, input.context, input.server_id, 'firmware', async (at) => {
          return judgeJob(deps, input, await findJob(at.client, input.device_job_id))
        })
      } catch (thrown) {
        if (thrown instanceof DeviceError && isExpectedWhileUpdating(thrown)) return { waiting: thrown.message }
        throw thrown
      }
    },
  )
}

const EXPECTED = [
  'DeviceUnreachable',
  'DeviceTimeout',
  'DeviceBusy',
  'SessionLimit',
  'ProtocolError',
  'LifecycleControllerNotReady',
  'ServiceUnavailable',
]
const isExpectedWhileUpdating = (thrown: DeviceError) =>
  EXPECTED.includes(thrown.code) || (thrown.facts.status ?? 0) >= 500

async function judgeJob(deps: Deps, input: Wait, job: DeviceJob | null): Promise<Look<DeviceJobEnd>> {
  const verdict = judgeDeviceJob(job)
  const end = (state: DeviceJobEnd['state']): Look<DeviceJobEnd> => ({
    done: {
      state,
      raw_state: job?.raw_state ?? null,
      message_id: job?.message_id ?? null,
      message: job?.message?.slice(0, 500) ?? null,
    },
  })
  if (verdict === 'vanished') {
    const young = Date.now() - Date.parse(input.since) < NOT_THERE_YET_MS
    return young && input.until === 'staged' ? { waiting: 'The job is not in the queue yet.' } : end('vanished')
  }
  if (verdict === 'staged') {
    if (input.until === 'staged') return end('staged')
    return { waiting: `${input.component} waits for the reboot.` }
  }
  if (verdict === 'running' || verdict === 'unknown') {
    await showPercent(deps, input, job)
    return { waiting: `${input.component}: ${job?.raw_state ?? 'unknown'} ${job?.percent ?? '?'} %.` }
  }
  return end(verdict)
}

async function showPercent(deps: Deps, input: Wait, job: DeviceJob | null): Promise<void> {
  const { task_id } = input.context
  if (!task_id || job?.percent == null) return
  await reportTask(deps.db, task_id, {
    waiting_for: [
      { code: 'DeviceBusy', message: `${input.component}: ${job.raw_state} ${job.percent} %.`, since: input.since },
    ],
  })
}

/** The inventory decides about each component, whatever its job said. */
async function verifyFirmware(
  deps: Deps,
  input: Parameters<FirmwareActivities['verifyFirmware']>[0],
): Promise<{ components: ComponentVerdict[] }> {
  return withServer(deps, input.context, input.server_id, 'firmware', async (at) => {
    const system = await readSystem(at.client)
    const rows = await readFirmwareInventory(at.client)
    await updateServerFacts(
      deps.db,
      input.server_id,
      serverColumns(system, await readManager(at.client)),
      input.context.job_id,
    )
    await saveFirmware(deps.db, input.server_id, firmwareItems(rows), input.context.job_id)
    const server = firmwareServer(at.server, system, rows)
    const packages = await getFirmwarePackages(
      deps.db,
      input.components.map((component) => component.package_id),
    )
    const components = input.components.map((component): ComponentVerdict => {
      const row = packages.find((each) => each.id === component.package_id)
      const installed = row
        ? matchingRows(firmwarePackage(row), server).filter((found) => component.fqdds.includes(found.fqdd ?? ''))
        : []
      const after = installed.find((found) => found.version !== component.to)?.version ?? installed[0]?.version ?? null
      return judge(component, after, input.job_ends[component.package_id])
    })
    return { components }
  })
}

function judge(
  component: Parameters<FirmwareActivities['verifyFirmware']>[0]['components'][number],
  after: string | null,
  end: DeviceJobEnd | undefined,
): ComponentVerdict {
  const job =
    end && end.state !== 'vanished'
      ? { raw_state: end.raw_state, message_id: end.message_id, message: end.message }
      : null
  const verdict = judgeFirmware({
    component: component.name,
    from: component.from[0] ?? '',
    wanted: component.to,
    installed_after: after,
    job,
  })
  const { package_id, fqdds, from, to } = component
  return {
    package_id,
    component: component.component,
    fqdds,
    from,
    to,
    installed_after: after,
    outcome: verdict.outcome,
    ...('reason' in verdict ? { code: verdict.reason.code, message: verdict.reason.message } : {}),
  }
}
