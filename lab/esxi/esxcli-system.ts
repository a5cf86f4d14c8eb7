import type { SimHost } from '../model-vsphere.js'
import { hostServesAgain, stopAgent } from '../vcenter/host-availability.js'
import type { CliCommand } from './esxcli.js'
import type { CliAnswer } from './esxcli-format.js'
import type { ProgramContext } from './program.js'

const structure = (fields: Extract<CliAnswer, { kind: 'structure' }>['fields']): CliAnswer => ({
  kind: 'structure',
  fields,
})
const failure = (text: string): CliAnswer => ({ kind: 'failure', text: `${text}\n` })
const NOTHING: CliAnswer = { kind: 'nothing' }
const STATE_REFUSED = 'The operation is not allowed in the current state.'

const version: CliCommand = (_options, { host }) => {
  const { version: number, build, update, patch } = host.image
  return structure({
    Product: 'VMware ESXi',
    Version: number,
    Build: `Releasebuild-${build}`,
    Update: String(update),
    Patch: String(patch),
  })
}

const getMaintenance: CliCommand = (_options, { host }) => ({
  kind: 'text',
  text: host.in_maintenance ? 'Enabled' : 'Disabled',
})

/** Host-local: it waits for the VMs to go, but moves none. */
const setMaintenance: CliCommand = async (options, context) => {
  const wanted = options.value('enable', 'e')
  if (wanted === undefined) return failure('Error: Missing required parameter -e|--enable')
  const { core, host } = context
  const on = /^(true|1|yes|on)$/i.test(wanted)
  if (host.in_maintenance === on && !context.handle.resumed) return failure(STATE_REFUSED)
  if (!on) {
    core.setMaintenance(host, false)
    hostServesAgain(core, host)
    return NOTHING
  }
  if (runningVms(context) > 0) {
    const timeout = Number(options.value('timeout', 't') ?? '0')
    await context.handle.hold(timeout > 0 ? timeout * 1000 : 3_600_000, 'esxcli')
    if (runningVms(context) > 0) return failure('Operation timed out.')
  }
  stopAgent(core, host)
  core.setMaintenance(host, true)
  return NOTHING
}

const runningVms = ({ core, host }: ProgramContext): number =>
  core.find.vmsOn(host).filter((vm) => vm.power === 'poweredOn').length

const shutdown =
  (how: 'reboot' | 'poweroff'): CliCommand =>
  (options, { core, host }) => {
    if (!options.has('reason', 'r')) return failure('Error: Missing required parameter -r|--reason')
    if (!host.in_maintenance) return failure('The host must be in maintenance mode to perform this operation.')
    // The answer leaves before the host goes down.
    if (how === 'reboot') core.lifecycle.rebootHost(host, 'root')
    else core.lifecycle.shutdownHost(host, 'root')
    return NOTHING
  }

const encryption: CliCommand = (_options, { host }) =>
  structure({
    Mode: host.tpm.encryption_mode === 'TPM' ? 'TPM' : 'NONE',
    'Require Executables Only From Installed VIBs': false,
    'Require Secure Boot': host.tpm.encryption_mode === 'TPM' && host.secure_boot,
  })

/** One row `{UUID}  key`; nothing on a host that is not sealed. */
const recoveryList: CliCommand = (_options, { host }) => {
  const [id, key] = (host.tpm.recovery_key ?? '').split(/\s+/)
  if (host.tpm.encryption_mode !== 'TPM' || !id || !key) return { kind: 'list', rows: [] }
  return { kind: 'list', rows: [{ 'Recovery ID': id, Key: key }] }
}

const uptime: CliCommand = (_options, { core, host }) => ({
  kind: 'text',
  text: String(Math.max(0, Math.floor(core.clock.now() - host.boot_time) * 1000)),
})

const hostname: CliCommand = (_options, { host }) => {
  const [name = '', ...domain] = host.name.split('.')
  return structure({
    'Domain Name': domain.join('.'),
    'Fully Qualified Domain Name': host.name,
    'Host Name': name,
  })
}

const ADVANCED: Record<string, (host: SimHost) => { type: string; number: number; text: string; description: string }> =
  {
    '/UserVars/SuppressShellWarning': () => ({
      type: 'integer',
      number: 0,
      text: '',
      description: "Don't show warning for enabled local and remote shell access",
    }),
    '/Security/AccountLockFailures': () => ({
      type: 'integer',
      number: 5,
      text: '',
      description: 'Maximum allowed failed login attempts before locking out a user account',
    }),
    '/Security/AccountUnlockTime': () => ({
      type: 'integer',
      number: 900,
      text: '',
      description:
        'Duration in seconds to lock out a user account after exceeding the maximum allowed failed login attempts',
    }),
  }

const advancedList: CliCommand = (options) => {
  const path = options.value('option', 'o') ?? ''
  const setting = ADVANCED[path]
  if (!setting) return failure(`Unable to find branch ${path.split('/')[1] ?? ''}`)
  const { type, number, text, description } = setting({} as SimHost)
  return structure({
    Path: path,
    Type: type,
    'Int Value': number,
    'Default Int Value': number,
    'String Value': text,
    Description: description,
  })
}

/** Commands below `esxcli system` and what belongs to running VMs. */
export const SYSTEM_COMMANDS: Record<string, CliCommand> = {
  'system version get': version,
  'system maintenanceMode get': getMaintenance,
  'system maintenanceMode set': setMaintenance,
  'system shutdown reboot': shutdown('reboot'),
  'system shutdown poweroff': shutdown('poweroff'),
  'system settings encryption get': encryption,
  'system settings encryption recovery list': recoveryList,
  'system settings advanced list': advancedList,
  'system stats uptime get': uptime,
  'system hostname get': hostname,
  'system time get': (_options, { core }) => ({ kind: 'text', text: `${core.clock.iso().slice(0, 19)}Z` }),
  'system uuid get': (_options, { core, host }) => ({
    kind: 'text',
    text: core.find.serverOf(host).uuid.toLowerCase(),
  }),
  'vm process list': (_options, { core, host }) => ({
    kind: 'list',
    rows: core.find
      .vmsOn(host)
      .filter((vm) => vm.power === 'poweredOn')
      .map((vm) => ({
        'Display Name': vm.name,
        'World ID': Number(vm.moid.replace(/\D/g, '')),
        'Process ID': 0,
        'VMX Cartel ID': Number(vm.moid.replace(/\D/g, '')) + 1,
        UUID: vm.uuid,
        'Config File': `/vmfs/volumes/${core.find.datastore(vm.vcenter, vm.datastore).uuid}/${vm.name}/${vm.name}.vmx`,
      })),
  }),
}
