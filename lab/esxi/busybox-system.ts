import { readPrintf } from './printf.js'
import type { Program } from './program.js'
import { evaluateTest } from './test-expression.js'

const echo: Program = (args, { streams }) => {
  const bare = args[0] === '-n'
  streams.out(`${(bare ? args.slice(1) : args).join(' ')}${bare ? '' : '\n'}`)
  return 0
}

const test =
  (name: '[' | 'test'): Program =>
  (args, { files, streams }) => {
    if (name === '[' && args.at(-1) !== ']') {
      streams.err('sh: missing ]\n')
      return 2
    }
    return evaluateTest(name === '[' ? args.slice(0, -1) : args, files)
  }

/** `ps -c`: worlds with their command lines; a check for a running image transaction greps it for esxcli-software. */
const processList: Program = (args, { processes, streams }) => {
  const withCommands = args.some((arg) => arg.includes('c'))
  const title = `WID       CID       WorldName${withCommands ? '            Command' : ''}`
  const rows = processes.list().map(({ pid, world, command }) => {
    const shown = `${String(pid).padEnd(9)} ${String(pid).padEnd(9)} ${world.padEnd(20)}`
    return (withCommands ? `${shown} ${command}` : shown).trimEnd()
  })
  streams.out(`${[title, ...rows].join('\n')}\n`)
  return 0
}

const kill: Program = (args, { processes, streams }) => {
  const signal = args[0]?.startsWith('-') ? args[0].slice(1) : 'TERM'
  let status = 0
  for (const word of args.filter((arg) => !arg.startsWith('-'))) {
    const pid = Number(word)
    const found =
      signal === '0' ? processes.isAlive(pid) : processes.kill(pid, signal === '9' || signal === 'KILL' ? 137 : 143)
    if (found) continue
    streams.err(`sh: can't kill pid ${word}: No such process\n`)
    status = 1
  }
  return status
}

const sleep: Program = async (args, { handle }) => {
  await handle.hold(Number(args[0] ?? '0') * 1000, 'sleep')
  return 0
}

const date: Program = (args, { core, streams }) => {
  const now = new Date(core.clock.now())
  if (args.includes('+%s')) streams.out(`${Math.floor(core.clock.now() / 1000)}\n`)
  else streams.out(`${now.toUTCString().replace(',', '').replace('GMT', 'UTC')}\n`)
  return 0
}

const uname: Program = (args, { host, streams }) => {
  const release = host.image.version
  if (args.includes('-r')) streams.out(`${release}\n`)
  else if (args.includes('-n')) streams.out(`${host.name}\n`)
  else if (args.includes('-a')) {
    streams.out(`VMkernel ${host.name} ${release} #1 SMP Release build-${host.image.build} x86_64 x86_64 x86_64 ESXi\n`)
  } else streams.out('VMkernel\n')
  return 0
}

/** `vmware -v`, `-l` (adds the release line) and `-vl`. */
const vmware: Program = (args, { host, streams }) => {
  const { version, build, update } = host.image
  const [major, minor] = version.split('.')
  const level = update > 0 ? `Update ${update}` : 'GA'
  streams.out(`VMware ESXi ${version} build-${build}\n`)
  if (args.some((arg) => arg.includes('l'))) streams.out(`VMware ESXi ${major}.${minor} ${level}\n`)
  return 0
}

/** Programs of busybox and ESXi that concern processes and the system. */
export const SYSTEM_PROGRAMS: Record<string, Program> = {
  echo,
  printf: (args, { streams }) => {
    streams.out(readPrintf(args))
    return 0
  },
  test: test('test'),
  '[': test('['),
  true: () => 0,
  false: () => 1,
  ps: processList,
  kill,
  sleep,
  date,
  uname,
  hostname: (_args, { host, streams }) => {
    streams.out(`${host.name}\n`)
    return 0
  },
  uptime: (_args, { core, host, streams }) => {
    const seconds = Math.max(0, Math.floor((core.clock.now() - host.boot_time) / 1000))
    const hours = `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
    streams.out(
      ` ${new Date(core.clock.now()).toISOString().slice(11, 19)} up ${hours}, load average: 0.01, 0.02, 0.02\n`,
    )
    return 0
  },
  id: (_args, { streams }) => {
    streams.out('uid=0(root) gid=0(root)\n')
    return 0
  },
  vmware,
  which: (args, { streams }) => findCommands(args, (path) => streams.out(`${path}\n`)),
  command: (args, { streams }) =>
    findCommands(
      args.filter((arg) => arg !== '-v'),
      (path) => streams.out(`${path}\n`),
    ),
}

/** Where the programs of a host lie; scripts ask to learn whether nohup or setsid exist. */
const PLACES: Record<string, string> = {
  esxcli: '/bin/esxcli',
  localcli: '/bin/localcli',
  'vim-cmd': '/bin/vim-cmd',
  vmware: '/bin/vmware',
}
const APPLETS = new Set([
  'sh',
  'cat',
  'ls',
  'nohup',
  'setsid',
  'ps',
  'kill',
  'sha256sum',
  'grep',
  'stat',
  'head',
  'tail',
  'df',
])

function findCommands(names: string[], show: (path: string) => void): number {
  let status = 0
  for (const name of names) {
    const path = PLACES[name] ?? (APPLETS.has(name) ? `/bin/${name}` : undefined)
    if (path) show(path)
    else status = 1
  }
  return status
}
