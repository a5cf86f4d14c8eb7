/** Puts power, boots, hosts and iDRAC restarts together; lifecycle.ts says what they promise. */
import type { LabCore } from './core.js'
import { createHostLife } from './host-life.js'
import { createIdracLife } from './idrac-life.js'
import type { Lifecycle } from './lifecycle.js'
import { createMachine } from './machine.js'
import type { BootPhase, SimServer } from './model-server.js'
import { writeLog } from './server-log.js'

const PROGRESS: Record<BootPhase, ReturnType<Lifecycle['bootProgress']>> = {
  off: 'None',
  post: 'MemoryInitializationStarted',
  applying: 'PCIResourceConfigStarted',
  inventory: 'SystemHardwareInitializationComplete',
  os_boot: 'OSBootStarted',
  running: 'OSRunning',
  shutdown: 'OSRunning',
}

export function createLifecycle(core: LabCore): Lifecycle {
  const listeners: ((device: string, reachable: boolean) => void)[] = []
  const reachable = (device: string, is: boolean): void => {
    for (const listener of listeners) listener(device, is)
  }
  const hostLife = createHostLife(core, reachable)
  const machine = createMachine(core, hostLife)
  const idracLife = createIdracLife(core, reachable)

  const phaseOf = (server: SimServer): ReturnType<Lifecycle['phase']> => {
    if (idracLife.stateOf(server) === 'dark') return 'dark'
    if (server.boot.phase === 'applying') return 'updating'
    if (server.boot.phase !== 'running' && server.boot.phase !== 'off') return 'rebooting'
    return server.idrac.jobs.some((job) => job.state === 'Running' || job.state === 'Downloading') ? 'updating' : 'idle'
  }
  return {
    power: machine.power,
    bootContinues: machine.bootContinues,
    rebootHost: (host) => machine.osShutdown(core.find.serverOf(host), 'boot'),
    shutdownHost: (host) => machine.osShutdown(core.find.serverOf(host), 'off'),
    restartIdrac: idracLife.restart,
    idracState: idracLife.stateOf,
    bootProgress: (server) => PROGRESS[server.boot.phase],
    hostIsUp: (host) => core.find.serverOf(host).boot.phase === 'running',
    phase(device) {
      const server = core.tryServer(device)
      if (server) return phaseOf(server)
      const host = core.tryHost(device)
      if (!host) return 'idle'
      const until = host.update_running_until
      if (until !== null && until > core.clock.now()) return 'updating'
      return core.find.serverOf(host).boot.phase === 'running' ? 'idle' : 'rebooting'
    },
    onReachability(listener) {
      listeners.push(listener)
    },
    log: (server, entry) => writeLog(core, server, entry),
  }
}
