/**
 * The web depot: plain HTTP on 127.70.0.1:8080, with the firmware files. Its socket is also the claim of this lab on its
 * second octets: whoever can bind it owns 127.20, 127.30, … of that shift.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { DEPOT_PORT, depotAddress, MAX_SHIFT } from './addresses.js'
import type { FaultRule } from './faults.js'
import { resetConnection } from './tcp-reset.js'

export interface DepotFile {
  file_name: string
  bytes: Buffer
  content_type?: string
}

export interface WebDepot {
  readonly shift: number
  /** Serves these files from now on; paths are `/firmware/<file name>`. */
  serve(files: DepotFile[]): void
  /** Asks for the fault rules that meet a request of the device `web-depot`, kind `http`. */
  failBy(meet: (method: string, path: string) => FaultRule[]): void
  close(): Promise<void>
}

/** No octets left, or the platform has no such loopback addresses; the message says what to do. */
export class NoAddress extends Error {}

/** Binds the first free shift, `preferred` first; throws NoAddress. */
export async function openDepot(preferred: number): Promise<WebDepot> {
  const files = new Map<string, DepotFile>()
  const faults: Faults = { meet: () => [] }
  const order = [
    preferred,
    ...Array.from({ length: MAX_SHIFT + 1 }, (_, shift) => shift).filter((shift) => shift !== preferred),
  ]
  for (const shift of order) {
    const server = createServer((request, response) => answerOrFail(files, faults, request, response))
    if (await binds(server, depotAddress(shift))) return depotOf(server, shift, files, faults)
  }
  throw new NoAddress(
    `all ${MAX_SHIFT + 1} labs of this machine run already (127.70.0.1 to 127.${70 + MAX_SHIFT}.0.1, port ${DEPOT_PORT}), or another program listens on port ${DEPOT_PORT} of all addresses`,
  )
}

async function binds(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else if (error.code === 'EADDRNOTAVAIL') reject(new NoAddress(aliasHint(address)))
      else reject(error)
    })
    server.listen({ host: address, port: DEPOT_PORT }, () => resolve(true))
  })
}

/** What to type where only 127.0.0.1 exists. */
export function aliasHint(address: string): string {
  const net = address.split('.').slice(0, 3).join('.')
  return `${address} cannot be used on this platform. Add loopback aliases first, for example: for n in $(seq 1 80); do sudo ifconfig lo0 alias ${net}.$n/32 up; done (the same for 127.20.0.n, 127.30.0.n, 127.40.0.n and 127.40.1.n)`
}

interface Faults {
  meet: (method: string, path: string) => FaultRule[]
}

function depotOf(server: Server, shift: number, files: Map<string, DepotFile>, faults: Faults): WebDepot {
  return {
    shift,
    serve(list) {
      files.clear()
      for (const file of list) files.set(file.file_name, file)
    },
    failBy(meet) {
      faults.meet = meet
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A depot has few ways to fail: another status or body, a cut file, a connection that ends. The last rule counts. */
function answerOrFail(
  files: Map<string, DepotFile>,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const rule = faults.meet(request.method ?? '', (request.url ?? '').split('?')[0] ?? '').at(-1)
  const bytes = files.get(nameOf(request))?.bytes ?? Buffer.alloc(0)
  if (rule?.action === 'status') response.writeHead(rule.code, { 'content-type': 'text/plain' }).end(rule.body ?? '')
  else if (rule?.action === 'replace_body') response.end(request.method === 'HEAD' ? undefined : rule.body)
  else if (rule?.action === 'truncate' || rule?.action === 'reset') {
    response.writeHead(200, { 'content-length': bytes.length })
    const part = rule.action === 'reset' ? rule.after_bytes : Math.floor(bytes.length / 2)
    response.write(bytes.subarray(0, part), () => resetConnection(request.socket))
  } else if (rule?.action === 'drop_answer') request.socket.destroy()
  else if (rule?.action === 'latency') setTimeout(() => answer(files, request, response), rule.ms)
  else if (rule?.action !== 'stall') answer(files, request, response)
}

/** GET and HEAD with ranges, as an iDRAC and a media store ask. */
function answer(files: Map<string, DepotFile>, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const file = files.get(nameOf(request))
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no such file')
    return
  }
  const range = rangeOf(request.headers.range, file.bytes.length)
  if (range === 'bad') {
    response.writeHead(416, { 'content-range': `bytes */${file.bytes.length}` }).end()
    return
  }
  const [start, end] = range ?? [0, file.bytes.length - 1]
  response.writeHead(range ? 206 : 200, {
    'content-type': file.content_type ?? 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${file.bytes.length}` } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : file.bytes.subarray(start, end + 1))
}

function nameOf(request: IncomingMessage): string {
  const path = (request.url ?? '').split('?')[0] ?? ''
  return decodeName(path.slice(path.lastIndexOf('/') + 1))
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** `bytes=a-b`, one range only; null without one. */
function rangeOf(header: string | undefined, size: number): [number, number] | 'bad' | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!header) return null
  if (!found || (found[1] === '' && found[2] === '')) return 'bad'
  const start = found[1] === '' ? Math.max(0, size - Number(found[2])) : Number(found[1])
  const end = found[1] === '' || found[2] === '' ? size - 1 : Math.min(size - 1, Number(found[2]))
  return start > end || start >= size ? 'bad' : [start, end]
}
