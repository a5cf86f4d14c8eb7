import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LabSite } from '../../scripts/demo/lab-client.js'

export type { LabFirmware, LabIdrac } from '../../scripts/demo/lab-client.js'

export interface LabLedgerLine {
  seq: number
  device: string
  kind: string
  method: string
  path: string
  mutation: boolean
  status: number | null
  effect?: string
}

export interface LabProcess {
  url: string
  site: LabSite & { seed: number }
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  ledger(device: string): Promise<LabLedgerLine[]>
  stop(): Promise<void>
}

/** Starts a simulated site of its own, as `npm run lab` does, on a free control port. */
export async function startLab(env: Record<string, string> = {}): Promise<LabProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dsm-lab-'))
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', 'lab/main.ts'], {
    cwd: root,
    env: { ...process.env, LAB_PORT: '0', LAB_SPEED: '200', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await readyUrl(child)
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init =
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(url + path, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`lab ${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    url,
    control,
    site: await control<LabProcess['site']>('GET', '/lab/site'),
    ledger: async (device) => (await control<{ items: LabLedgerLine[] }>('GET', `/lab/ledger?device=${device}`)).items,
    stop: () => stop(child, dataDir),
  }
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const timer = setTimeout(() => reject(new Error(`the lab did not start:\n${output}`)), 60_000)
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const found = /LAB READY (http:\S+)/.exec(output)?.[1]
      if (!found) return
      clearTimeout(timer)
      resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the lab ended with ${code}:\n${output}`))
    })
  })
}

async function stop(child: ChildProcess, dataDir: string): Promise<void> {
  const ended = child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
  await rm(dataDir, { recursive: true, force: true })
}

/** Waits until `look` finds something; fails with the last thing seen. A look that throws counts as "not yet". */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  limitMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + limitMs
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const found = await look()
      if (found) return found
      last = found
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what} did not come; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`)
}
