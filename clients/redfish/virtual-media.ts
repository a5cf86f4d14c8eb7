import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import { flagAt, type JsonObject, labelAt, textAt, textsOf } from './json.js'
import { managerDocument, systemDocument } from './layout.js'
import { findAction, linkAt, safePath } from './links.js'
import { isNotThere, readResource } from './resource.js'

export interface MediaSlot {
  /** `1`, `2`, `CD`, `RemovableDisk`. */
  id: string
  path: string
  kind: 'cd' | 'usb' | 'both'
  /** Slots of the Manager: only one of them can be in use. */
  of: 'system' | 'manager'
  inserted: boolean | null
  image: string | null
  image_name: string | null
  connected_via: string | null
  write_protected: boolean | null
  insert_target: string | null
  eject_target: string | null
}

/**
 * Finds the virtual media slots: those of the System where it has them, else those of the Manager. Paged.
 * QUIRK iDRAC9 6.00.30.00: has both; the Manager's are deprecated. iDRAC8 has only those. Source: both recordings.
 */
export async function readMediaSlots(client: RedfishClient): Promise<MediaSlot[]> {
  for (const of of ['system', 'manager'] as const) {
    const holder = of === 'system' ? await systemDocument(client) : await managerDocument(client)
    const link = linkAt(holder, 'VirtualMedia')
    const members = link === null ? [] : await membersIfThere(client, link)
    const slots = members.filter((body) => textAt(body, '@odata.id') !== null)
    if (slots.length === 0) continue
    client.memory.set('media:of', Promise.resolve(of))
    return slots.map((body) => toSlot(body, of, client.origin))
  }
  return []
}

async function membersIfThere(client: RedfishClient, link: string): Promise<JsonObject[]> {
  try {
    return await readMembers(client, link)
  } catch (error) {
    if (isNotThere(error)) return []
    throw error
  }
}

/** Reads one slot again: one that {@link readMediaSlots} found. */
export async function readMediaSlot(client: RedfishClient, path: string): Promise<MediaSlot> {
  const of = ((await client.memory.get('media:of')) ?? 'system') as MediaSlot['of']
  return toSlot({ ...(await readResource(client, path)), '@odata.id': path }, of, client.origin)
}

/** A slot that does not say what it takes is not ruled out for anything: the device itself refuses what does not fit. */
function kindOf(types: string[]): MediaSlot['kind'] {
  const disc = types.some((type) => type === 'CD' || type === 'DVD')
  const stick = types.some((type) => type === 'USBStick' || type === 'Floppy')
  if (disc === stick) return 'both'
  return disc ? 'cd' : 'usb'
}

function toSlot(body: JsonObject, of: MediaSlot['of'], origin: string): MediaSlot {
  return {
    id: labelAt(body, 'Id') ?? '',
    path: safePath(textAt(body, '@odata.id') ?? '', origin),
    kind: kindOf(textsOf(body.MediaTypes)),
    of,
    inserted: flagAt(body, 'Inserted'),
    image: textAt(body, 'Image'),
    image_name: textAt(body, 'ImageName'),
    connected_via: textAt(body, 'ConnectedVia'),
    write_protected: flagAt(body, 'WriteProtected'),
    insert_target: findAction(body, 'VirtualMedia.InsertMedia')?.target ?? null,
    eject_target: findAction(body, 'VirtualMedia.EjectMedia')?.target ?? null,
  }
}

const unsupported = (what: string) => new DeviceError('Unsupported', what, { sent: false, answered: false })

/**
 * Inserts an image that the iDRAC reads from `url`: one POST. Read the slot before and after.
 * The last part of the URL's path may be an access token, so only the host is recorded.
 * @throws DeviceError `SlotOccupied` (`VRM0012`, `VRM0021`, …), `UrlUnreachable` (`RAC0904`), `LicenseMissing`
 */
export async function insertMedia(
  client: RedfishClient,
  slot: MediaSlot,
  image: { url: string; write_protected: boolean },
): Promise<void> {
  if (!slot.insert_target) throw unsupported('This slot takes no media.')
  const sent = client.send({
    method: 'POST',
    path: slot.insert_target,
    body: { Image: image.url, Inserted: true, WriteProtected: image.write_protected },
    recorded_body: { Image: hostOf(image.url), WriteProtected: image.write_protected },
    secrets: [image.url],
    timeout_ms: 120_000,
  })
  await sent.catch((error: unknown) => {
    throw unreachableImage(error) ?? error
  })
}

/**
 * QUIRK iDRAC9, older firmware: an image that it cannot fetch is an internal error. Elsewhere that id says nothing.
 * Seen: SYS446. Source: Dell's Ansible collection, idrac_virtual_media.
 */
function unreachableImage(error: unknown): DeviceError | null {
  if (!(error instanceof DeviceError) || error.facts.message_id !== 'SYS446') return null
  return new DeviceError('UrlUnreachable', error.message, { ...error.facts, answered: true }, { cause: error })
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/]+)/i.exec(url)?.[1] ?? 'image'
}

/** Ejects what is in a slot: one POST. Nothing in it (`VRM0009`) is fine. */
export async function ejectMedia(client: RedfishClient, slot: MediaSlot): Promise<'ejected' | 'empty'> {
  if (!slot.eject_target) throw unsupported('This slot ejects no media.')
  try {
    await client.send({ method: 'POST', path: slot.eject_target, body: {}, timeout_ms: 120_000 })
    return 'ejected'
  } catch (error) {
    if (error instanceof DeviceError && error.facts.message_id === 'VRM0009') return 'empty'
    throw error
  }
}
