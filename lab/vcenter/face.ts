import type { Face, LabCore } from '../core.js'
import { listenTls, type TlsListener } from '../listen.js'
import { CollectorMemory } from './collector-memory.js'
import type { VcenterContext } from './context.js'
import { registerAvailability } from './host-availability.js'
import { registerHostTasks } from './host-methods.js'
import { serve } from './http-routes.js'
import { lookAgain, registerMaintenance } from './maintenance.js'
import { registerMigrations } from './migration.js'
import { registerVmTasks } from './vm-methods.js'

/**
 * Starts the vCenters of the site: one HTTPS listener each, and the processes that go on by themselves (evacuations,
 * moves, HA agents, tasks). Rejects when an address cannot be bound.
 */
export async function startVcenterFace(core: LabCore): Promise<Face> {
  registerMaintenance(core)
  registerMigrations(core, (from) => lookAgain(core, from))
  registerAvailability(core)
  registerHostTasks(core)
  registerVmTasks(core)
  const contexts = core.state.vcenters.map(({ name }): VcenterContext => {
    return { core, name, memory: new CollectorMemory(), vcenter: () => core.find.vcenter(name) }
  })
  const listeners = await Promise.all(contexts.map((context) => listen(context)))
  return {
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()))
    },
    reset() {
      for (const [index, context] of contexts.entries()) {
        for (const collector of context.memory.collectors.values()) collector.cancelWait?.()
        context.memory = new CollectorMemory()
        listeners[index]?.dropConnections()
      }
    },
  }
}

function listen(context: VcenterContext): Promise<TlsListener> {
  const { core, name } = context
  const { address, port } = core.find.vcenter(name)
  return listenTls({
    address,
    port,
    identity: core.keys.tls(name, { common_name: name, addresses: [address], organisation: 'VMware Engineering' }),
    refuses: () => core.gate.refusesConnection(name),
    handler: (request, response) => {
      serve(context, request, response).catch((error: unknown) => {
        console.error(`vCenter ${name}: ${request.method} ${request.url}:`, error)
        response.destroy()
      })
    },
  })
}
