import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Reads the files of a gzipped tar (ustar, GNU long names, pax paths) into memory: name → bytes. */
export function readTarball(path: string): Map<string, Buffer> {
  const tar = gunzipSync(readFileSync(path))
  const files = new Map<string, Buffer>()
  let longName: string | undefined
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512)
    if (header[0] === 0) break
    const size = Number.parseInt(textOf(header.subarray(124, 136)).trim() || '0', 8)
    const type = String.fromCharCode(header[156] ?? 0)
    const body = tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
    if (type === 'L') longName = textOf(body)
    else if (type === 'x') longName = /\d+ path=([^\n]*)\n/.exec(body.toString('utf8'))?.[1] ?? longName
    else {
      const prefix = textOf(header.subarray(345, 500))
      const name = longName ?? (prefix ? `${prefix}/` : '') + textOf(header.subarray(0, 100))
      longName = undefined
      if (type === '0' || type === '\0') files.set(name, Buffer.from(body))
    }
  }
  return files
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? undefined : end).toString('utf8')
}
