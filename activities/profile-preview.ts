import { DeviceError } from '../clients/errors.js'
import { startScpPreview } from '../clients/redfish/scp.js'
import { FAILURES } from '../domain/failures.js'
import { type ProfileContent, placeOfAttribute } from '../domain/profile-content.js'
import { judgePreviewEnd } from '../domain/profile-verdict.js'
import { scaleFor } from '../domain/time-scale.js'
import { blocker } from '../domain/verdict.js'
import type { ImportPreview, ProfileActivities } from './contracts/profile.js'
import type { Deps } from './deps.js'
import { openProfile } from './kept-profile.js'
import { type Look, type Looking, pollUntil } from './poll.js'
import { askTask, profileJobOf } from './profile-export.js'
import { type AtServer, requireServer, withServer } from './with-server.js'

const LOOK_MS = 10_000
const LIMIT_MS = 30 * 60_000

type Preview = Parameters<ProfileActivities['previewProfileImport']>[0]
type Kept = { device_job_id: string | null }

const NO_PREVIEW: ImportPreview = { supported: false, blockers: [], would_change: [] }

/** Lets the device preview the profile and tells what it says about the chosen components. It changes nothing there. */
export async function previewProfileImport(deps: Deps, input: Preview): Promise<ImportPreview> {
  const { context, server_id } = input
  const server = await requireServer(deps, server_id)
  const { text, part } = await openProfile(deps, input.order)
  return pollUntil<ImportPreview, Kept>(
    {
      interval_ms: LOOK_MS,
      limit_ms: LIMIT_MS,
      scale: scaleFor(server.ip_address, context.scale),
      what: `the preview on ${server.service_tag}`,
      waiting_code: 'DeviceBusy',
      timeout_code: 'DeviceBusy',
    },
    async (looking) => {
      try {
        return await withServer(deps, context, server_id, 'scp', (at) => lookAtPreview(at, text, part, looking))
      } catch (thrown) {
        if (!(thrown instanceof DeviceError)) throw thrown
        if (thrown.code === 'Unsupported') return { done: NO_PREVIEW }
        if (FAILURES[thrown.code].retry !== 'never') return { waiting: thrown.message }
        throw thrown
      }
    },
  )
}

/** A preview whose job is lost is simply asked for again. */
async function lookAtPreview(
  { client, server }: AtServer,
  text: string,
  part: ProfileContent,
  looking: Looking<Kept>,
): Promise<Look<ImportPreview>> {
  const device_job_id = looking.kept?.device_job_id ?? (await startScpPreview(client, text)).job_id
  looking.kept = { device_job_id }
  const task = await askTask(client, device_job_id)
  const job = await profileJobOf(client, device_job_id)
  const rows = (task?.kind === 'task' ? task.attributes : []).map((row) => ({
    ...row,
    place: placeOfAttribute(part, row.name),
  }))
  const ours = rows.filter(({ place }) => place.component !== '')
  const failed = ours.filter((row) => row.failed)
  const verdict = judgePreviewEnd(job, failed.length)
  if (verdict === null) {
    if (job === null) looking.kept = { device_job_id: null }
    return { waiting: `Preview ${device_job_id}: ${job?.raw_state ?? 'not there'}.` }
  }
  const would_change = ours.filter((row) => !row.failed).map(({ place }) => place)
  // The device previews the whole profile: what fails in parts that are not imported is no obstacle.
  const elsewhere = rows.length > ours.length && failed.length === 0
  if (verdict.type === 'fine' || (verdict.code === 'ScpPartial' && elsewhere))
    return { done: { supported: true, blockers: [], would_change } }
  const data = { attributes: failed.slice(0, 20).map(({ place, error_code }) => ({ ...place, error_code })) }
  const blockers = [blocker(verdict.code, verdict.message, { target: server.service_tag, data })]
  return { done: { supported: true, blockers, would_change } }
}
