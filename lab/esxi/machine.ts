import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'
import { FILE_PROGRAMS } from './busybox-files.js'
import { SYSTEM_PROGRAMS } from './busybox-system.js'
import { esxcli } from './esxcli.js'
import { HostFiles } from './host-files.js'
import type { ProcessTable } from './process-table.js'
import type { Program } from './program.js'
import type { Shell, ShellMachine, ShellStreams } from './shell-run.js'
import { vimCmd } from './vim-cmd.js'

const SECURE_BOOT = '/usr/lib/vmware/secureboot/bin/secureBoot.py'

const PROGRAMS: Record<string, Program> = {
  ...FILE_PROGRAMS,
  ...SYSTEM_PROGRAMS,
  esxcli,
  localcli: esxcli,
  'vim-cmd': vimCmd,
  reboot: (_args, { core, host }) => {
    core.lifecycle.rebootHost(host, 'root')
    return 0
  },
  'secureBoot.py': (args, { host, streams }) => {
    if (args.includes('-s')) streams.out(host.secure_boot ? 'Enabled\n' : 'Disabled\n')
    else streams.out('Secure boot can be enabled: All vib signatures verified. All tardisks validated.\n')
    return 0
  },
  'auto-backup.sh': () => 0,
}

/** Words that run the rest of the line as a program. */
const WRAPPERS = new Set(['nohup', 'setsid', 'exec', 'env', 'time'])

/** The machine as a process tree sees it. */
export function createMachine(core: LabCore, hostName: string, processes: ProcessTable, tree: string): ShellMachine {
  const host = (): SimHost => core.find.host(hostName)
  const files = (): HostFiles => new HostFiles(core, host())
  const machine: ShellMachine = {
    readFile: (path) => files().read(path),
    openFile(path, append, key) {
      if (processes.isFirstTime(tree, key)) files().write(path, '', append)
    },
    appendFile(path, text) {
      // What a program wrote before a restart of the lab is in its file already.
      if (!processes.repeats(tree)) files().write(path, text, true)
    },
    background: (shell, command, run) => processes.background(tree, shell, command, run),
    async execute(argv, streams, shell) {
      const [name = '', ...args] = argv
      if (WRAPPERS.has(name)) return args.length === 0 ? 0 : machine.execute(args, streams, shell)
      const base = /^\/(?:usr\/)?s?bin\//.test(name) || name === SECURE_BOOT ? (name.split('/').at(-1) ?? '') : name
      if (base === 'sh' || base === 'ash') return runShell(args, streams, shell)
      if (base === 'timeout') return machine.execute(args.slice(1), streams, shell)
      const program = base.includes('/') ? undefined : PROGRAMS[base]
      return processes.program(tree, shell.nextProgramKey(), argv, streams, (teed, handle) =>
        program
          ? program(args, { core, host: host(), files: files(), processes, streams: teed, handle })
          : unknownProgram(name, files(), teed),
      )
    },
  }
  return machine
}

/** `sh -c SCRIPT`: a shell of its own below the one that starts it. */
function runShell(args: string[], streams: ShellStreams, shell: Shell): Promise<number> {
  const at = args.findIndex((arg) => /^-\w*c$/.test(arg))
  const script = at >= 0 ? (args[at + 1] ?? '') : streams.input
  return shell.fork(shell.nextBranchKey(), shell.pid).run(script, streams)
}

function unknownProgram(name: string, files: HostFiles, streams: ShellStreams): number {
  if (name.includes('/') && files.find(name)) {
    streams.err(`sh: ${name}: Permission denied\n`)
    return 126
  }
  streams.err(`sh: ${name}: not found\n`)
  return 127
}

/** Commands that change the host; scripts that only look, and files of a RAM disk, do not count. */
export function changesHost(script: string): boolean {
  const update = /\besxcli\b[^;|&]*\bsoftware\s+(?:profile|vib)\s+(?:update|install|remove)\b/.test(script)
  if (update && !/--dry-run\b/.test(script)) return true
  return (
    /\bmaintenanceMode\s+set\b|\bsystem\s+shutdown\b|\bacceptance\s+set\b|\badvanced\s+set\b/.test(script) ||
    /\bmaintenance_mode_(?:enter|exit)\b|(?:^|[;&|]\s*)reboot\b|\bkill\s+(?!-0\b)/.test(script)
  )
}
