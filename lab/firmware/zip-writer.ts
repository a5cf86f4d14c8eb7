/** Writes a ZIP as a self-extracting file has it: any bytes in front, all offsets counted from the file's first byte. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  bytes: Buffer
  /** store = as it is; deflate = compressed */
  how: 'store' | 'deflate'
}

const STORE = 0
const DEFLATE = 8
/** 1 January 2024, 00:00, as MS-DOS writes dates: the same bytes at every run */
const DOS_DATE = ((2024 - 1980) << 9) | (1 << 5) | 1

/** `front` followed by local entries, central directory and its end record. */
export function selfExtractingZip(front: Buffer, entries: ZipEntry[]): Buffer {
  const parts: Buffer[] = [front]
  const central: Buffer[] = []
  let offset = front.length
  for (const entry of entries) {
    const packed = entry.how === 'deflate' ? deflateRawSync(entry.bytes, { level: 9 }) : entry.bytes
    const name = Buffer.from(entry.name, 'utf8')
    const facts = entryFacts(entry, packed.length, name.length)
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 0x03, 0x04]), facts, Buffer.alloc(2), name])
    const tail = Buffer.alloc(16)
    tail.writeUInt32LE(offset, 12)
    central.push(Buffer.concat([Buffer.from([0x50, 0x4b, 0x01, 0x02, 20, 0]), facts, tail, name]))
    parts.push(local, packed)
    offset += local.length + packed.length
  }
  const directory = Buffer.concat(central)
  return Buffer.concat([...parts, directory, endRecord(entries.length, directory.length, offset)])
}

/** From `version needed` to `file name length`: the 24 bytes that local and central headers share. */
function entryFacts(entry: ZipEntry, packedLength: number, nameLength: number): Buffer {
  const facts = Buffer.alloc(24)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(entry.how === 'deflate' ? DEFLATE : STORE, 4)
  facts.writeUInt16LE(0, 6)
  facts.writeUInt16LE(DOS_DATE, 8)
  facts.writeUInt32LE(crc32(entry.bytes), 10)
  facts.writeUInt32LE(packedLength, 14)
  facts.writeUInt32LE(entry.bytes.length, 18)
  facts.writeUInt16LE(nameLength, 22)
  return facts
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
