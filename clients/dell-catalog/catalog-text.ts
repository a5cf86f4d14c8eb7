import { open } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { CatalogInvalid } from './catalog-invalid.js'

/** Beyond these a file is no catalogue but an attack: today's hold 40 MB, packed about one to fifteen. */
const MOST_BYTES = 512 * 1024 * 1024
const MOST_RATIO = 200
/** Small files may be packed as well as they like. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024

/**
 * The text of a catalogue file, piece by piece: unpacked when it is gzip, decoded by byte order mark or declaration
 * (UTF-16 as the vendor serves it, UTF-8 as his repository tool writes it). Never more than a piece is in memory.
 * @throws {CatalogInvalid} a damaged or cut archive, bytes that are not of the encoding, a size or ratio beyond the limits
 */
export async function* catalogText(path: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  let begin = Buffer.alloc(0)
  for await (const bytes of unpacked(path)) {
    if (!decoder) {
      begin = Buffer.concat([begin, bytes])
      if (begin.length < 200) continue
      decoder = decoderFor(begin)
      yield decode(decoder, begin)
    } else yield decode(decoder, bytes)
  }
  decoder ??= decoderFor(begin)
  if (begin.length < 200) yield decode(decoder, begin)
  yield decode(decoder, null)
}

async function* unpacked(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(2)
    await file.read(head, 0, 2, 0)
    const { size } = await file.stat()
    const raw = file.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES })
    const gzip = head[0] === 0x1f && head[1] === 0x8b
    const bytes = gzip ? raw.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : raw
    let total = 0
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      total += piece.length
      if (total > MOST_BYTES) throw new CatalogInvalid(`The catalog holds more than ${MOST_BYTES} bytes.`)
      if (total > RATIO_FROM_BYTES && total > MOST_RATIO * size)
        throw new CatalogInvalid(`The catalog is packed more than one to ${MOST_RATIO}; it is not unpacked further.`)
      yield piece
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw new CatalogInvalid('The archive is damaged or was cut off; copy the catalog again.')
    throw thrown
  } finally {
    await file.close()
  }
}

function decoderFor(begin: Buffer): TextDecoder {
  const [a, b] = begin
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le', { fatal: true })
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be', { fatal: true })
  if (a === 0x3c && b === 0) return new TextDecoder('utf-16le', { fatal: true })
  if (a === 0 && b === 0x3c) return new TextDecoder('utf-16be', { fatal: true })
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']/.exec(begin.toString('latin1'))?.[1]
  if (declared && !/^(utf-?8|us-ascii|utf-16)$/i.test(declared))
    throw new CatalogInvalid(`The catalog is encoded in ${declared}; UTF-16 and UTF-8 are read.`)
  return new TextDecoder('utf-8', { fatal: true })
}

function decode(decoder: TextDecoder, bytes: Buffer | null): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    throw new CatalogInvalid(`The catalog holds bytes that are no ${decoder.encoding}, or it was cut off.`)
  }
}
