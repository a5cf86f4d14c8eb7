const END_RECORD = Buffer.from([0x50, 0x4b, 0x05, 0x06])
const CENTRAL_RECORD = 0x02014b50

/** Names of the members of a ZIP, by its central directory; empty where it has none. */
export function listZipMembers(file: Buffer): string[] {
  const end = file.lastIndexOf(END_RECORD)
  if (end < 0 || end + 22 > file.length) return []
  const names: string[] = []
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== CENTRAL_RECORD) return []
    const length = file.readUInt16LE(at + 28)
    names.push(file.toString('utf8', at + 46, at + 46 + length))
    at += 46 + length + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return names
}
