/** Restarts of the iDRAC: dark, then loading, then ready. */
import type { LabCore } from './core.js'
import { MINUTE, SECOND } from './hardware/model-facts.js'
import { modelFacts } from './hardware/models.js'
import type { Lifecycle } from './lifecycle.js'
import type { SimServer } from './model-server.js'
import { writeLog } from './server-log.js'

/** web server answers, services do not yet */
const LOADING_MS = 75 * SECOND
const FLAP_UP_MS = 40 * SECOND
const FLAP_DARK_MS = 2 * MINUTE
const UP = 'idrac.up'
const READY = 'idrac.ready'
const FLAP = 'idrac.flap'

export interface IdracLife {
  restart: Lifecycle['restartIdrac']
  stateOf: Lifecycle['idracState']
}

type Reachability = (device: string, reachable: boolean) => void

/** Makes it and registers its agenda types. */
export function createIdracLife(core: LabCore, reachable: Reachability): IdracLife {
  const goDark = (server: SimServer, ms: number, reason: string): void => {
    const { idrac } = server
    const now = core.clock.now()
    idrac.sessions = []
    idrac.blocked_until = null
    idrac.restart_count += 1
    idrac.dark_until = now + ms
    idrac.loading_until = now + ms + LOADING_MS + core.flags(server.name).redfish_503_after_reset_s * SECOND
    for (const type of [UP, READY, FLAP]) core.agenda.cancelWhere(type, (data) => data.server === server.name)
    core.agenda.at(idrac.dark_until, UP, { server: server.name, reason })
    core.agenda.at(idrac.loading_until, READY, { server: server.name })
    reachable(server.name, false)
  }
  core.agenda.on(UP, (data) => {
    const server = core.find.server(String(data.server))
    server.idrac.dark_until = null
    core.jobs.interrupted(server)
    writeLog(core, server, {
      message_id: 'RAC0182',
      message: `The iDRAC firmware was rebooted with the following reason: ${data.reason}.`,
      message_args: [String(data.reason)],
      category: 'Audit',
    })
    reachable(server.name, true)
  })
  core.agenda.on(READY, (data) => {
    core.find.server(String(data.server)).idrac.loading_until = null
  })
  core.agenda.on(FLAP, (data) => goDark(core.find.server(String(data.server)), FLAP_DARK_MS, 'user initiated'))

  return {
    restart(server, reason, extraMs = 0) {
      const flags = core.flags(server.name)
      if (server.idrac.dark_until !== null) return
      const flashing = server.idrac.jobs.some(
        (job) =>
          job.class === 'idrac' && job.state === 'Running' && job.ends_at !== null && job.ends_at > core.clock.now(),
      )
      if (flashing)
        core.judge.violation(
          'no iDRAC restart while it flashes',
          `${server.name} was restarted while its own update ran`,
        )
      if (flags.certificate_changes)
        core.keys.renewTls(server.name, {
          common_name: `idrac-${server.service_tag}`,
          addresses: [server.idrac.address],
        })
      const ms =
        modelFacts(server.model).idrac_dark_ms + extraMs + (reason === 'update' ? flags.idrac_dark_extra_s * SECOND : 0)
      goDark(server, ms, reason === 'reset' || reason === 'update' ? 'user initiated' : 'ac')
      if (reason === 'update' && flags.idrac_flaps) core.agenda.after(ms + FLAP_UP_MS, FLAP, { server: server.name })
    },
    stateOf({ idrac }) {
      const now = core.clock.now()
      if (idrac.dark_until !== null && idrac.dark_until > now) return 'dark'
      return idrac.loading_until !== null && idrac.loading_until > now ? 'loading' : 'ready'
    },
  }
}
