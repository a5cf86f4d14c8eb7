/** Power and boots of the servers at work; lifecycle.ts says what it promises. */
import type { LabCore } from './core.js'
import { MINUTE, SECOND } from './hardware/model-facts.js'
import { modelFacts } from './hardware/models.js'
import type { HostLife } from './host-life.js'
import type { PowerAnswer, PowerRequest } from './lifecycle.js'
import type { BootPhase, SimServer } from './model-server.js'
import { writeLog } from './server-log.js'

/** the operating system goes down in order */
const SHUTDOWN_MS = 60 * SECOND
const POWER_CYCLE_MS = 15 * SECOND
const POWER_SETTLES_MS = 5 * SECOND
/** a second, shorter POST follows when staged jobs have run */
const SECOND_POST_SHARE = 0.4
const STEP = 'machine.step'
const POST_CODES = ['7e012102', '7e012490', '7e012580', '7e012602', '7e012790']

type AfterShutdown = 'off' | 'boot'

export interface Machine {
  power(server: SimServer, request: PowerRequest): PowerAnswer
  /** The OS goes down by itself, then the machine is off or boots again. */
  osShutdown(server: SimServer, then: AfterShutdown): void
  bootContinues(server: SimServer): void
}

/** Makes the machine part of the lifecycle and registers its agenda type. */
export function createMachine(core: LabCore, hostLife: HostLife): Machine {
  const enter = (server: SimServer, phase: BootPhase, ms: number | null): void => {
    const now = core.clock.now()
    server.reset_at ??= server.boot.since
    server.boot = { phase, since: now, ends_at: ms === null ? null : now + ms }
    core.agenda.cancelWhere(STEP, (data) => data.server === server.name)
    if (ms !== null) core.agenda.after(ms, STEP, { server: server.name, from: phase })
    const host = core.find.hostOf(server)
    if (host) core.judge.clusterChanged(core.find.clusterOf(host))
  }
  const log = (server: SimServer, message_id: string, message: string): void =>
    writeLog(core, server, { message_id, message, category: 'System Health' })

  const goOff = (server: SimServer): void => {
    hostLife.wentDown(server)
    server.power = 'Off'
    enter(server, 'off', null)
    log(server, 'SYS1001', 'System is turning off.')
  }
  const beginBoot = (server: SimServer, cold: boolean): void => {
    hostLife.wentDown(server)
    hostLife.bootBegins(server)
    if (cold) core.jobs.coldBoot(server)
    server.boot_count += 1
    server.reset_at = core.clock.now()
    server.power = 'On'
    log(server, cold ? 'SYS1000' : 'SYS1003', cold ? 'System is turning on.' : 'System CPU Resetting.')
    enter(server, 'post', modelFacts(server.model).post_ms * core.flags(server.name).post_factor)
  }
  const startApplying = (server: SimServer): boolean => {
    const job = core.jobs.staged(server)[0]
    if (!job) return false
    enter(server, 'applying', null)
    core.jobs.run(server, job)
    return true
  }
  /** What a boot leaves in the SEL. Source: recorded R750, SEL 1020 to 1024. */
  const logPostCodes = (server: SimServer): void => {
    for (const message_id of POST_CODES)
      writeLog(core, server, { message_id, message: 'An OEM diagnostic event occurred.', log: 'sel' })
  }
  const startInventory = (server: SimServer): void => enter(server, 'inventory', modelFacts(server.model).inventory_ms)
  const afterPost = (server: SimServer): void => {
    logPostCodes(server)
    if (core.flags(server.name).host_does_not_return) enter(server, 'post', null)
    else if (!startApplying(server)) startInventory(server)
  }
  const finishBoot = (server: SimServer): void => {
    enter(server, 'running', null)
    hostLife.cameUp(server)
  }
  const afterShutdown = (server: SimServer): void => {
    const then = server.boot_after_shutdown
    server.boot_after_shutdown = null
    if (then === 'boot') beginBoot(server, false)
    else goOff(server)
  }
  const step = (server: SimServer, from: BootPhase): void => {
    if (server.boot.phase !== from) return
    if (from === 'off') beginBoot(server, true)
    else if (from === 'shutdown') afterShutdown(server)
    else if (from === 'post') afterPost(server)
    else if (from === 'inventory') {
      hostLife.osBoots(server)
      enter(server, 'os_boot', modelFacts(server.model).os_boot_ms)
    } else if (from === 'os_boot') finishBoot(server)
  }
  core.agenda.on(STEP, (data) => step(core.find.server(String(data.server)), data.from as BootPhase))

  const osShutdown = (server: SimServer, then: AfterShutdown): void => {
    if (server.boot.phase !== 'running') return
    hostLife.goesDown(server)
    server.boot_after_shutdown = then
    if (then === 'off') server.power = 'PoweringOff'
    enter(server, 'shutdown', SHUTDOWN_MS)
  }
  const cutPower = (server: SimServer): void => {
    if (server.boot.phase === 'applying') {
      core.judge.violation('no power cut while firmware is applied', `${server.name} lost power while a staged job ran`)
      for (const job of server.idrac.jobs.filter(
        (one) => one.state === 'Running' && one.payload.needs_reboot === true,
      )) {
        core.jobs.finish(server, job, 'Failed', 'PR21', 'Job failed.')
      }
    }
    if (server.boot.phase === 'running') hostLife.goesDown(server)
    server.boot_after_shutdown = null
  }
  const whileOn: Record<Exclude<PowerRequest, 'On' | 'Nmi' | 'PushPowerButton'>, (server: SimServer) => string> = {
    ForceOff: (server) => {
      cutPower(server)
      goOff(server)
      return 'powered off'
    },
    ForceRestart: (server) => {
      cutPower(server)
      beginBoot(server, false)
      return 'reset'
    },
    PowerCycle: (server) => {
      cutPower(server)
      goOff(server)
      server.power = 'PoweringOn'
      enter(server, 'off', POWER_CYCLE_MS)
      return 'power cycle'
    },
    GracefulShutdown: (server) => graceful(core, server, () => osShutdown(server, 'off')),
    GracefulRestart: (server) => graceful(core, server, () => osShutdown(server, 'boot')),
  }

  return {
    osShutdown,
    bootContinues(server) {
      if (server.boot.phase !== 'applying') return
      if (!startApplying(server)) enter(server, 'post', modelFacts(server.model).post_ms * SECOND_POST_SHARE)
    },
    power(server, request) {
      const off = server.power === 'Off'
      const push = request === 'PushPowerButton' ? (off ? 'On' : 'GracefulShutdown') : request
      if (push === 'On') {
        if (!off) return { ok: false, message_id: 'PSU501' }
        server.power = 'PoweringOn'
        enter(server, 'off', POWER_SETTLES_MS)
        return { ok: true, effect: 'powering on' }
      }
      if (off) return { ok: false, message_id: 'PSU502' }
      if (push === 'Nmi') return { ok: true, effect: 'NMI sent' }
      return { ok: true, effect: whileOn[push](server) }
    },
  }
}

/** The OS gets an ACPI event; it obeys only when it runs and does not ignore it. */
function graceful(core: LabCore, server: SimServer, obey: () => void): string {
  const ignored = server.boot.phase !== 'running' || server.ignores_graceful || core.flags(server.name).ignores_graceful
  if (ignored) return 'asked the operating system, which does not react'
  obey()
  return 'the operating system goes down'
}

/** Simulated ms that a reboot with nothing staged takes, from the request to a running system. */
export function rebootMs(server: SimServer): number {
  const facts = modelFacts(server.model)
  return SHUTDOWN_MS + facts.post_ms + facts.inventory_ms + facts.os_boot_ms + MINUTE
}
