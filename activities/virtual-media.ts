import { DeviceError } from '../clients/errors.js'
import { readBoot, setBootOverride } from '../clients/redfish/boot.js'
import { insertMedia, type MediaSlot, readMediaSlot } from '../clients/redfish/virtual-media.js'
import type { IsoImage, MediaGrant } from '../db/schema/media.js'
import { recordBorrowed } from '../db/stores/borrowed-settings.js'
import { noteImageUse } from '../db/stores/media.js'
import { grantFile, grantsOf, recountMounts } from '../db/stores/media-grants.js'
import { scaledPause } from '../domain/time-scale.js'
import { blocker } from '../domain/verdict.js'
import type { MediaJudgement, MountedMedia, MountWish, VirtualMediaActivities } from './contracts/virtual-media.js'
import type { Deps } from './deps.js'
import { ejectFromServer, emptySlot } from './eject-media.js'
import { Refused, StepFailed } from './failures.js'
import { requireAttended } from './heartbeat.js'
import { holdsImage, lookForMount, requireImage, shownImage, slotOf } from './media-look.js'
import { mediaBaseUrl, mediaUrl, newMediaToken, tokenIn } from './media-urls.js'
import { once, wasBegun } from './once.js'
import { pollUntil } from './poll.js'
import { judgeUrl } from './url-source.js'
import { type AtServer, withServer } from './with-server.js'

const MINUTE_MS = 60_000
const INSERT_LIMIT_MS = 120_000
const SEEN_LIMIT_MS = 60_000
const SEEN_LOOK_MS = 5_000
/** A mount that stays is readable for so long; mounting it again prolongs that. */
const STAYS_MINUTES = 7 * 24 * 60
/** An image that is ejected by itself is readable a little longer than it is to stay. */
const AFTER_EJECT_MINUTES = 60

type MountInput = Parameters<VirtualMediaActivities['mountMedia']>[0]

/** Activities on the virtual media of one server. */
export function createVirtualMediaActivities(deps: Deps): VirtualMediaActivities {
  return {
    judgeMount: (wish) =>
      withServer(deps, wish.context, wish.server_id, 'virtual_media', (at) => judgeMount(deps, at, wish)),
    mountMedia: (input) =>
      withServer(deps, input.context, input.server_id, 'virtual_media', (at) => mountMedia(deps, at, input)),
    bootFromMedia: ({ context, server_id }) => withServer(deps, context, server_id, 'boot', (at) => bootFromMedia(at)),
    ejectMedia: (input) =>
      withServer(deps, input.context, input.server_id, 'virtual_media', (at) => ejectFromServer(deps, at, input)),
  }
}

async function judgeMount(deps: Deps, at: AtServer, wish: MountWish): Promise<MediaJudgement> {
  const image = await requireImage(deps, wish.iso_image_id)
  const { slots, decision } = await lookForMount(deps, at, image, wish)
  const shown = []
  for (const slot of slots) shown.push({ slot: slot.id, inserted: slot.inserted, image: await shownImage(deps, slot) })
  const url = image.source_url ?? (await mediaBaseUrl(deps))
  const url_host = url === null ? null : new URL(url).host
  if (decision.type === 'already')
    return { decision: 'already', slot: decision.slot_id, blockers: [], slots: shown, url_host }
  const blockers = decision.type === 'refuse' ? decision.blockers : url === null ? [noMediaServer()] : []
  const slot = decision.type === 'insert' ? decision.slot_id : null
  return { decision: blockers.length > 0 ? 'refused' : 'insert', slot, blockers, slots: shown, url_host }
}

const noMediaServer = () =>
  blocker('UrlUnreachable', 'This site has no media server that an iDRAC could read from.', {
    remedy: 'Set MEDIA_BASE_URL, or base_url in the media settings.',
  })

/** Looks first, inserts if needed, and believes only what the slot says afterwards. */
async function mountMedia(deps: Deps, at: AtServer, input: MountInput): Promise<MountedMedia> {
  const image = await requireImage(deps, input.iso_image_id)
  const { slots, decision } = await lookForMount(deps, at, image, input)
  if (decision.type === 'refuse') throw new Refused(decision.blockers)
  const slot = slotOf(slots, decision.slot_id)
  const inserted = decision.type === 'already'
  const grant = await grantFor(deps, at, image, input, inserted ? slot : null)
  const url = await urlFor(deps, image, grant)
  if (decision.type === 'insert') {
    if (input.eject_after_minutes > 0) await borrow(deps, at, input)
    for (const id of decision.eject_first)
      await emptySlot(deps, at, input.context, slotOf(slots, id), `vmedia:clear:${id}`)
  }
  // An earlier attempt of this very step may have inserted it: then it is ours, and its row is settled by reading.
  const changed = decision.type === 'insert' || (await wasBegun(deps, input.context, insertStep(slot)))
  if (changed) await insertOnce(deps, at, input, slot, image, url)
  await seeInserted(deps, at, slot, image)
  await recountMounts(deps.db, image.id)
  await noteImageUse(deps.db, image.id)
  return {
    slot: slot.id,
    inserted: true,
    changed,
    url_host: new URL(url).host,
    expires_at: grant.expires_at,
    eject_in_ms: input.eject_after_minutes > 0 ? scaledPause(input.eject_after_minutes * MINUTE_MS, at.scale) : 0,
  }
}

/** The token that stands in the slot, or that of an earlier attempt, is kept; else the image gets a new one. */
async function grantFor(
  deps: Deps,
  at: AtServer,
  image: IsoImage,
  input: MountInput,
  holding: MediaSlot | null,
): Promise<MediaGrant> {
  const known = await grantsOf(deps.db, at.server.id, image.id)
  const shown = tokenIn(holding?.image ?? null)
  const usable = known.find((grant) =>
    shown === null
      ? grant.job_id === input.context.job_id && Date.parse(grant.expires_at) > Date.now()
      : grant.token === shown,
  )
  const { eject_after_minutes } = input
  return grantFile(deps.db, {
    image_id: image.id,
    server_id: at.server.id,
    allowed_address: at.server.ip_address,
    job_id: input.context.job_id,
    token: usable?.token ?? newMediaToken(),
    valid_minutes: eject_after_minutes > 0 ? eject_after_minutes + AFTER_EJECT_MINUTES : STAYS_MINUTES,
  })
}

/** Our media server for this one device, or the place that was registered, judged again: the allow-list may have changed. */
async function urlFor(deps: Deps, image: IsoImage, grant: MediaGrant): Promise<string> {
  if (image.source_url !== null) return (await judgeUrl(deps, image.source_url)).url.href
  const base_url = await mediaBaseUrl(deps)
  if (base_url === null) throw new Refused([noMediaServer()])
  return mediaUrl(base_url, grant.token, image.filename ?? image.name, image.kind)
}

async function borrow(deps: Deps, at: AtServer, input: MountInput): Promise<void> {
  await recordBorrowed(deps.db, {
    job_id: input.context.job_id,
    kind: 'virtual_media',
    device_kind: 'server',
    device_id: at.server.id,
    original: { inserted: false },
    wanted: { inserted: true, iso_image_id: input.iso_image_id },
  })
}

const insertStep = (slot: MediaSlot) => `vmedia:insert:${slot.id}`

async function insertOnce(
  deps: Deps,
  at: AtServer,
  input: MountInput,
  slot: MediaSlot,
  image: IsoImage,
  url: string,
): Promise<void> {
  const holds = await holdsImage(deps, at, image)
  try {
    await once(deps, {
      context: input.context,
      step: insertStep(slot),
      operation: 'idrac.vmedia_insert',
      device_kind: 'idrac',
      device_id: at.server.id,
      resource: `server:${at.server.id}`,
      request_limit_ms: INSERT_LIMIT_MS,
      before: async () => ({ inserted: slot.inserted }),
      send: async () => {
        await insertMedia(at.client, slot, { url, write_protected: input.write_protected })
        return slot.id
      },
      reconcile: async () =>
        holds(await readMediaSlot(at.client, slot.path)) ? { verdict: 'adopted', ref: slot.id } : { verdict: 'absent' },
    })
  } catch (thrown) {
    // A slot that is said to be in use may hold this very image (VRM0012 after a lost answer).
    const occupied = thrown instanceof DeviceError && thrown.code === 'SlotOccupied'
    if (occupied && holds(await readMediaSlot(at.client, slot.path))) return
    throw inWords(at, thrown, url)
  }
}

/** `RAC0904` must name what could not be reached. */
function inWords(at: AtServer, thrown: unknown, url: string): unknown {
  if (thrown instanceof DeviceError && thrown.code === 'UrlUnreachable') {
    const { host, hostname, port, protocol } = new URL(url)
    const at_port = port === '' ? (protocol === 'https:' ? '443' : '80') : port
    const { message_id, text } = thrown.facts
    const sentence = `The iDRAC ${at.server.ip_address} cannot read from ${hostname} port ${at_port}: ${thrown.message}`
    return new StepFailed('UrlUnreachable', sentence, { url_host: host, message_id, text })
  }
  return thrown
}

async function seeInserted(deps: Deps, at: AtServer, slot: MediaSlot, image: IsoImage): Promise<void> {
  const holds = await holdsImage(deps, at, image)
  await pollUntil<true>(
    {
      interval_ms: SEEN_LOOK_MS,
      limit_ms: SEEN_LIMIT_MS,
      scale: at.scale,
      what: `${image.name} in slot ${slot.id}`,
      waiting_code: 'DeviceBusy',
      timeout_code: 'VerifyFailed',
    },
    async () => {
      const now = await readMediaSlot(at.client, slot.path)
      return holds(now) ? { done: true } : { waiting: `Slot ${slot.id} does not show ${image.name} yet.` }
    },
  )
}

/** The next boot, whatever causes it, is from the virtual CD. Read, set, read back. */
async function bootFromMedia(at: AtServer): Promise<void> {
  const isSet = async () => {
    const state = await readBoot(at.client)
    return { state, set: state.override_target === 'Cd' && state.override_enabled === 'Once' }
  }
  const before = await isSet()
  if (before.set) return
  requireAttended('the boot override is set')
  await setBootOverride(at.client, before.state, { target: 'Cd', enabled: 'Once' })
  if (!(await isSet()).set)
    throw new StepFailed('VerifyFailed', 'The iDRAC took the one-time boot from CD and does not show it.')
}
