import { type FileHandle, open } from 'node:fs/promises'
import { readUpdatePackage } from '../clients/update-package/package-xml.js'
import type { PackageFacts } from '../clients/update-package/software-component.js'
import { readZipEntries, type ZipEntry } from '../clients/update-package/zip.js'
import { whyBadArchive } from '../domain/archive-rule.js'
import { type CatalogSummary, inspectCatalog, looksLikeCatalog } from './catalog-import.js'
import { StepFailed } from './failures.js'

export type Content =
  | { kind: 'iso' | 'img' | 'esxi_depot' }
  | { kind: 'firmware'; facts: PackageFacts }
  | { kind: 'catalog'; summary: CatalogSummary }

/** A file to be looked at: where it lies, and how the client called it. */
export interface LookedAtFile {
  path: string
  filename: string
  size_bytes: number
}

const ISO_MARK_AT = 32_769
const BOOT_MARK_AT = 510

/**
 * What the file is, by its content; a name or a wish is never believed. Nothing of an archive is unpacked but the
 * description of an update package.
 * @throws StepFailed `UnsupportedFileType`, `PackageInvalid`, `DepotInvalid`
 */
export async function lookInside(at: LookedAtFile, wanted: string | null): Promise<Content> {
  const { filename } = at
  if (/\.bin$/i.test(filename))
    throw new StepFailed('UnsupportedFileType', 'Linux packages (.BIN) cannot be used; an iDRAC takes the .EXE form.')
  const file = await open(at.path, 'r')
  try {
    const content = await classify(file, at, wanted)
    if (!content)
      throw new StepFailed(
        'UnsupportedFileType',
        `${filename} is no ISO, image, firmware package, ESXi depot or catalog.`,
      )
    if (wanted && wanted !== content.kind)
      throw new StepFailed('UnsupportedFileType', `${filename} is of kind ${content.kind}, not ${wanted}.`)
    return content
  } finally {
    await file.close()
  }
}

async function classify(file: FileHandle, at: LookedAtFile, wanted: string | null): Promise<Content | null> {
  const head = Buffer.alloc(4)
  await file.read(head, 0, 4, 0)
  if (head.toString('latin1', 0, 2) === 'MZ') return updatePackage(file, at)
  const mark = Buffer.alloc(5)
  await file.read(mark, 0, 5, ISO_MARK_AT)
  if (mark.toString('latin1') === 'CD001') return { kind: 'iso' }
  if (head.toString('latin1', 0, 2) === 'PK') return isDepot(file, at)
  if (looksLikeCatalog(head)) return { kind: 'catalog', summary: await inspectCatalog(at.path) }
  return isDiskImage(file, at, wanted)
}

async function updatePackage(file: FileHandle, at: LookedAtFile): Promise<Content> {
  refuseBadArchive(await readZipEntries(file, at.size_bytes), at)
  const facts = await readUpdatePackage(file, at.size_bytes)
  if (!facts) throw new StepFailed('PackageInvalid', `${at.filename} holds no readable package.xml.`)
  return { kind: 'firmware', facts }
}

/** An offline depot has an index and, beside it, the metadata of its vendor. */
async function isDepot(file: FileHandle, at: LookedAtFile): Promise<Content | null> {
  const entries = await readZipEntries(file, at.size_bytes)
  refuseBadArchive(entries, at)
  const names = entries?.map((entry) => entry.name) ?? []
  const depot = names.includes('index.xml') && names.some((name) => /metadata.*\.zip$|vendor-index\.xml$/.test(name))
  return depot ? { kind: 'esxi_depot' } : null
}

function refuseBadArchive(entries: ZipEntry[] | null, at: LookedAtFile): void {
  const why = entries === null ? null : whyBadArchive(entries, at.size_bytes)
  if (why) throw new StepFailed('UnsupportedFileType', `${at.filename}: ${why}`)
}

/** A disk image says little of itself: the mark of a boot sector, and that somebody called it one. */
async function isDiskImage(file: FileHandle, at: LookedAtFile, wanted: string | null): Promise<Content | null> {
  if (wanted !== 'img' && !/\.(img|ima)$/i.test(at.filename)) return null
  const mark = Buffer.alloc(2)
  await file.read(mark, 0, 2, BOOT_MARK_AT)
  return mark.toString('hex') === '55aa' ? { kind: 'img' } : null
}
