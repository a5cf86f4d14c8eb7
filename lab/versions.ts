/** Compares firmware versions as the devices do: segment by segment, numbers as numbers. */

/** Below 0: a is older than b; 0: equal; above 0: newer. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(/[^0-9A-Za-z]+/)
  const right = b.split(/[^0-9A-Za-z]+/)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareSegment(left[i] ?? '0', right[i] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

function compareSegment(a: string, b: string): number {
  const numbers = /^\d+$/.test(a) && /^\d+$/.test(b)
  return numbers ? Number(a) - Number(b) : a.localeCompare(b, 'en', { numeric: true })
}
