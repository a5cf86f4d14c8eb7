import { readMediaGates } from '../clients/redfish/media-gates.js'
import { type MediaSlot, readMediaSlots } from '../clients/redfish/virtual-media.js'
import type { IsoImage } from '../db/schema/media.js'
import { getIsoImage } from '../db/stores/media.js'
import { grantByToken, grantsOf } from '../db/stores/media-grants.js'
import { checkMediaGates, decideMount, type MountDecision } from '../domain/media-slots.js'
import type { MountWish } from './contracts/virtual-media.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { tokenIn } from './media-urls.js'
import type { AtServer } from './with-server.js'

/** The image that is wanted. @throws StepFailed `MediaNotFound`, also for what cannot be mounted or is not there now */
export async function requireImage(deps: Deps, id: string): Promise<IsoImage & { kind: 'iso' | 'img' }> {
  const image = await getIsoImage(deps.db, id)
  if (!image || image.status === 'deleted') throw new StepFailed('MediaNotFound', `Image ${id} is not in the store.`)
  const { kind } = image
  if (kind !== 'iso' && kind !== 'img')
    throw new StepFailed('MediaNotFound', `${image.name} is of kind ${kind}; only iso and img can be mounted.`)
  if (image.status !== 'ready')
    throw new StepFailed('MediaNotFound', `The file of ${image.name} is not there now (${image.status}).`)
  return { ...image, kind }
}

/** Does the slot hold this image: under its own token, one of this server's grants, or its address elsewhere? */
export async function holdsImage(
  deps: Deps,
  at: AtServer,
  image: IsoImage,
): Promise<(slot: Pick<MediaSlot, 'inserted' | 'image'>) => boolean> {
  const tokens = (await grantsOf(deps.db, at.server.id, image.id)).map(({ token }) => token)
  return ({ inserted, image: shown }) => {
    if (inserted !== true || shown === null) return false
    if (image.source_url !== null) return shown === image.source_url
    const token = tokenIn(shown)
    return token !== null && (token === image.media_token || tokens.includes(token))
  }
}

/** What is in a slot, for people: the name of an image of ours, else host and last part; never a token or a password. */
export async function shownImage(deps: Deps, slot: MediaSlot): Promise<string | null> {
  if (slot.image === null) return slot.inserted ? 'an image that the iDRAC does not name' : null
  const token = tokenIn(slot.image)
  const image_id = token === null ? null : ((await grantByToken(deps.db, token))?.image_id ?? null)
  const known = image_id === null ? null : await getIsoImage(deps.db, image_id)
  if (known) return known.name
  const host = /^[a-z]+:\/\/(?:[^/@]*@)?([^/]+)/i.exec(slot.image)?.[1]
  const last = slot.image.split(/[/\\]/).at(-1)?.split('?')[0] ?? ''
  return host === undefined ? last : `${host}/…/${last}`
}

export interface LookedAt {
  slots: MediaSlot[]
  decision: MountDecision
}

/** Reads slots and gates, and decides where the image goes. */
export async function lookForMount(deps: Deps, at: AtServer, image: IsoImage, wish: MountWish): Promise<LookedAt> {
  const slots = await readMediaSlots(at.client)
  const holds = await holdsImage(deps, at, image)
  const decision = decideMount({
    slots: slots.map((slot) => ({
      id: slot.id,
      kind: slot.kind,
      inserted: slot.inserted,
      holds_wanted: holds(slot),
    })),
    wish: wish.slot,
    image_kind: image.kind === 'img' ? 'img' : 'iso',
    one_at_a_time: slots.some((slot) => slot.of === 'manager'),
    replace: wish.replace,
  })
  if (decision.type !== 'insert') return { slots, decision }
  const blockers = checkMediaGates(await readMediaGates(at.client))
  return { slots, decision: blockers.length > 0 ? { type: 'refuse', blockers } : decision }
}

/** The slot of that id as it was read. @throws StepFailed `VerifyFailed` when it has gone meanwhile */
export function slotOf(slots: MediaSlot[], id: string): MediaSlot {
  const slot = slots.find((one) => one.id === id)
  if (!slot) throw new StepFailed('VerifyFailed', `The virtual media slot ${id} is not there any more.`)
  return slot
}
