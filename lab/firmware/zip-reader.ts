/** Reads one member of a ZIP through its central directory, as an iDRAC does with a package that it got. */
import { crc32, inflateRawSync } from 'node:zlib'

const END_RECORD = 0x06054b50
const CENTRAL_RECORD = 0x02014b50

/** Bytes of the member, or null where there is no ZIP, no such member, or its checksum is wrong (a cut-off file). */
export function readZipMember(file: Buffer, member: string): Buffer | null {
  const end = findEnd(file)
  if (end < 0) return null
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== CENTRAL_RECORD) return null
    const nameLength = file.readUInt16LE(at + 28)
    const name = file.toString('utf8', at + 46, at + 46 + nameLength)
    if (name === member) return readMember(file, at)
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return null
}

function findEnd(file: Buffer): number {
  const lowest = Math.max(0, file.length - 22 - 65_535)
  for (let at = file.length - 22; at >= lowest; at--) if (file.readUInt32LE(at) === END_RECORD) return at
  return -1
}

function readMember(file: Buffer, central: number): Buffer | null {
  const packedLength = file.readUInt32LE(central + 20)
  const local = file.readUInt32LE(central + 42)
  if (local + 30 > file.length) return null
  const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
  const packed = file.subarray(start, start + packedLength)
  try {
    const bytes = file.readUInt16LE(central + 10) === 0 ? packed : inflateRawSync(packed)
    return crc32(bytes) === file.readUInt32LE(central + 16) ? Buffer.from(bytes) : null
  } catch {
    return null
  }
}
