/**
 * Power, boots and restarts, the same for every face. A boot takes simulated minutes (see hardware/), runs what is
 * staged, activates the other ESXi boot bank, and takes the vSphere host through notResponding and back.
 */

import type { DevicePhase } from './gate.js'
import type { SimServer } from './model-server.js'
import type { SimHost } from './model-vsphere.js'

export type PowerRequest =
  | 'On'
  | 'ForceOff'
  | 'GracefulShutdown'
  | 'GracefulRestart'
  | 'ForceRestart'
  | 'PowerCycle'
  | 'PushPowerButton'
  | 'Nmi'

/** Why not: the server is already in that state. `PSU501` already on, `PSU502` already off. */
export type PowerAnswer = { ok: true; effect: string } | { ok: false; message_id: 'PSU501' | 'PSU502' | 'SYS403' }

export interface Lifecycle {
  /** Does what ComputerSystem.Reset asks for. */
  power(server: SimServer, request: PowerRequest): PowerAnswer
  /** The operating system reboots itself (RebootHost_Task, `esxcli system shutdown reboot`). */
  rebootHost(host: SimHost, by: string): void
  /** The operating system goes down by itself (ShutdownHost_Task, `esxcli system shutdown poweroff`). */
  shutdownHost(host: SimHost, by: string): void
  /** Restarts the iDRAC: dark for simulated minutes, sessions gone. `extraMs` lengthens the dark time. */
  restartIdrac(server: SimServer, reason: 'reset' | 'update' | 'cpld' | 'fault', extraMs?: number): void
  /** `dark` (nobody listens), `loading` (503, SWC0700, LC060), or `ready`. */
  idracState(server: SimServer): 'dark' | 'loading' | 'ready'
  /** Redfish BootProgress.LastState of now. */
  bootProgress(
    server: SimServer,
  ):
    | 'None'
    | 'MemoryInitializationStarted'
    | 'PCIResourceConfigStarted'
    | 'SystemHardwareInitializationComplete'
    | 'OSBootStarted'
    | 'OSRunning'
  /** A job of the boot has ended: the boot goes on with the next one. Only the job queue calls this. */
  bootContinues(server: SimServer): void
  /** Is ESXi up and reachable over the network (SSH when enabled)? */
  hostIsUp(host: SimHost): boolean
  /** Phase for fault selectors. */
  phase(device: string): DevicePhase
  /**
   * The listener must close or open: the iDRAC went dark or came back, the ESXi SSH service appeared or went.
   * Faces that hold real listeners subscribe; called for the device's name.
   */
  onReachability(listener: (device: string, reachable: boolean) => void): void
  /** Writes one line into the Lifecycle log (and the SEL for `log: 'sel'`). */
  log(
    server: SimServer,
    entry: {
      message_id: string
      message: string
      message_args?: string[]
      severity?: 'OK' | 'Warning' | 'Critical'
      category?: string
      fqdd?: string
      log?: 'sel' | 'lifecycle'
    },
  ): void
}
