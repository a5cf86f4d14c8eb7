import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const INSIDE = '--in-dark-network'

/** Are we root on a Linux that can make network namespaces and TUN devices? */
export function canBeDark(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['--net', 'ip', 'tuntap', 'add', 'dev', 'dark0', 'mode', 'tun'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export const isInside = (): boolean => process.argv.includes(INSIDE)

/** Runs this very program again in a network namespace of its own; resolves with its exit code. */
export function runInside(): Promise<number> {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1), INSIDE]
  const child = spawn('unshare', ['--net', ...again], { stdio: 'inherit' })
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}

/**
 * Makes loopback as it is elsewhere, but for one network: there only `live` addresses exist, all others are silent. What is
 * sent to them goes into a TUN device that nobody reads, as into a network behind a firewall that drops.
 */
export function darken(network: string, live: readonly string[]): void {
  const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' })
  const local = (route: string) => ip('route', 'add', 'local', route, 'dev', 'lo', 'table', 'local', 'src', '127.0.0.1')
  ip('link', 'set', 'lo', 'up')
  ip('tuntap', 'add', 'dev', 'dark0', 'mode', 'tun')
  ip('link', 'set', 'dark0', 'up')
  for (const name of ['all', 'dark0']) writeFileSync(`/proc/sys/net/ipv4/conf/${name}/route_localnet`, '1')
  local('127.0.0.0/16')
  for (const second of [30, 40, 50, 60, 70]) local(`127.${second}.0.0/16`)
  const batch = live.map((address) => `route add local ${address}/32 dev lo table local src 127.0.0.1`)
  execFileSync('ip', ['-batch', '-'], { input: `${batch.join('\n')}\n`, stdio: ['pipe', 'pipe', 'pipe'] })
  ip('route', 'del', 'local', '127.0.0.0/8', 'dev', 'lo', 'table', 'local')
  ip('route', 'add', network, 'dev', 'dark0', 'src', '127.0.0.1')
}
