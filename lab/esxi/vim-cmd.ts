import { hostServesAgain, stopAgent } from '../vcenter/host-availability.js'
import type { Program, ProgramContext } from './program.js'

/** `vim-cmd hostsvc/hostsummary`, cut to the parts that scripts read; indents and quoting as on a host. */
function hostSummary({ core, host }: ProgramContext): string {
  const server = core.find.serverOf(host)
  const cores = host.cpu.sockets * host.cpu.cores
  return `(vim.host.Summary) {
   host = 'vim.HostSystem:ha-host',
   hardware = (vim.host.Summary.HardwareSummary) {
      vendor = "Dell Inc.",
      model = "${server.model}",
      uuid = "${server.uuid.toLowerCase()}",
      otherIdentifyingInfo = (vim.host.SystemIdentificationInfo) [
         (vim.host.SystemIdentificationInfo) {
            identifierValue = "${server.service_tag}",
            identifierType = (vim.ElementDescription) {
               label = "Service tag",
               summary = "Service tag of the system",
               key = "ServiceTag"
            }
         }
      ],
      memorySize = ${host.memory_bytes},
      cpuModel = "${host.cpu.model}",
      cpuMhz = ${host.cpu.mhz},
      numCpuPkgs = ${host.cpu.sockets},
      numCpuCores = ${cores},
      numCpuThreads = ${cores * 2},
      numNics = ${host.vmnics.length},
      numHBAs = 2
   },
   runtime = (vim.host.RuntimeInfo) {
      connectionState = "connected",
      powerState = "poweredOn",
      standbyMode = <unset>,
      inMaintenanceMode = ${host.in_maintenance},
      bootTime = "${core.clock.iso(host.boot_time)}"
   },
   rebootRequired = ${host.pending_image !== null}
}
`
}

function allVms({ core, host }: ProgramContext): string {
  const rows = core.find.vmsOn(host).map((vm, index) => {
    const file = `[${vm.datastore}] ${vm.name}/${vm.name}.vmx`
    return `${String(index + 1).padEnd(6)} ${vm.name.padEnd(28)} ${file.padEnd(60)} otherLinux64Guest   vmx-19`
  })
  return `${[`Vmid   ${'Name'.padEnd(28)} ${'File'.padEnd(60)} Guest OS            Version   Annotation`, ...rows].join('\n')}\n`
}

function maintenance(enter: boolean, context: ProgramContext): number {
  const { core, host, streams } = context
  const running = core.find.vmsOn(host).some((vm) => vm.power === 'poweredOn')
  if (host.in_maintenance === enter || (enter && running)) {
    streams.err(
      '(vim.fault.InvalidState) {\n   faultCause = (vmodl.MethodFault) null,\n   msg = "The operation is not allowed in the current state."\n}\n',
    )
    return 1
  }
  if (enter) stopAgent(core, host)
  core.setMaintenance(host, enter)
  if (!enter) hostServesAgain(core, host)
  return 0
}

/** vim-cmd: the host agent's own command line. */
export const vimCmd: Program = ([command = ''], context) => {
  const { core, host, streams } = context
  switch (command) {
    case 'hostsvc/hostsummary':
      streams.out(hostSummary(context))
      return 0
    case 'vmsvc/getallvms':
      streams.out(allVms(context))
      return 0
    case 'hostsvc/maintenance_mode_enter':
      return maintenance(true, context)
    case 'hostsvc/maintenance_mode_exit':
      return maintenance(false, context)
    case 'hostsvc/firmware/sync_config':
      return 0
    case 'hostsvc/firmware/backup_config':
      streams.out(
        `Bundle can be downloaded at : http://*/downloads/${core.find.serverOf(host).uuid.toLowerCase()}/configBundle-${host.name}.tgz\n`,
      )
      return 0
    default:
      streams.err(`Invalid command '${command}'.\n`)
      return 1
  }
}
