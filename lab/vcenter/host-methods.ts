import type { LabCore } from '../core.js'
import { setSshService } from '../esxi/ssh-service.js'
import type { SimHost, SimTask } from '../model-vsphere.js'
import type { CallContext } from './context.js'
import { startAgent } from './host-availability.js'
import { hostOfManager } from './inventory.js'
import { enterMaintenance, exitMaintenance } from './maintenance.js'
import {
  change,
  hostReceiver,
  type Method,
  read,
  requiredText,
  requireReachable,
  taskReference,
  userOf,
} from './method.js'
import { failTask, findTask, startTask, succeedTask } from './task-store.js'
import { array, data, long, text } from './values.js'
import { invalidArgument, invalidState, managedObjectNotFound, VimFault } from './vim-faults.js'
import { childBoolean, childInteger } from './xml-read.js'

const REBOOT_TOLD_MS = 4_000
const RECONNECT_MS = 12_000
const AGENT_CONFIGURED_MS = 20_000

function hostTask(context: CallContext, host: SimHost, operation: string): SimTask {
  return startTask(context.core, context.vcenter(), {
    description: `HostSystem.${operation}`,
    entity: { type: 'HostSystem', moid: host.moid, name: host.name },
    user: userOf(context),
    data: { host: host.name },
  })
}

/** Reboot and shutdown: only in maintenance mode, unless forced. */
const down = (operation: 'reboot' | 'shutdown'): Method =>
  change((context, call) => {
    const host = hostReceiver(context, call)
    const force = childBoolean(call.args, 'force')
    if (force === undefined) throw invalidArgument('force')
    requireReachable(context.core, host)
    if (!force && !host.in_maintenance) throw invalidState()
    const task = hostTask(context, host, operation)
    if (operation === 'reboot') context.core.lifecycle.rebootHost(host, userOf(context))
    else context.core.lifecycle.shutdownHost(host, userOf(context))
    context.core.agenda.after(REBOOT_TOLD_MS, 'vcenter.task_done', { vcenter: context.name, task: task.id })
    return taskReference(task)
  })

const disconnect = change((context, call) => {
  const host = hostReceiver(context, call)
  const task = hostTask(context, host, 'disconnect')
  context.core.setConnection(host, 'disconnected')
  context.core.agenda.after(2_000, 'vcenter.task_done', { vcenter: context.name, task: task.id })
  return taskReference(task)
})

const reconnect = change((context, call) => {
  const host = hostReceiver(context, call)
  if (host.connection === 'connected') throw invalidState()
  const task = hostTask(context, host, 'reconnect')
  context.core.agenda.after(RECONNECT_MS, 'vcenter.reconnected', { vcenter: context.name, task: task.id })
  return taskReference(task)
})

const configureAgent = change((context, call) => {
  const host = hostReceiver(context, call)
  requireReachable(context.core, host)
  const task = hostTask(context, host, 'reconfigureHostForDAS')
  startAgent(context.core, host, true)
  context.core.agenda.after(AGENT_CONFIGURED_MS, 'vcenter.task_done', { vcenter: context.name, task: task.id })
  return taskReference(task)
})

/** StartService and StopService; starting a service that runs is no error. */
const service = (enabled: boolean): Method =>
  change(async (context, call) => {
    const host = hostOfManager(context, call.receiver.id)
    if (!host) throw managedObjectNotFound('HostServiceSystem', call.receiver.id)
    requireReachable(context.core, host)
    const id = requiredText(call, 'id')
    if (!KNOWN_SERVICES.has(id)) throw new VimFault('NotFound', 'The object or item referred to could not be found.')
    if (id === 'TSM-SSH') {
      if (enabled && context.core.flags(host.name).ssh_disabled_by_lockdown) {
        throw new VimFault('HostConfigFault', 'An error occurred during host configuration: the service is disabled.')
      }
      await setSshService(context.core, host, enabled)
    }
    return undefined
  })

const KNOWN_SERVICES = new Set(['DCUI', 'TSM', 'TSM-SSH', 'ntpd', 'vpxa', 'vmware-fdm'])

const servicePolicy = change((context, call) => {
  const host = hostOfManager(context, call.receiver.id)
  if (!host) throw managedObjectNotFound('HostServiceSystem', call.receiver.id)
  const id = requiredText(call, 'id')
  const policy = requiredText(call, 'policy')
  if (policy !== 'on' && policy !== 'off' && policy !== 'automatic') throw invalidArgument('policy')
  if (id === 'TSM-SSH') host.ssh.policy = policy
  return undefined
})

function imageHost(context: CallContext, id: string): SimHost {
  const host = hostOfManager(context, id)
  if (!host) throw managedObjectNotFound('HostImageConfigManager', id)
  requireReachable(context.core, host)
  return host
}

/** `PartnerSupported` → `partner`, the spelling of this interface. */
const ACCEPTANCE: Record<string, string> = {
  VMwareCertified: 'vmware_certified',
  VMwareAccepted: 'vmware_accepted',
  PartnerSupported: 'partner',
  CommunitySupported: 'community',
}

/** Methods by managed type. */
export const HOST_METHODS: Record<string, Record<string, Method>> = {
  HostSystem: {
    EnterMaintenanceMode_Task: change((context, call) => {
      const timeout = childInteger(call.args, 'timeout')
      if (timeout === undefined) throw invalidArgument('timeout')
      requireReachable(context.core, hostReceiver(context, call))
      return taskReference(
        enterMaintenance(context.core, hostReceiver(context, call), {
          timeout,
          evacuatePoweredOff: childBoolean(call.args, 'evacuatePoweredOffVms') ?? false,
          user: userOf(context),
        }),
      )
    }),
    ExitMaintenanceMode_Task: change((context, call) => {
      const timeout = childInteger(call.args, 'timeout')
      if (timeout === undefined) throw invalidArgument('timeout')
      requireReachable(context.core, hostReceiver(context, call))
      return taskReference(exitMaintenance(context.core, hostReceiver(context, call), timeout, userOf(context)))
    }),
    RebootHost_Task: down('reboot'),
    ShutdownHost_Task: down('shutdown'),
    DisconnectHost_Task: disconnect,
    ReconnectHost_Task: reconnect,
    ReconfigureHostForDAS_Task: configureAgent,
    RetrieveHardwareUptime: read((context, call) => {
      const host = hostReceiver(context, call)
      requireReachable(context.core, host)
      return long(Math.max(0, (context.core.clock.now() - host.boot_time) / 1000))
    }),
  },
  HostServiceSystem: {
    StartService: service(true),
    StopService: service(false),
    UpdateServicePolicy: servicePolicy,
    RefreshServices: read(() => undefined),
  },
  HostImageConfigManager: {
    HostImageConfigGetAcceptance: read((context, call) =>
      text(ACCEPTANCE[imageHost(context, call.receiver.id).image.acceptance] ?? 'partner'),
    ),
    HostImageConfigGetProfile: read((context, call) => {
      const { image } = imageHost(context, call.receiver.id)
      return data('HostImageProfileSummary', { name: text(image.name), vendor: text(image.vendor) })
    }),
    fetchSoftwarePackages: read((context, call) =>
      array(
        'SoftwarePackage',
        imageHost(context, call.receiver.id).image.vibs.map((vib) =>
          data('SoftwarePackage', {
            name: text(vib.name),
            version: text(vib.version),
            type: text('bootbank'),
            vendor: text(vib.vendor),
            acceptanceLevel: text(ACCEPTANCE[vib.acceptance] ?? 'partner'),
            summary: text(vib.name),
            description: text(vib.name),
          }),
        ),
      ),
    ),
  },
  HostAccessManager: { QueryLockdownExceptions: read(() => array('String', [])) },
}

/** Registers what goes on after the answers. */
export function registerHostTasks(core: LabCore): void {
  core.agenda.on('vcenter.task_done', (item) => {
    const task = findTask(core, core.find.vcenter(String(item.vcenter)), String(item.task))
    if (task?.state === 'running') succeedTask(core, task)
  })
  core.agenda.on('vcenter.reconnected', (item) => {
    const task = findTask(core, core.find.vcenter(String(item.vcenter)), String(item.task))
    if (task?.state !== 'running') return
    const host = core.find.host(String(task.data.host))
    if (!core.lifecycle.hostIsUp(host)) {
      failTask(core, task, new VimFault('NoHost', 'Unable to communicate with the host.', { name: text(host.name) }))
      return
    }
    core.setConnection(host, 'connected')
    host.seen_by_vcenter = { version: host.image.version, build: host.image.build }
    if (!host.in_maintenance) startAgent(core, host)
    succeedTask(core, task)
  })
}
