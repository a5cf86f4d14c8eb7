import type { Face, LabCore } from '../core.js'
import type { SimServer } from '../model-server.js'
import { Door } from './door.js'
import { handleExchange } from './exchange.js'
import { registerJobEffects } from './job-effects.js'
import { expireSessions, isBlocked } from './sessions.js'

function certificateFacts(server: SimServer) {
  return { common_name: `idrac-${server.service_tag}`, addresses: [server.idrac.address], organisation: 'Dell Inc.' }
}

function doorOf(core: LabCore, name: string): Door {
  const server = () => core.find.server(name)
  const { address, port } = server().idrac
  return new Door({
    address,
    port,
    identity: () => core.keys.tls(name, certificateFacts(server())),
    refuses: () => core.gate.refusesConnection(name) || isBlocked(core, server()),
    handler: (request, response) => {
      const { socket } = request
      handleExchange({ core, server: server(), request, response }).catch((error: unknown) => {
        console.error(`iDRAC ${name}: ${request.method} ${request.url}:`, error)
        socket.destroy()
      })
    },
  })
}

const REOPEN_TRIES = 50
const REOPEN_PAUSE_MS = 200

/** Opens or shuts the listener as the iDRAC is there or dark; a changed certificate counts from the next opening. */
function follow(name: string, door: Door, reachable: boolean): void {
  if (!reachable) {
    void door.shut()
    return
  }
  door.renewIdentity()
  reopen(name, door, REOPEN_TRIES)
}

/** Listens again; somebody else may have taken the address meanwhile, and gives it back. */
function reopen(name: string, door: Door, tries: number): void {
  door.open().catch((error: unknown) => {
    if (tries > 0) setTimeout(() => reopen(name, door, tries - 1), REOPEN_PAUSE_MS).unref()
    else console.error(`iDRAC ${name} cannot listen again:`, error)
  })
}

/** How often idle sessions are looked for, real ms: also a session that nobody uses any more ends at its limit. */
const SESSION_SWEEP_MS = 200

function sweepSessions(core: LabCore): void {
  for (const server of core.state.servers) if (server.idrac.sessions.length > 0) expireSessions(core, server)
}

/**
 * Starts the iDRACs of the site: one HTTPS listener per address, Redfish over the core's state. Rejects when an
 * address cannot be bound.
 */
export async function startIdracFace(core: LabCore): Promise<Face> {
  const doors = new Map(core.state.servers.map((server) => [server.name, doorOf(core, server.name)]))
  registerJobEffects(core)
  core.lifecycle.onReachability((device, reachable) => {
    const door = doors.get(device)
    if (door) follow(device, door, reachable)
  })
  const openAll = async (): Promise<void> => {
    for (const server of core.state.servers)
      if (core.lifecycle.idracState(server) !== 'dark') await doors.get(server.name)?.open()
  }
  const retireAll = async (): Promise<void> => {
    await Promise.all([...doors.values()].map((door) => door.retire()))
  }
  await openAll().catch(async (error: unknown) => {
    await retireAll()
    throw error
  })
  const sweep = setInterval(() => sweepSessions(core), SESSION_SWEEP_MS)
  sweep.unref()
  return {
    close: async () => {
      clearInterval(sweep)
      await retireAll()
    },
    reset: async () => {
      for (const door of doors.values()) door.dropConnections()
      await openAll()
    },
  }
}
