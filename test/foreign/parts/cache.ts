import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CACHE_FOLDER } from '../../../scripts/embedded/project.js'
import { had, missing, type Part } from './part.js'

/** Everything that the foreign tests install lies here; the folder may be deleted at any time. */
export const FOREIGN_CACHE = join(CACHE_FOLDER, 'foreign')

export const FOREIGN_FOLDER = join(import.meta.dirname, '..')

export interface Installation {
  name: string
  /** Sub-folder of the cache. */
  folder: string
  /** Files whose content decides what is installed: another content installs anew. */
  pins: readonly string[]
  /** Fills the folder; answers null, or why it could not. */
  install: (folder: string) => Promise<string | null>
}

/** Installs once per content of the pins. A failure is a part that is missing, and is tried again by the next run. */
export async function installed({ name, folder, pins, install }: Installation): Promise<Part> {
  const target = join(FOREIGN_CACHE, folder)
  const stamp = join(target, 'installed.sha256')
  const wanted = await hashOf(pins)
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return had(name, target)
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const reason = await install(target)
  if (reason !== null) return missing(name, reason)
  await writeFile(stamp, wanted)
  return had(name, target)
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(file))
  return hash.digest('hex')
}
