/** One entry of package-lock.json, as far as it matters here. */
export interface LockEntry {
  version?: string
  integrity?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

export interface LockFile {
  packages: Record<string, LockEntry>
}

/** Optional dependencies that no entry of the lock file describes: `npm ci` refuses such a file. */
export function missingOptionals(lock: LockFile): Array<{ name: string; version: string; dev: boolean }> {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`])
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  )
}

const SYSTEMS = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony']
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el']

/**
 * An entry for the package of another platform that could not be looked up where the lock file was written (a registry
 * that holds only some platforms). Version, system and processor stand in the name and in the exact dependency; npm
 * fetches such a package, and checks it, only on that platform. Throws for a name or version that does not say so much.
 */
export function foreignPlatformEntry({
  name,
  version,
  dev,
}: {
  name: string
  version: string
  dev: boolean
}): LockEntry {
  const words = name.split(/[-/]/)
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version))
    throw new Error(`${name}@${version} does not name its platform and exact version`)
  const libc = words.includes('musl')
    ? ['musl']
    : words.includes('gnu') || words.includes('gnueabihf')
      ? ['glibc']
      : undefined
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc && os === 'linux' ? { libc } : {}),
    optional: true,
    os: [os],
  }
}

/** The lock file with an entry for every optional dependency, in npm's own order. */
export function completeLock(lock: LockFile): LockFile {
  const added = missingOptionals(lock).map(
    (missing) => [`node_modules/${missing.name}`, foreignPlatformEntry(missing)] as const,
  )
  const packages = Object.fromEntries(
    [...Object.entries(lock.packages), ...added].sort(([a], [b]) => a.localeCompare(b, 'en')),
  )
  return { ...lock, packages }
}
