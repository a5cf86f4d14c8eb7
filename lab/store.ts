/** Keeps the state of an embedded lab on disk, and finds it again at the next start. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterSettings } from './invariants.js'
import type { SimSite } from './model.js'
import { writeWhole } from './write-whole.js'

/** Grows when the shape of the state changes: an older file is not read. */
const FORMAT = 2

interface Saved {
  format: number
  first_settings: ClusterSettings
  state: SimSite
}

export interface LabFolder {
  keys: string
  ledger: string
  state: string
}

/** Makes `DATA_DIR/lab`; answers the paths in it. */
export function openFolder(dataDir: string): LabFolder {
  const folder = join(dataDir, 'lab')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return { keys: join(folder, 'keys.json'), ledger: join(folder, 'ledger.jsonl'), state: join(folder, 'state.json') }
}

/** The kept state of this site and seed; null when there is none, another one, or an unreadable one. */
export function loadState(file: string, site: string, seed: number): Saved | null {
  if (!existsSync(file)) return null
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved
    const same = saved.format === FORMAT && saved.state.site === site && saved.state.seed === seed
    return same ? saved : null
  } catch {
    return null
  }
}

export function saveState(file: string, state: SimSite, firstSettings: ClusterSettings): void {
  writeWhole(file, JSON.stringify({ format: FORMAT, first_settings: firstSettings, state } satisfies Saved))
}

/** Throws away what a run of another site or seed left. */
export function forgetState({ state, ledger }: LabFolder): void {
  rmSync(state, { force: true })
  rmSync(ledger, { force: true })
}

/** Are sites of this name small enough to be written each second? */
export function isKept(site: string): boolean {
  return site === 'medium' || site.split(':')[0] === 'small'
}
