import { createHash } from 'node:crypto'
import type { LabCore } from '../core.js'
import type { SimHost, SimImage } from '../model-vsphere.js'
import { FileRefusal } from './shell-run.js'

/** One thing in the file tree of a host. */
export interface FileEntry {
  kind: 'file' | 'directory' | 'link'
  size: number
  modified: number
  /** text of a file that has one; a bundle of hundreds of MB has none */
  text?: string
  target?: string
  sha256?: string | null
}

interface StoredFile {
  text: string
  at: number
}

interface StoredTree {
  boot: number
  files: Record<string, StoredFile>
  directories: string[]
}

const VOLUME = '/vmfs/volumes'
/** Directories that live on a disk; everything else of a host is a RAM disk and is empty after a boot. */
const PERSISTENT = [VOLUME, '/scratch', '/var/core', '/locker', '/store']
const FIXED_DIRECTORIES = [
  '/',
  '/tmp',
  '/var',
  '/var/log',
  '/var/run',
  '/var/tmp',
  '/etc',
  '/vmfs',
  VOLUME,
  '/scratch',
  '/locker',
  '/store',
  '/var/core',
  '/bin',
  '/sbin',
]

/** Ids of the two boot banks and the scratch volume of a host, formed like VMFS uuids. */
export function volumeIds(host: SimHost): { bootbank: string; altbootbank: string; osdata: string } {
  const id = (part: string): string => {
    const digits = createHash('sha256').update(`${host.name} ${part}`).digest('hex')
    return `${digits.slice(0, 8)}-${digits.slice(8, 16)}-${digits.slice(16, 20)}-${digits.slice(20, 32)}`
  }
  return { bootbank: id('bank 1'), altbootbank: id('bank 2'), osdata: id('os data') }
}

/** The file tree of a host: what it can write, its datastores, and what its system shows. */
export class HostFiles {
  constructor(
    private readonly core: LabCore,
    private readonly host: SimHost,
  ) {}

  /** What is at a path, links followed unless told otherwise; undefined where nothing is. */
  find(path: string, followLinks = true): FileEntry | undefined {
    const plain = normalise(path)
    const link = this.links()[plain]
    if (link !== undefined && !followLinks) {
      return { kind: 'link', size: link.length, modified: this.host.boot_time, target: link }
    }
    const real = this.resolve(plain)
    return this.stored(real) ?? this.onDatastore(real) ?? this.ofSystem(real)
  }

  /** Text of a file; undefined where it is missing or no text. */
  read(path: string): string | undefined {
    return this.find(path)?.text
  }

  /** Writes text; throws FileRefusal where the directory is missing or the path is a directory. */
  write(path: string, text: string, append: boolean): void {
    const real = this.resolve(normalise(path))
    const parent = this.find(real.split('/').slice(0, -1).join('/') || '/')
    if (parent?.kind !== 'directory') throw new FileRefusal('nonexistent directory')
    const known = this.find(real)
    if (known?.kind === 'directory') throw new FileRefusal('Is a directory')
    const tree = this.tree(isPersistent(real))
    const before = append ? (tree.files[real]?.text ?? '') : ''
    tree.files[real] = { text: before + text, at: this.core.clock.now() }
  }

  makeDirectory(path: string, parents: boolean): string | undefined {
    const real = this.resolve(normalise(path))
    const known = this.find(real)
    if (known) return parents && known.kind === 'directory' ? undefined : 'File exists'
    const above = real.split('/').slice(0, -1).join('/') || '/'
    if (this.find(above)?.kind !== 'directory') {
      if (!parents) return 'No such file or directory'
      const failed = this.makeDirectory(above, true)
      if (failed) return failed
    }
    this.tree(isPersistent(real)).directories.push(real)
    return undefined
  }

  /** Removes a file; answers the reason where that cannot be. */
  remove(path: string): string | undefined {
    const real = this.resolve(normalise(path))
    const tree = this.tree(isPersistent(real))
    if (tree.files[real]) {
      delete tree.files[real]
      return undefined
    }
    const place = this.datastoreOf(real)
    const file = place?.datastore.files.find((one) => one.path === place.path)
    if (place && file) {
      place.datastore.files = place.datastore.files.filter((one) => one !== file)
      place.datastore.free_bytes += file.size_bytes
      return undefined
    }
    if (!tree.directories.includes(real))
      return this.find(real) ? 'Operation not permitted' : 'No such file or directory'
    tree.directories = tree.directories.filter((one) => one !== real && !one.startsWith(`${real}/`))
    for (const name of Object.keys(tree.files)) if (name.startsWith(`${real}/`)) delete tree.files[name]
    return undefined
  }

  /** Names in a directory, sorted. */
  list(path: string): string[] {
    const real = this.resolve(normalise(path))
    const prefix = real === '/' ? '/' : `${real}/`
    const known = [
      ...Object.keys(this.tree(false).files),
      ...this.tree(false).directories,
      ...Object.keys(this.tree(true).files),
      ...this.tree(true).directories,
      ...FIXED_DIRECTORIES,
      ...Object.keys(this.links()),
      ...Object.keys(this.systemFiles()),
      ...this.datastoreNames(),
    ]
    const names = known
      .filter((one) => one.startsWith(prefix))
      .map((one) => one.slice(prefix.length).split('/')[0] ?? '')
    return [...new Set(names)].filter((name) => name !== '').sort()
  }

  /** The path with all links of the system followed: `/bootbank/boot.cfg` → `/vmfs/volumes/<id>/boot.cfg`. */
  resolve(path: string): string {
    const plain = normalise(path)
    const links = Object.entries(this.links()).sort((a, b) => b[0].length - a[0].length)
    for (const [from, to] of links) {
      if (plain === from) return to
      if (plain.startsWith(`${from}/`)) return to + plain.slice(from.length)
    }
    return plain
  }

  /** Datastore and path below it of a resolved path. */
  datastoreOf(real: string) {
    const match = /^\/vmfs\/volumes\/([^/]+)(?:\/(.*))?$/.exec(real)
    if (!match) return undefined
    const datastore = this.core.state.datastores.find(
      (one) => one.uuid === match[1] && one.vcenter === this.host.vcenter && one.hosts.includes(this.host.name),
    )
    return datastore ? { datastore, path: match[2] ?? '' } : undefined
  }

  private links(): Record<string, string> {
    const ids = volumeIds(this.host)
    const stores = this.core.state.datastores.filter(
      (one) => one.vcenter === this.host.vcenter && one.hosts.includes(this.host.name),
    )
    return {
      '/bootbank': `${VOLUME}/${ids.bootbank}`,
      '/altbootbank': `${VOLUME}/${ids.altbootbank}`,
      '/scratch': `${VOLUME}/${ids.osdata}`,
      ...Object.fromEntries(stores.map((one) => [`${VOLUME}/${one.name}`, `${VOLUME}/${one.uuid}`])),
    }
  }

  private datastoreNames(): string[] {
    return this.core.state.datastores
      .filter((one) => one.vcenter === this.host.vcenter && one.hosts.includes(this.host.name))
      .flatMap((one) => one.files.map((file) => `${VOLUME}/${one.uuid}/${file.path}`))
  }

  private stored(real: string): FileEntry | undefined {
    const tree = this.tree(isPersistent(real))
    const file = tree.files[real]
    if (file) return { kind: 'file', size: Buffer.byteLength(file.text), modified: file.at, text: file.text }
    const directory = FIXED_DIRECTORIES.includes(real) || tree.directories.includes(real)
    return directory ? { kind: 'directory', size: 512, modified: this.host.boot_time } : undefined
  }

  private onDatastore(real: string): FileEntry | undefined {
    const place = this.datastoreOf(real)
    if (!place) return undefined
    const { datastore, path } = place
    const file = datastore.files.find((one) => one.path === path)
    if (file) return { kind: 'file', size: file.size_bytes, modified: file.modified_at, sha256: file.sha256 }
    const directory = path === '' || datastore.files.some((one) => one.path.startsWith(`${path}/`))
    return directory ? { kind: 'directory', size: 2048, modified: this.host.boot_time } : undefined
  }

  private ofSystem(real: string): FileEntry | undefined {
    const text = this.systemFiles()[real]
    if (text !== undefined) return { kind: 'file', size: Buffer.byteLength(text), modified: this.host.boot_time, text }
    const ids = Object.values(volumeIds(this.host)).map((id) => `${VOLUME}/${id}`)
    return ids.includes(real) ? { kind: 'directory', size: 8, modified: this.host.boot_time } : undefined
  }

  private systemFiles(): Record<string, string> {
    const ids = volumeIds(this.host)
    const other = this.host.pending_image ?? this.host.previous_image
    return {
      [`${VOLUME}/${ids.bootbank}/boot.cfg`]: bootConfig(this.host.image, 1),
      [`${VOLUME}/${ids.altbootbank}/boot.cfg`]: bootConfig(other ?? this.host.image, this.host.pending_image ? 2 : 0),
      '/etc/vmware/esx.conf': `/system/uuid = "${this.core.find.serverOf(this.host).uuid}"\n`,
      '/var/log/esxupdate.log': String(this.host.face.esxupdate_log ?? ''),
    }
  }

  private tree(persistent: boolean): StoredTree {
    const key = persistent ? 'disk_files' : 'ram_files'
    const known = this.host.face[key] as unknown as StoredTree | undefined
    if (known && (persistent || known.boot === this.host.boot_count)) return known
    const fresh: StoredTree = { boot: this.host.boot_count, files: {}, directories: [] }
    this.host.face[key] = fresh as never
    return fresh
  }
}

/** boot.cfg of a bank; `updated` is the number by which the loader picks the newer bank. */
function bootConfig(image: SimImage, updated: number): string {
  const [major, minor, update] = image.version.split('.')
  return [
    'bootstate=0',
    'title=Loading VMware ESXi',
    'timeout=5',
    'prefix=',
    'kernel=b.b00',
    'kernelopt=autoPartition=FALSE',
    `build=${major}.${minor}.${update}-0.${image.patch}.${image.build}`,
    `updated=${updated}`,
    '',
  ].join('\n')
}

const isPersistent = (path: string): boolean => PERSISTENT.some((one) => path === one || path.startsWith(`${one}/`))

/** Absolute path without `.`, `..` and double slashes. */
export function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}
