/** A lab's core without faces, on its own clock, for tests of what the faces share. */
import { setTimeout as pause } from 'node:timers/promises'
import { createLab, firstSettingsOf, type Lab } from '../../lab/create-core.js'
import type { ClientConnection, GateRequest } from '../../lab/gate.js'
import { buildSite } from '../../lab/site/build-site.js'

export const SEED = 7

/** Runs at `speed`; stop it with `lab.clock.stop()`. */
export function smallLab({ site = 'small', seed = SEED, speed = 50_000 } = {}): Lab {
  const state = buildSite(site, seed, 0, Date.UTC(2026, 0, 1))
  const lab = createLab({ state, firstSettings: firstSettingsOf(state), speed, files: { keys: null, ledger: null } })
  lab.agenda.start()
  return lab
}

/**
 * Lets one thing after the other happen, by setting the clock to when the next is due, until a condition holds: no
 * state is missed, however short it is, and nothing depends on the machine's speed. Use with a slow clock.
 */
export async function stepUntil(lab: Lab, what: string, holds: () => boolean, steps = 500): Promise<void> {
  for (let step = 0; !holds(); step++) {
    const due = Math.min(...lab.state.agenda.map((item) => item.due))
    if (step >= steps || !Number.isFinite(due)) throw new Error(`not after ${step} steps: ${what}`)
    const left = lab.state.next_agenda_id
    const waiting = lab.state.agenda.length
    lab.clock.set(Math.max(due, lab.clock.now()))
    await until('the next step', () => lab.state.next_agenda_id !== left || lab.state.agenda.length !== waiting)
  }
}

/** Waits for a condition, at most five real seconds. */
export async function until(what: string, holds: () => boolean, ms = 5000): Promise<void> {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not in ${ms} ms: ${what}`)
    await pause(2)
  }
}

/** A connection that a test can close. */
export function connection(): ClientConnection & { close(): void } {
  const listeners = new Set<() => void>()
  let closed = false
  return {
    get closed() {
      return closed
    },
    onClose(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closed = true
      for (const listener of listeners) listener()
    },
  }
}

/** A request to a device, as a face would pass it to the gate. */
export function requestTo(device: string, change: Partial<GateRequest> = {}): GateRequest {
  return {
    device,
    kind: 'redfish',
    method: 'GET',
    path: '/redfish/v1',
    mutation: false,
    connection: connection(),
    ...change,
  }
}

/** First of a list; throws where there is none. */
export function first<T>(list: readonly T[]): T {
  const [one] = list
  if (one === undefined) throw new Error('the list is empty')
  return one
}
