import { inflateRawSync } from 'node:zlib'

/** Where a zip is read from: an open file, or bytes that lie in another zip. */
export interface ZipSource {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>
}

/** A zip that is in memory already. */
export function zipInMemory(bytes: Buffer): ZipSource {
  return {
    read: async (buffer, offset, length, position) => ({
      bytesRead: bytes.copy(buffer, offset, position, position + length),
    }),
  }
}

export interface ZipEntry {
  name: string
  method: number
  compressed_bytes: number
  size_bytes: number
  offset: number
  is_link: boolean
}

/** Kind of file in the upper half of the external attributes, where a Unix made the archive. */
const FILE_KIND = 0o170000
const LINK = 0o120000

const END_MARK = 0x06054b50
const ENTRY_MARK = 0x02014b50
const LOCAL_MARK = 0x04034b50
/** The end record lies within the last 64 KiB and its own 22 bytes. */
const TAIL_BYTES = 65_557
const MOST_ENTRIES = 20_000
const MOST_DIRECTORY_BYTES = 16 * 1024 * 1024
const MOST_ENTRY_BYTES = 32 * 1024 * 1024
const MOST_RATIO = 200

/**
 * Entries of a zip, read from its central directory alone; works for archives with anything in front (update packages are
 * programs with a zip behind). Null when it is no zip, or one beyond the limits.
 */
export async function readZipEntries(file: ZipSource, size: number): Promise<ZipEntry[] | null> {
  const tail = await readAt(file, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES))
  const at = lastMark(tail)
  if (at < 0) return null
  const count = tail.readUInt16LE(at + 10)
  const bytes = tail.readUInt32LE(at + 12)
  if (count > MOST_ENTRIES || bytes > MOST_DIRECTORY_BYTES) return null
  // Offsets count from the begin of the zip; what stands in front shifts them.
  const end = size - tail.length + at
  const begin = end - bytes
  const shift = begin - tail.readUInt32LE(at + 16)
  if (begin < 0 || shift < 0) return null
  return parseDirectory(await readAt(file, begin, bytes), count, shift)
}

function lastMark(tail: Buffer): number {
  for (let at = tail.length - 22; at >= 0; at -= 1) if (tail.readUInt32LE(at) === END_MARK) return at
  return -1
}

function parseDirectory(directory: Buffer, count: number, shift: number): ZipEntry[] | null {
  const entries: ZipEntry[] = []
  let at = 0
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY_MARK) return null
    const name_bytes = directory.readUInt16LE(at + 28)
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + name_bytes),
      method: directory.readUInt16LE(at + 10),
      compressed_bytes: directory.readUInt32LE(at + 20),
      size_bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42) + shift,
      is_link: ((directory.readUInt32LE(at + 38) >>> 16) & FILE_KIND) === LINK,
    })
    at += 46 + name_bytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

/** Content of one entry; null when it is larger than the limits, or packed in a way that is not read here. */
export async function readZipEntry(file: ZipSource, entry: ZipEntry): Promise<Buffer | null> {
  if (entry.size_bytes > MOST_ENTRY_BYTES || entry.compressed_bytes > MOST_ENTRY_BYTES) return null
  if (entry.size_bytes > MOST_RATIO * Math.max(1, entry.compressed_bytes)) return null
  const head = await readAt(file, entry.offset, 30)
  if (head.length < 30 || head.readUInt32LE(0) !== LOCAL_MARK) return null
  const begin = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  const packed = await readAt(file, begin, entry.compressed_bytes)
  if (entry.method === 0) return packed
  return entry.method === 8 ? inflateRawSync(packed, { maxOutputLength: MOST_ENTRY_BYTES }) : null
}

async function readAt(file: ZipSource, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
