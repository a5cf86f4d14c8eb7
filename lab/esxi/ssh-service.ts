import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'

type Listener = (host: SimHost) => Promise<void>

/** Who holds the real listeners, by site: set by the ESXi face, told by whoever starts or stops the service. */
const holders = new WeakMap<LabCore, Listener>()

/** The ESXi face says that it opens and closes the listeners of this site. */
export function holdSshListeners(core: LabCore, listener: Listener): void {
  holders.set(core, listener)
}

/**
 * Starts or stops the SSH service of a host. Resolves when the port is open or closed, so that a client that connects
 * right after the answer finds what it was told.
 */
export async function setSshService(core: LabCore, host: SimHost, enabled: boolean): Promise<void> {
  host.ssh.enabled = enabled
  await holders.get(core)?.(host)
}
