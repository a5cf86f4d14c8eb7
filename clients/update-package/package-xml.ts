import type { FileHandle } from 'node:fs/promises'
import { componentFacts, nodeOf, type PackageFacts, parseXml } from './software-component.js'
import { readZipEntries, readZipEntry, type ZipSource } from './zip.js'

/** Reads the `package.xml` of an update package by its central directory. Null when there is none that can be used. */
export async function readUpdatePackage(file: FileHandle | ZipSource, size: number): Promise<PackageFacts | null> {
  const entries = await readZipEntries(file, size)
  const entry = entries?.find((each) => /(^|\/)package\.xml$/i.test(each.name))
  const content = entry ? await readZipEntry(file, entry) : null
  return content ? parsePackageXml(decode(content)) : null
}

/** Real packages are written in UTF-16 as often as in UTF-8. */
function decode(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le')
  return content.toString('utf8').replace(/^\uFEFF/, '')
}

/** Parses a `SoftwareComponent` document; null when it is no XML of that kind or lacks a version. */
export function parsePackageXml(xml: string): PackageFacts | null {
  try {
    const root = nodeOf(parseXml(xml).SoftwareComponent)
    return root ? componentFacts(root, 'package') : null
  } catch {
    return null
  }
}
