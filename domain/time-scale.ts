const SHORTEST_PAUSE_MS = 50
const SHORTEST_LIMIT_MS = 30_000
const SHORTEST_SESSION_IDLE_MS = 2_000

/** Is this a loopback address (127.0.0.0/8, ::1, or IPv4-mapped)? Names are never loopback: they may resolve to anything. */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === '::1' || bare === '0:0:0:0:0:0:0:1') return true
  const v4 = bare.startsWith('::ffff:') ? bare.slice('::ffff:'.length) : bare
  const octets = v4.split('.')
  return octets.length === 4 && octets[0] === '127' && octets.every((octet) => /^\d{1,3}$/.test(octet) && +octet <= 255)
}

/**
 * The scale that counts for one device: the configured one on loopback, 1 everywhere else. A real device with a scale
 * would have its login budget turned into a lock-out, so nothing but the address decides.
 */
export function scaleFor(address: string, configured_scale: number): number {
  if (!isLoopback(address) || !Number.isFinite(configured_scale) || configured_scale < 1) return 1
  return configured_scale
}

/** A pause or poll interval of a device in real milliseconds; never below 50 ms, and never longer than asked. */
export function scaledPause(ms: number, scale: number): number {
  if (scale <= 1) return ms
  return Math.min(ms, Math.max(SHORTEST_PAUSE_MS, Math.round(ms / scale)))
}

/**
 * A time limit of a device in real milliseconds; never below 30 s of real time (a busy machine must not look like a slow
 * device), unless the limit itself is shorter.
 */
export function scaledLimit(ms: number, scale: number): number {
  if (scale <= 1) return ms
  return Math.min(ms, Math.max(SHORTEST_LIMIT_MS, Math.round(ms / scale)))
}

/** Window of a login budget in real milliseconds: it does fall below 30 s, since the device's own window does too. */
export function scaledLoginWindow(ms: number, scale: number): number {
  return scale <= 1 ? ms : Math.max(1, Math.round(ms / scale))
}

/** Idle time of a device session in real milliseconds; never below 2 s. */
export function scaledSessionIdle(ms: number, scale: number): number {
  return scale <= 1 ? ms : Math.min(ms, Math.max(SHORTEST_SESSION_IDLE_MS, Math.round(ms / scale)))
}

/** How many seconds of the device's own clock have passed in these real milliseconds. */
export function deviceSeconds(real_ms: number, scale: number): number {
  return (real_ms / 1000) * Math.max(1, scale)
}
