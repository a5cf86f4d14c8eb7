import { createHash } from 'node:crypto'
import type { FileEntry } from './host-files.js'
import type { Program, ProgramContext } from './program.js'
import { FileRefusal } from './shell-run.js'

const flagsOf = (args: string[]): string =>
  args
    .filter((arg) => /^-[A-Za-z]+$/.test(arg))
    .map((arg) => arg.slice(1))
    .join('')
const pathsOf = (args: string[]): string[] => args.filter((arg) => !/^-[A-Za-z0-9]+$/.test(arg))

/** Input of a filter: the named files, or what is piped in. Tells of a missing file as busybox does. */
function inputOf(name: string, paths: string[], { files, streams }: ProgramContext): string | undefined {
  if (paths.length === 0) return streams.input
  let all = ''
  for (const path of paths) {
    const text = path === '-' ? streams.input : path === '/dev/null' ? '' : files.read(path)
    if (text === undefined) {
      streams.err(
        `${name}: can't open '${path}': ${files.find(path) ? 'Is a directory' : 'No such file or directory'}\n`,
      )
      return undefined
    }
    all += text
  }
  return all
}

const cat: Program = (args, context) => {
  const paths = pathsOf(args)
  let status = 0
  for (const path of paths.length === 0 ? ['-'] : paths) {
    const text = inputOf('cat', [path], context)
    if (text === undefined) status = 1
    else context.streams.out(text)
  }
  return status
}

const lines = (text: string): string[] => text.replace(/\n$/, '').split('\n')

/** head and tail: `-n N`, `-N`, `-c N`. */
const part =
  (end: 'head' | 'tail'): Program =>
  (args, context) => {
    const option = /^-(?:n|c)?\d+$/.test(args[0] ?? '') ? args[0] : undefined
    const separate = !option && /^-[nc]$/.test(args[0] ?? '')
    const byBytes = (args[0] ?? '').startsWith('-c')
    const raw = option ? option.replace(/^-[nc]?/, '') : separate ? (args[1] ?? '10') : '10'
    const count = Math.abs(Number(raw))
    const text = inputOf(end, pathsOf(args.slice(option ? 1 : separate ? 2 : 0)), context)
    if (text === undefined) return 1
    if (byBytes) context.streams.out(end === 'head' ? text.slice(0, count) : text.slice(-count))
    else if (text !== '') {
      const all = lines(text)
      context.streams.out(`${(end === 'head' ? all.slice(0, count) : all.slice(-count)).join('\n')}\n`)
    }
    return 0
  }

const wordCount: Program = (args, context) => {
  const flags = flagsOf(args)
  const paths = pathsOf(args)
  const path = paths[0]
  // Sizes of large files are known without their bytes.
  const entry = path === undefined ? undefined : context.files.find(path)
  if (flags === 'c' && entry?.kind === 'file') {
    context.streams.out(`${entry.size} ${path}\n`)
    return 0
  }
  const text = inputOf('wc', paths, context)
  if (text === undefined) return 1
  const counts = {
    l: text.split('\n').length - 1,
    w: text.split(/\s+/).filter(Boolean).length,
    c: Buffer.byteLength(text),
  }
  const wanted = (flags || 'lwc').split('') as (keyof typeof counts)[]
  context.streams.out(`${wanted.map((flag) => counts[flag]).join(' ')}${path ? ` ${path}` : ''}\n`)
  return 0
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MODES: Record<FileEntry['kind'], string> = { file: '-rw-r--r--', directory: 'drwxr-xr-x', link: 'lrwxrwxrwx' }

function longLine(name: string, entry: FileEntry): string {
  const at = new Date(entry.modified)
  const time = `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 16)}`
  const arrow = entry.target ? ` -> ${entry.target}` : ''
  return `${MODES[entry.kind]}    1 root     root     ${String(entry.size).padStart(12)} ${time} ${name}${arrow}`
}

const list: Program = (args, { files, streams }) => {
  const flags = flagsOf(args)
  const paths = pathsOf(args)
  let status = 0
  for (const path of paths.length === 0 ? ['/'] : paths) {
    // Of a link named without a slash at its end, the long form shows the link.
    const entry = files.find(path, !(flags.includes('l') && !path.endsWith('/')))
    if (!entry) {
      streams.err(`ls: ${path}: No such file or directory\n`)
      status = 1
    } else if (entry.kind === 'directory' && !flags.includes('d')) {
      const rows = files.list(path).map((name) => {
        const inside = files.find(`${path}/${name}`, false)
        return flags.includes('l') && inside ? longLine(name, inside) : name
      })
      streams.out(rows.map((row) => `${row}\n`).join(''))
    } else streams.out(`${flags.includes('l') ? longLine(path, entry) : path}\n`)
  }
  return status
}

/** `stat -c FORMAT` with the directives that scripts ask for, and the plain form's first lines. */
const stat: Program = (args, { files, streams }) => {
  const at = args.indexOf('-c')
  const format = at >= 0 ? args[at + 1] : undefined
  const paths = args.filter((arg, index) => !arg.startsWith('-') && index !== (at >= 0 ? at + 1 : -1))
  let status = 0
  for (const path of paths) {
    const entry = files.find(path)
    if (!entry) {
      streams.err(`stat: can't stat '${path}': No such file or directory\n`)
      status = 1
      continue
    }
    const known: Record<string, string> = {
      '%s': String(entry.size),
      '%n': path,
      '%Y': String(Math.floor(entry.modified / 1000)),
      '%F': entry.kind === 'directory' ? 'directory' : 'regular file',
    }
    const text = format ?? '  File: %n\n  Size: %s'
    streams.out(`${text.replace(/%[a-zA-Z]/g, (directive) => known[directive] ?? '?')}\n`)
  }
  return status
}

const makeDirectory: Program = (args, { files, streams }) => {
  let status = 0
  for (const path of pathsOf(args)) {
    const reason = files.makeDirectory(path, flagsOf(args).includes('p'))
    if (reason === undefined) continue
    streams.err(`mkdir: can't create directory '${path}': ${reason}\n`)
    status = 1
  }
  return status
}

const remove: Program = (args, { files, streams }) => {
  const force = flagsOf(args).includes('f')
  let status = 0
  for (const path of pathsOf(args)) {
    const reason = files.remove(path)
    if (reason === undefined || (force && reason === 'No such file or directory')) continue
    streams.err(`rm: can't remove '${path}': ${reason}\n`)
    status = 1
  }
  return status
}

const copy =
  (name: 'cp' | 'mv'): Program =>
  (args, { files, streams }) => {
    const [from = '', to = ''] = pathsOf(args)
    const text = files.read(from)
    if (text === undefined) {
      streams.err(`${name}: can't ${name === 'mv' ? 'rename' : 'stat'} '${from}': No such file or directory\n`)
      return 1
    }
    const target = files.find(to)?.kind === 'directory' ? `${to}/${from.split('/').at(-1)}` : to
    files.write(target, text, false)
    if (name === 'mv') files.remove(from)
    return 0
  }

const touch: Program = (args, { files, streams }) => {
  for (const path of pathsOf(args)) {
    try {
      if (!files.find(path)) files.write(path, '', false)
    } catch (error) {
      if (!(error instanceof FileRefusal)) throw error
      streams.err(`touch: ${path}: No such file or directory\n`)
      return 1
    }
  }
  return 0
}

/** Checksums: of text from its bytes, of a bundle from what is known of it. */
const checksum =
  (algorithm: 'sha256' | 'md5'): Program =>
  (args, { files, streams }) => {
    let status = 0
    for (const path of pathsOf(args)) {
      const entry = files.find(path)
      if (entry?.kind !== 'file') {
        streams.err(`${algorithm}sum: can't open '${path}': No such file or directory\n`)
        status = 1
        continue
      }
      const known = algorithm === 'sha256' && entry.sha256 ? entry.sha256 : undefined
      // The bytes of a bundle that the site is built with do not exist: its place and size stand for them.
      const source = entry.text ?? `${files.resolve(path)} ${entry.size}`
      streams.out(`${known ?? createHash(algorithm).update(source).digest('hex')}  ${path}\n`)
    }
    return status
  }

const readLink: Program = (args, { files, streams }) => {
  const path = pathsOf(args)[0] ?? ''
  const entry = files.find(path, false)
  const follow = flagsOf(args).includes('f')
  if (!follow && entry?.kind !== 'link') return 1
  streams.out(`${follow ? files.resolve(path) : entry?.target}\n`)
  return 0
}

const grep: Program = (args, context) => {
  const flags = flagsOf(args)
  const [pattern = '', ...paths] = pathsOf(args)
  const text = inputOf('grep', paths, context)
  if (text === undefined) return 2
  const source = flags.includes('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern
  const matcher = new RegExp(source, flags.includes('i') ? 'i' : '')
  const found = lines(text).filter((line) => matcher.test(line) !== flags.includes('v') && line !== '')
  if (flags.includes('c')) context.streams.out(`${found.length}\n`)
  else if (!flags.includes('q')) context.streams.out(found.map((line) => `${line}\n`).join(''))
  return found.length > 0 ? 0 : 1
}

/** Free space in KiB blocks, or as people read it, of the volumes that the host mounts. */
const diskFree: Program = (args, { core, host, streams }) => {
  const human = flagsOf(args).includes('h')
  const size = (bytes: number): string =>
    human ? `${(bytes / 1024 ** 3).toFixed(1)}G` : String(Math.floor(bytes / 1024))
  const rows = host.datastores.map((name) => {
    const { type, capacity_bytes: capacity, free_bytes: free } = core.find.datastore(host.vcenter, name)
    const used = capacity - free
    const share = `${Math.round((used / capacity) * 100)}%`
    const kind = (type === 'VMFS' ? 'VMFS-6' : type).padEnd(10)
    return `${kind} ${size(capacity).padStart(12)} ${size(used).padStart(12)} ${size(free).padStart(12)} ${share.padStart(4)} /vmfs/volumes/${name}`
  })
  const title = human
    ? '        Size         Used    Available Use% Mounted on'
    : '     1K-blocks         Used    Available Use% Mounted on'
  streams.out(`Filesystem ${title}\n${rows.map((row) => `${row}\n`).join('')}`)
  return 0
}

/** Programs of busybox that read and write files. */
export const FILE_PROGRAMS: Record<string, Program> = {
  cat,
  head: part('head'),
  tail: part('tail'),
  wc: wordCount,
  ls: list,
  stat,
  mkdir: makeDirectory,
  rm: remove,
  cp: copy('cp'),
  mv: copy('mv'),
  touch,
  chmod: () => 0,
  sync: () => 0,
  sha256sum: checksum('sha256'),
  md5sum: checksum('md5'),
  readlink: readLink,
  grep,
  df: diskFree,
}
