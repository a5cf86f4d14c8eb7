/** One part of a `multipart/form-data` body. */
export type Part = { name: string; fileName?: string; contentType?: string; content: Buffer }

/** The boundary named by a Content-Type header; undefined when it is not multipart or names none. Quotes are accepted. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!contentType?.toLowerCase().startsWith('multipart/form-data')) return undefined
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  return found?.[1] ?? found?.[2]
}

function headerValue(headers: string, name: string): string | undefined {
  const line = headers.split('\r\n').find((row) => row.toLowerCase().startsWith(`${name}:`))
  return line?.slice(name.length + 1).trim()
}

function parsePart(block: Buffer): Part | undefined {
  const gap = block.indexOf('\r\n\r\n')
  if (gap < 0) return undefined
  const headers = block.subarray(0, gap).toString('latin1')
  const disposition = headerValue(headers, 'content-disposition') ?? ''
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1]
  if (name === undefined) return undefined
  const fileName = /filename="([^"]*)"/i.exec(disposition)?.[1]
  const contentType = headerValue(headers, 'content-type')
  return {
    name,
    ...(fileName === undefined ? {} : { fileName }),
    ...(contentType === undefined ? {} : { contentType }),
    content: block.subarray(gap + 4),
  }
}

/** The parts of a complete multipart body in their order; undefined when the framing is broken (no end, no headers). */
export function parseMultipart(body: Buffer, boundary: string): Part[] | undefined {
  const opening = Buffer.from(`--${boundary}`)
  const between = Buffer.from(`\r\n--${boundary}`)
  if (body.indexOf(opening) !== 0) return undefined
  const parts: Part[] = []
  let at = opening.length
  for (;;) {
    if (body.subarray(at, at + 2).toString('latin1') === '--') return parts
    if (body.subarray(at, at + 2).toString('latin1') !== '\r\n') return undefined
    const end = body.indexOf(between, at + 2)
    if (end < 0) return undefined
    const part = parsePart(body.subarray(at + 2, end))
    if (!part) return undefined
    parts.push(part)
    at = end + between.length
  }
}
