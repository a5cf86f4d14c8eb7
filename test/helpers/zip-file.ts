interface ZipPart {
  name: string
  content?: string
  link?: boolean
  /** What the directory claims, where it lies. */
  size_bytes?: number
  compressed_bytes?: number
}

/** A zip of stored entries, honest or not: `count` is what its end record claims. */
export function zipOf(parts: ZipPart[], claims: { count?: number } = {}): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const name = Buffer.from(part.name)
    const content = Buffer.from(part.content ?? '')
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt32LE(content.length, 18)
    local.writeUInt32LE(content.length, 22)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(part.compressed_bytes ?? content.length, 20)
    entry.writeUInt32LE(part.size_bytes ?? content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(((part.link ? 0o120777 : 0o100644) << 16) >>> 0, 38)
    entry.writeUInt32LE(at, 42)
    bodies.push(local, name, content)
    directory.push(entry, name)
    at += local.length + name.length + content.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(claims.count ?? parts.length, 0xffff), 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, list, end])
}
