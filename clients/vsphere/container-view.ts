import { DeviceError } from '../errors.js'
import type { MoRef } from './mo-ref.js'
import type { VsphereSession } from './session.js'
import { refAt } from './xml-node.js'

/**
 * Runs `use` with a view over all objects of these types below a container, and destroys the view afterwards, whatever
 * happened: views live in the session and would pile up.
 * @param container Where to begin; default the root folder.
 * @throws DeviceError
 */
export async function withContainerView<T>(
  session: VsphereSession,
  types: readonly string[],
  use: (view: MoRef) => Promise<T>,
  container: MoRef = session.service.root_folder,
): Promise<T> {
  const manager = session.service.view_manager
  if (manager === null) {
    throw new DeviceError('Unsupported', 'The server has no views', { sent: false, answered: true })
  }
  const response = await session.call(manager, 'CreateContainerView', [
    ['container', container],
    ['type', types],
    ['recursive', true],
  ])
  const view = refAt(response, 'returnval')
  if (view === null) throw new DeviceError('ProtocolError', 'No view was returned', { sent: true, answered: true })
  try {
    return await use(view)
  } finally {
    // The view dies with the session at the latest; a failure here must not hide the result or the real error.
    await session.call(view, 'DestroyView').catch(() => undefined)
  }
}
