import { OPENMANAGE_PORT, openmanageAddress } from '../addresses.js'
import type { Face, LabCore } from '../core.js'
import { listenTls } from '../listen.js'
import { type ApplianceCall, applianceOf, type OpenSession } from './appliance.js'
import { serve } from './requests.js'

/** Starts the OpenManage Enterprise of the site: one HTTPS listener. Rejects when its address cannot be bound. */
export async function startOpenmanageFace(core: LabCore): Promise<Face> {
  const { name } = applianceOf(core)
  const address = openmanageAddress(core.state.shift, 0)
  const sessions: OpenSession[] = []
  let lists = 0
  const callOf = (): ApplianceCall => ({
    core,
    appliance: applianceOf(core),
    flags: core.flags(name),
    sessions,
    get lists() {
      return lists
    },
    set lists(now: number) {
      lists = now
    },
  })
  const listener = await listenTls({
    address,
    port: OPENMANAGE_PORT,
    identity: core.keys.tls(name, { common_name: name, addresses: [address], organisation: 'Dell Inc.' }),
    refuses: () => core.gate.refusesConnection(name),
    handler: (request, response) => {
      serve(callOf(), request, response).catch((error: unknown) => {
        console.error(`OpenManage ${name}: ${request.method} ${request.url}:`, error)
        response.destroy()
      })
    },
  })
  return {
    close: () => listener.close(),
    reset() {
      sessions.length = 0
      lists = 0
      listener.dropConnections()
    },
    extras() {
      const { username, password } = applianceOf(core)
      return { openmanage: [{ address, port: OPENMANAGE_PORT, username, password }] }
    },
  }
}
