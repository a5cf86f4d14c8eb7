/**
 * What will happen by itself, as data: `{due, type, data}` in `state.agenda`, so that a lab that is stopped and started
 * again goes on with every boot, job and evacuation where it was. Each type has one handler, registered before `start`.
 */
import type { Clock } from './clock.js'
import type { AgendaItem, JsonValue, SimSite } from './model.js'

export type AgendaData = Record<string, JsonValue>
export type AgendaHandler = (data: AgendaData, item: AgendaItem) => void

export interface Agenda {
  /** Registers the handler of a type, e.g. `vcenter.evacuate`; throws if there is one already. */
  on(type: string, handler: AgendaHandler): void
  /** Adds an item that is due after so many simulated ms; answers its id. Throws for a type without a handler. */
  after(simMs: number, type: string, data: AgendaData): number
  /** Adds an item that is due at a simulated time. */
  at(due: number, type: string, data: AgendaData): number
  /** Takes an item out; nothing happens if it is gone already. */
  cancel(id: number): void
  /** Takes out all items of a type whose data match. */
  cancelWhere(type: string, matches: (data: AgendaData) => boolean): void
  /** All items of a type, soonest first. */
  pending(type: string): AgendaItem[]
  /** Begins to run what is in the state; after a reset it is called again. */
  start(): void
}

/** Makes the agenda over `stateOf().agenda`, driven by the clock. A handler that throws is told to `onBug`; the rest goes on. */
export function createAgenda(
  stateOf: () => SimSite,
  clock: Clock,
  onBug: (item: AgendaItem, error: unknown) => void,
): Agenda {
  const handlers = new Map<string, AgendaHandler>()
  const timers = new Map<number, () => void>()

  const arm = (item: AgendaItem): void => {
    timers.set(
      item.id,
      clock.at(item.due, () => run(item)),
    )
  }
  const remove = (id: number): void => {
    const { agenda } = stateOf()
    const index = agenda.findIndex((item) => item.id === id)
    if (index >= 0) agenda.splice(index, 1)
    timers.get(id)?.()
    timers.delete(id)
  }
  const run = (item: AgendaItem): void => {
    remove(item.id)
    try {
      handlers.get(item.type)?.(item.data, item)
    } catch (error) {
      onBug(item, error)
    }
  }
  const at = (due: number, type: string, data: AgendaData): number => {
    if (!handlers.has(type)) throw new Error(`no handler for agenda type ${type}`)
    const state = stateOf()
    const item: AgendaItem = { id: state.next_agenda_id++, due, type, data }
    state.agenda.push(item)
    arm(item)
    return item.id
  }

  return {
    on(type, handler) {
      if (handlers.has(type)) throw new Error(`agenda type ${type} has a handler already`)
      handlers.set(type, handler)
    },
    at,
    after: (simMs, type, data) => at(clock.now() + Math.max(0, simMs), type, data),
    cancel: remove,
    cancelWhere(type, matches) {
      for (const item of stateOf().agenda.filter((one) => one.type === type && matches(one.data))) remove(item.id)
    },
    pending: (type) =>
      stateOf()
        .agenda.filter((item) => item.type === type)
        .sort((a, b) => a.due - b.due || a.id - b.id),
    start() {
      for (const cancel of timers.values()) cancel()
      timers.clear()
      for (const item of stateOf().agenda) arm(item)
    },
  }
}
