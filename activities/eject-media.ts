import { readBoot, setBootOverride } from '../clients/redfish/boot.js'
import { ejectMedia, type MediaSlot, readMediaSlot, readMediaSlots } from '../clients/redfish/virtual-media.js'
import type { MediaGrant } from '../db/schema/media.js'
import { listUnreturned, markReturned } from '../db/stores/borrowed-settings.js'
import { getJob } from '../db/stores/jobs.js'
import { getIsoImage } from '../db/stores/media.js'
import { endGrants, openGrants } from '../db/stores/media-grants.js'
import { slotsFor } from '../domain/media-slots.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import type { EjectedMedia, VirtualMediaActivities } from './contracts/virtual-media.js'
import type { Deps } from './deps.js'
import { requireAttended } from './heartbeat.js'
import { holdsImage, shownImage } from './media-look.js'
import { begunStep, once } from './once.js'
import { pollUntil } from './poll.js'
import type { AtServer } from './with-server.js'

const EJECT_LIMIT_MS = 120_000
const GONE_LIMIT_MS = 60_000
const GONE_LOOK_MS = 5_000

type EjectInput = Parameters<VirtualMediaActivities['ejectMedia']>[0]

/** Ejects what is meant; what is empty stays so. Then the grants of this server end, and what was borrowed is settled. */
export async function ejectFromServer(deps: Deps, at: AtServer, input: EjectInput): Promise<EjectedMedia> {
  const meant = await slotsMeant(deps, at, input)
  const ejected = []
  for (const slot of meant) ejected.push({ slot: slot.id, image: (await shownImage(deps, slot)) ?? 'not told' })
  if (input.dry_run) return { ejected, boot_once_cleared: false }
  const mounts = await openGrants(deps.db, { server_id: at.server.id })
  for (const slot of meant) await emptySlot(deps, at, input.context, slot, ejectStep(slot))
  ejected.push(...(await ejectedBefore(deps, at, input, meant)))
  const boot_once_cleared = input.clear_boot_once && (await clearBootOnce(deps, at, mounts))
  await settle(deps, at, input)
  return { ejected, boot_once_cleared }
}

const ejectStep = (slot: MediaSlot) => `vmedia:eject:${slot.id}`

/** What an earlier attempt of this very step has ejected, with nobody left to say so; its row is settled by reading. */
async function ejectedBefore(deps: Deps, at: AtServer, input: EjectInput, now: MediaSlot[]) {
  const ejected = []
  for (const slot of await readMediaSlots(at.client)) {
    if (slot.inserted !== false || now.some(({ id }) => id === slot.id)) continue
    const begun = await begunStep(deps, input.context, ejectStep(slot))
    if (!begun) continue
    await emptySlot(deps, at, input.context, slot, ejectStep(slot))
    ejected.push({ slot: slot.id, image: String(begun.before?.image ?? 'not told') })
  }
  return ejected
}

async function slotsMeant(deps: Deps, at: AtServer, input: EjectInput): Promise<MediaSlot[]> {
  const slots = await readMediaSlots(at.client)
  const facts = slots.map(({ id, kind, inserted }) => ({ id, kind, inserted, holds_wanted: false }))
  const named = slotsFor(facts, input.slot, 'iso').map(({ id }) => id)
  // A slot that does not tell what is in it is ejected too: an empty one answers that it is empty.
  const filled = slots.filter((slot) => slot.inserted !== false && named.includes(slot.id))
  if (input.only_iso_image_id === null) return filled
  const image = await getIsoImage(deps.db, input.only_iso_image_id)
  if (!image) return []
  return filled.filter(await holdsImage(deps, at, image))
}

/** Ejects one slot (V) and waits until it says that it is empty. */
export async function emptySlot(
  deps: Deps,
  at: AtServer,
  context: WorkContext,
  slot: MediaSlot,
  step: string,
): Promise<void> {
  const isEmpty = async () => (await readMediaSlot(at.client, slot.path)).inserted === false
  await once(deps, {
    context,
    step,
    operation: 'idrac.vmedia_eject',
    device_kind: 'idrac',
    device_id: at.server.id,
    resource: `server:${at.server.id}`,
    request_limit_ms: EJECT_LIMIT_MS,
    before: async () => ({ inserted: slot.inserted, image: await shownImage(deps, slot) }),
    send: () => ejectMedia(at.client, slot),
    reconcile: async () => ((await isEmpty()) ? { verdict: 'adopted', ref: 'ejected' } : { verdict: 'absent' }),
  })
  await pollUntil<true>(
    {
      interval_ms: GONE_LOOK_MS,
      limit_ms: GONE_LIMIT_MS,
      scale: at.scale,
      what: `slot ${slot.id} being empty`,
      waiting_code: 'DeviceBusy',
      timeout_code: 'VerifyFailed',
    },
    async () => ((await isEmpty()) ? { done: true } : { waiting: `Slot ${slot.id} still holds an image.` }),
  )
}

/** Only what a mount of ours has set is taken back: a job that asked for `boot_once` and whose image was still granted. */
async function clearBootOnce(deps: Deps, at: AtServer, mounts: MediaGrant[]): Promise<boolean> {
  const jobs = await Promise.all(mounts.flatMap(({ job_id }) => (job_id === null ? [] : [getJob(deps.db, job_id)])))
  if (!jobs.some((job) => job?.details.boot_once === true)) return false
  const state = await readBoot(at.client)
  if (state.override_target !== 'Cd' || state.override_enabled !== 'Once') return false
  requireAttended('the boot override is cleared')
  await setBootOverride(at.client, state, { target: 'None', enabled: 'Disabled' })
  return true
}

/** Read again: what is out of every slot is granted and borrowed no longer, whichever job had put it there. */
async function settle(deps: Deps, at: AtServer, input: EjectInput): Promise<void> {
  const left = await readMediaSlots(at.client)
  for (const grant of await openGrants(deps.db, { server_id: at.server.id })) {
    const image = grant.image_id === null ? null : await getIsoImage(deps.db, grant.image_id)
    if (!image || left.some(await holdsImage(deps, at, image))) continue
    if (input.only_iso_image_id === null || input.only_iso_image_id === image.id)
      await endGrants(deps.db, at.server.id, image.id)
  }
  for (const row of await listUnreturned(deps.db, { device_id: at.server.id })) {
    if (row.kind !== 'virtual_media') continue
    const image = await getIsoImage(deps.db, String(row.wanted.iso_image_id))
    if (!image || !left.some(await holdsImage(deps, at, image))) await markReturned(deps.db, row.id)
  }
}
