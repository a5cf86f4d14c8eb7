import type { Face, LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'
import { createMachine } from './machine.js'
import { ProcessTable } from './process-table.js'
import { listenSsh, type SshListener } from './ssh-server.js'
import { holdSshListeners } from './ssh-service.js'

/**
 * Starts the ESXi hosts of the site: an sshd on each host's address while its service runs and the host is up, and
 * the processes that were running when the lab stopped.
 */
export async function startEsxiFace(core: LabCore): Promise<Face> {
  const hosts = new Map<string, HostSshd>()
  const sshdOf = (name: string): HostSshd => {
    const known = hosts.get(name) ?? new HostSshd(core, name)
    hosts.set(name, known)
    return known
  }
  holdSshListeners(core, (host) => sshdOf(host.name).settle())
  core.lifecycle.onReachability((device) => {
    if (!core.state.hosts.some((host) => host.name === device)) return
    const sshd = sshdOf(device)
    if (!sshd.shouldRun()) sshd.hostMayBeDown()
    sshd.settle().catch(reportBug)
  })
  const settleAll = async (): Promise<void> => {
    await Promise.all(core.state.hosts.filter((host) => host.ssh.enabled).map((host) => sshdOf(host.name).settle()))
  }
  for (const host of core.state.hosts) if (host.face.processes) sshdOf(host.name).resume()
  await settleAll()
  return {
    async close() {
      await Promise.all([...hosts.values()].map((sshd) => sshd.close()))
    },
    async reset() {
      await Promise.all([...hosts.values()].map((sshd) => sshd.forget()))
      await settleAll()
    },
  }
}

/** The sshd and the processes of one host. */
class HostSshd {
  private listener: SshListener | undefined
  private processes: ProcessTable
  /** opening and closing follow each other, never overlap */
  private turn: Promise<void> = Promise.resolve()
  private closed = false

  constructor(
    private readonly core: LabCore,
    private readonly name: string,
  ) {
    this.processes = new ProcessTable(core, name)
  }

  private host(): SimHost {
    return this.core.find.host(this.name)
  }

  shouldRun(): boolean {
    return !this.closed && this.host().ssh.enabled && this.core.lifecycle.hostIsUp(this.host())
  }

  /** Opens or closes the listener as the host is now; resolves when it is so. */
  settle(): Promise<void> {
    this.turn = this.turn
      .catch(() => undefined)
      .then(async () => {
        if (this.shouldRun() === (this.listener !== undefined)) return
        if (this.listener) {
          const { listener } = this
          this.listener = undefined
          await listener.close()
        } else this.listener = await listenSsh(this.core, this.host(), this.processes)
      })
    return this.turn
  }

  /** A host that went down takes its processes with it; a service that was stopped does not. */
  hostMayBeDown(): void {
    if (!this.core.lifecycle.hostIsUp(this.host())) this.processes.killAll()
  }

  /** Goes on with what ran when the lab stopped. */
  resume(): void {
    if (!this.core.lifecycle.hostIsUp(this.host())) return
    this.processes.resume((tree) => createMachine(this.core, this.name, this.processes, tree))
  }

  async close(): Promise<void> {
    this.closed = true
    await this.settle().catch(reportBug)
  }

  /** After a reset: another state under the same name. */
  async forget(): Promise<void> {
    this.processes.killAll()
    this.processes = new ProcessTable(this.core, this.name)
    const { listener } = this
    this.listener = undefined
    await listener?.close()
  }
}

function reportBug(error: unknown): void {
  console.error('lab: sshd of a simulated host:', error)
}
