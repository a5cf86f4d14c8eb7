import { open } from 'node:fs/promises'
import { XMLParser } from 'fast-xml-parser'
import { DeviceError } from '../errors.js'
import { readZipEntries, readZipEntry, type ZipSource, zipInMemory } from '../update-package/zip.js'

/** An image profile as the metadata of a depot tells it. */
export interface DepotFileProfile {
  name: string
  vendor: string | null
  acceptance_level: string | null
  /** Release and build of its base package. */
  version: string | null
  build: number | null
}

const LEVELS = new Map([
  ['certified', 'VMwareCertified'],
  ['accepted', 'VMwareAccepted'],
  ['partner', 'PartnerSupported'],
  ['community', 'CommunitySupported'],
])
/** `VMware_bootbank_esx-base_8.0.3-0.70.24859861`: release, then patch level, then build. */
const BASE = /_esx-base_(\d+\.\d+\.\d+)-[\d.]*?(\d+)$/

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, isArray: (name) => name === 'vib' })

const invalid = (why: string) =>
  new DeviceError('DepotInvalid', `The depot cannot be read: ${why}.`, { sent: false, answered: false })

/**
 * The image profiles of an offline depot, from the file itself: `profiles/*.xml` inside its metadata archives.
 * @throws DeviceError `DepotInvalid`
 */
export async function readDepotFile(path: string): Promise<DepotFileProfile[]> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const entries = await readZipEntries(file, size)
    if (!entries) throw invalid('it is no zip')
    const profiles: DepotFileProfile[] = []
    for (const entry of entries.filter(({ name }) => /(^|\/)[^/]*metadata[^/]*\.zip$/i.test(name))) {
      const archive = await readZipEntry(file, entry)
      if (archive) profiles.push(...(await profilesOf(zipInMemory(archive), archive.length)))
    }
    if (profiles.length === 0) throw invalid('its metadata names no image profile')
    return profiles
  } finally {
    await file.close()
  }
}

async function profilesOf(archive: ZipSource, size: number): Promise<DepotFileProfile[]> {
  const entries = (await readZipEntries(archive, size)) ?? []
  const profiles: DepotFileProfile[] = []
  // Names of entries inside carry no ending in real depots, `.xml` in others.
  for (const entry of entries.filter(({ name }) => /^profiles\/[^/]+$/.test(name))) {
    const text = (await readZipEntry(archive, entry))?.toString('utf8')
    const profile = text === undefined ? null : readProfile(text)
    if (profile) profiles.push(profile)
  }
  return profiles
}

function readProfile(text: string): DepotFileProfile | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return null
  const root: unknown = (parser.parse(text) as Record<string, unknown>).imageprofile
  const name = wordAt(root, 'name')
  if (name === null) return null
  const vibs = valueAt(valueAt(root, 'viblist'), 'vib')
  const base = (Array.isArray(vibs) ? vibs : []).map((vib) => BASE.exec(wordAt(vib, 'vib-id') ?? '')).find(Boolean)
  return {
    name,
    vendor: wordAt(root, 'creator'),
    acceptance_level: LEVELS.get((wordAt(root, 'acceptancelevel') ?? '').toLowerCase()) ?? null,
    version: base?.[1] ?? null,
    build: base?.[2] === undefined ? null : Number(base[2]),
  }
}

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined

function wordAt(value: unknown, key: string): string | null {
  const found = valueAt(value, key)
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null
}
