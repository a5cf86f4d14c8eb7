import type { JsonValue } from '../model.js'
import type { SimServer } from '../model-server.js'
import { type Answer, noContent, refusal } from './answers.js'
import { isReachable } from './fetch-file.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { type Call, pathPattern, type Route } from './route.js'
import { collection, link, MANAGER, type Reader, ROOT, SYSTEM, type View } from './view.js'

type Slot = '1' | '2'
type Medium = { image: string; write_protected: boolean; user: string | null; restart_count: number }

const SLOTS: readonly Slot[] = ['1', '2']
const BY_SYSTEM = `${SYSTEM}/VirtualMedia`
const BY_MANAGER = `${MANAGER}/VirtualMedia`
const OLD_NAMES: Record<string, Slot> = { CD: '1', RemovableDisk: '2' }

/** What is in a slot; a restart of the iDRAC drops it. */
function mediumIn(server: SimServer, slot: Slot): Medium | undefined {
  const media = (server.idrac.face.media ?? {}) as Record<string, JsonValue>
  const medium = media[slot] as unknown as Medium | undefined
  return medium && medium.restart_count === server.idrac.restart_count ? medium : undefined
}

function putMedium(server: SimServer, slot: Slot, medium: Medium | undefined): void {
  const media = { ...((server.idrac.face.media ?? {}) as Record<string, JsonValue>) }
  if (medium) media[slot] = medium as unknown as JsonValue
  else delete media[slot]
  server.idrac.face.media = media
}

function transfer(image: string): string | null {
  const scheme = /^(https?|nfs|cifs):/i.exec(image)?.[1]?.toUpperCase()
  return scheme ?? (/^(\\\\|\/\/)/.test(image) ? 'CIFS' : 'NFS')
}

function body(view: View, path: string, id: string, name: string, types: string[], slot: Slot): JsonObject {
  const medium = mediumIn(view.server, slot)
  return {
    '@odata.context': `${ROOT}/$metadata#VirtualMedia.VirtualMedia`,
    '@odata.id': path,
    '@odata.type': '#VirtualMedia.v1_4_0.VirtualMedia',
    Actions: {
      '#VirtualMedia.EjectMedia': { target: `${path}/Actions/VirtualMedia.EjectMedia` },
      '#VirtualMedia.InsertMedia': { target: `${path}/Actions/VirtualMedia.InsertMedia` },
    },
    ConnectedVia: medium ? 'URI' : 'NotConnected',
    Description: 'iDRAC Virtual Media Instance',
    Id: id,
    Image: medium?.image ?? null,
    ImageName: medium?.image.split(/[/\\]/).at(-1) ?? null,
    Inserted: medium !== undefined,
    MediaTypes: types,
    'MediaTypes@odata.count': types.length,
    Name: name,
    Password: null,
    TransferMethod: medium ? 'Stream' : null,
    TransferProtocolType: medium ? transfer(medium.image) : null,
    UserName: medium?.user ?? null,
    WriteProtected: medium ? medium.write_protected : view.flags.untidy_data ? null : true,
  }
}

const readMember: Reader = (view, [id = '']) => {
  const slot = SLOTS.find((one) => one === id)
  return (
    slot && body(view, `${BY_SYSTEM}/${slot}`, slot, `VirtualMedia Instance ${slot}`, ['CD', 'DVD', 'USBStick'], slot)
  )
}

const readOldMember: Reader = (view, [id = '']) => {
  const slot = OLD_NAMES[id]
  if (!slot || !view.profile.managerVirtualMedia) return undefined
  return id === 'CD'
    ? body(view, `${BY_MANAGER}/CD`, 'CD', 'Virtual CD', ['CD', 'DVD'], slot)
    : body(view, `${BY_MANAGER}/RemovableDisk`, 'RemovableDisk', 'Virtual Removable Disk', ['USBStick'], slot)
}

const list =
  (path: string, ids: readonly string[]): Reader =>
  (view) =>
    path === BY_MANAGER && !view.profile.managerVirtualMedia
      ? undefined
      : collection(
          path,
          'VirtualMediaCollection',
          'Virtual Media Services',
          ids.map((id) => link(`${path}/${id}`)),
          'iDRAC Virtual Media Services Settings',
        )

export const virtualMediaReaders: Resource[] = [
  [pathPattern(BY_SYSTEM), list(BY_SYSTEM, SLOTS)],
  [pathPattern(`${BY_SYSTEM}/{id}`), readMember],
  [pathPattern(BY_MANAGER), list(BY_MANAGER, Object.keys(OLD_NAMES))],
  [pathPattern(`${BY_MANAGER}/{id}`), readOldMember],
]

function slotOf({ view, path, params }: Call): Slot | undefined {
  const id = params[0] ?? ''
  if (path.startsWith(BY_SYSTEM)) return SLOTS.find((one) => one === id)
  return view.profile.managerVirtualMedia ? OLD_NAMES[id] : undefined
}

const licensed = (view: View): boolean => view.server.idrac.license !== 'Express'

/** Switched off or detached by attribute; both come attached and enabled. */
function isDetached({ idrac }: SimServer): boolean {
  const { 'VirtualMedia.1.Attached': attached, 'VirtualMedia.1.Enable': enable } = idrac.attributes
  return attached === 'Detached' || enable === 'Disabled'
}

async function insert(call: Call): Promise<Answer> {
  const { view } = call
  const { server } = view
  const slot = slotOf(call)
  if (!slot) return refusal(view, 404, { id: 'SYS403', args: [call.params[0] ?? ''] })
  if (!licensed(view)) return refusal(view, 403, { id: 'LIC501' })
  const { Image: image, WriteProtected: protectedMedium, UserName: user } = call.body
  if (typeof image !== 'string' || image === '') return refusal(view, 400, { id: 'SYS428', args: ['Image'] })
  if (!/\.(iso|img)$/i.test(image.split('?')[0] ?? '')) return refusal(view, 400, { id: 'SYS453', args: [image, slot] })
  if (isDetached(server)) return refusal(view, 400, { id: 'VRM0021' })
  if (mediumIn(server, slot)) return refusal(view, 400, { id: 'VRM0012' })
  if (!(await isReachable(image, server.idrac.address))) return refusal(view, 400, { id: 'RAC0904' })
  putMedium(server, slot, {
    image,
    write_protected: protectedMedium !== false,
    user: typeof user === 'string' ? user : null,
    restart_count: server.idrac.restart_count,
  })
  return noContent(`medium in slot ${slot}: ${image}`)
}

function eject(call: Call): Answer {
  const slot = slotOf(call)
  if (!slot) return refusal(call.view, 404, { id: 'SYS403', args: [call.params[0] ?? ''] })
  if (!mediumIn(call.view.server, slot)) return refusal(call.view, 400, { id: 'VRM0009' })
  putMedium(call.view.server, slot, undefined)
  return noContent(`slot ${slot} empty`)
}

const actions = (root: string): Route[] => [
  {
    method: 'POST',
    pattern: pathPattern(`${root}/{id}/Actions/VirtualMedia.InsertMedia`),
    mutation: true,
    act: insert,
  },
  { method: 'POST', pattern: pathPattern(`${root}/{id}/Actions/VirtualMedia.EjectMedia`), mutation: true, act: eject },
]

export const virtualMediaRoutes: Route[] = [...actions(BY_SYSTEM), ...actions(BY_MANAGER)]
