import { createHash, randomBytes } from 'node:crypto'

const POOL_BYTES = 4_000
const ID_BYTES = 10
let pool = Buffer.alloc(0)
let used = 0
let last = 0n

/** Random bytes for one id; drawn for many at once, since each draw is a call of its own. */
function draw(): Buffer {
  if (used + ID_BYTES > pool.length) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  used += ID_BYTES
  return pool.subarray(used - ID_BYTES, used)
}

/** A UUID version 7: 48 bits of milliseconds, then random bits; ids of one process always grow. */
export function newId(now: number = Date.now()): string {
  const random = draw()
  // 12 bits behind the time count up inside one millisecond, so that rows of one batch keep their order.
  let head = (BigInt(now) << 12n) | BigInt(random.readUInt16BE(0) & 0x7ff)
  if (head <= last) head = last + 1n
  last = head
  const time = (head >> 12n).toString(16).padStart(12, '0')
  const counter = (head & 0xfffn).toString(16).padStart(3, '0')
  const variant = ((random.readUInt16BE(2) & 0x3fff) | 0x8000).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}-${random.subarray(4).toString('hex')}`
}

/** A UUID version 8 made of a text: the same text gives the same id, so that a row of it is written once. */
export function idOf(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hash.slice(16, 20), 16) & 0x3fff) | 0x8000).toString(16)
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}-${hash.slice(20, 32)}`
}
