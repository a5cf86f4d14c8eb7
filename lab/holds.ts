/** Requests that wait until a test lets them go, so that it can kill a process at an exact point. */
import type { GateRequest } from './gate.js'

export interface HeldRequest {
  id: string
  device: string
  kind: string
  method: string
  path: string
  when: 'before' | 'after'
  /** real time, RFC 3339 */
  since: string
}

export interface Holds {
  /** Resolves when the request is let go. The request stays in the list even if its client goes away. */
  hold(request: GateRequest, when: 'before' | 'after'): Promise<void>
  list(): HeldRequest[]
  /** Lets one go; false if there is none of that id. */
  release(id: string): boolean
  releaseAll(): void
}

export function createHolds(): Holds {
  const held = new Map<string, HeldRequest & { go: () => void }>()
  let next = 1
  const release = (id: string): boolean => {
    const one = held.get(id)
    held.delete(id)
    one?.go()
    return one !== undefined
  }
  return {
    hold: ({ device, kind, method, path }, when) =>
      new Promise((go) => {
        const id = `hold-${next++}`
        held.set(id, { id, device, kind, method, path, when, since: new Date().toISOString(), go })
      }),
    list: () => [...held.values()].map(({ go: _go, ...shown }) => shown),
    release,
    releaseAll() {
      for (const id of [...held.keys()]) release(id)
    },
  }
}
