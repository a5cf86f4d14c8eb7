/** The gate at work; see gate.ts for what it promises. */
import type { Clock } from './clock.js'
import type { FaultRules } from './fault-rules.js'
import type { FaultRule } from './faults.js'
import type { Delivery, DevicePhase, Gate, GateRequest, LabAnswer, Verdict } from './gate.js'
import type { Holds } from './holds.js'
import type { Ledger, LedgerRow } from './ledger.js'
import type { PersonalityFlags } from './personality-flags.js'

interface GateDeps {
  clock: Clock
  ledger: Ledger
  rules: FaultRules
  holds: Holds
  flags: (device: string) => PersonalityFlags
  phase: (device: string) => DevicePhase
  addressOf: (device: string) => string | null
}

const NEVER_ARRIVED: LabAnswer = { status: 0, body: '' }

export function createGate(deps: GateDeps): Gate {
  const { ledger, rules } = deps
  const counters = new Map<string, { connections: number; requests: number }>()
  const counterOf = (device: string): { connections: number; requests: number } => {
    const known = counters.get(device) ?? { connections: 0, requests: 0 }
    counters.set(device, known)
    return known
  }

  return {
    async handle(request, effect) {
      const phase = request.phase ?? deps.phase(request.device)
      const met = rules.meet(request, phase, deps.addressOf(request.device))
      const row = ledger.append(
        request.connection.closed ? { ...rowOf(request), effect: 'client gone' } : rowOf(request),
      )
      if (!(await before(deps, request, met, counterOf(request.device)))) {
        ledger.settle(row, 0, 'client gone before the request was taken')
        return { answer: NEVER_ARRIVED, delivery: { how: 'close' } }
      }
      const count = counterOf(request.device).requests
      const answer = await answerOf(request, met, unavailable(deps, request, count) ?? effect, row, ledger)
      await after(deps, request, met)
      return dress(deps, request, met, answer, count)
    },
    aborted(request, note) {
      ledger.append({ ...rowOf(request), status: 0, effect: note })
    },
    refusesConnection(device) {
      const every = deps.flags(device).drop_every_nth_connection
      const counter = counterOf(device)
      counter.connections += 1
      return every > 0 && counter.connections % every === 0
    },
  }
}

function rowOf({
  device,
  kind,
  method,
  path,
  mutation,
}: Omit<GateRequest, 'connection'>): Parameters<Ledger['append']>[0] {
  return { device, kind, method, path, mutation }
}

/** Latency and holds before the effect; false = the client went away while it was held, so nothing arrived. */
async function before(
  deps: GateDeps,
  request: GateRequest,
  met: FaultRule[],
  counter: { requests: number },
): Promise<boolean> {
  counter.requests += 1
  const flags = deps.flags(request.device)
  const slow = flags.slow_every_nth > 0 && counter.requests % flags.slow_every_nth === 0 ? flags.slow_answer_ms : 0
  if (flags.latency_ms + slow > 0) await deps.clock.sleep(flags.latency_ms + slow)
  for (const rule of met) {
    if (rule.action === 'latency') await new Promise((resolve) => setTimeout(resolve, rule.ms))
    if (rule.action === 'hold' && rule.when === 'before') {
      await deps.holds.hold(request, 'before')
      if (request.connection.closed) return false
    }
  }
  return true
}

/** Runs the effect at most once and settles the ledger row; a `status` or `stall` rule answers instead of the device. */
async function answerOf(
  request: GateRequest,
  met: FaultRule[],
  effect: () => LabAnswer | Promise<LabAnswer>,
  row: LedgerRow,
  ledger: Ledger,
): Promise<LabAnswer> {
  const refusal = met.find((rule) => rule.action === 'status')
  if (refusal?.action === 'status') {
    ledger.settle(row, refusal.code, 'fault rule answered')
    return { status: refusal.code, headers: { 'content-type': 'application/json' }, body: refusal.body ?? '' }
  }
  if (met.some((rule) => rule.action === 'stall')) {
    ledger.settle(row, 0, 'fault rule: stalled, no effect')
    return NEVER_ARRIVED
  }
  try {
    const answer = await effect()
    ledger.settle(row, answer.status, answer.effect)
    return answer
  } catch (error) {
    console.error(`lab: ${request.device} ${request.method} ${request.path}:`, error)
    ledger.settle(row, 500, 'bug of the lab')
    return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'the simulated device has a bug' }
  }
}

/** Personality: a web server that is up before its services are answers HTML now and then, whatever was asked for. */
function unavailable({ flags }: GateDeps, request: GateRequest, count: number): (() => LabAnswer) | null {
  const every = flags(request.device).html_503_every_nth
  if (every === 0 || count % every !== 0 || request.method !== 'GET' || request.kind !== 'redfish') return null
  return () => ({
    status: 503,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>',
  })
}

async function after(deps: GateDeps, request: GateRequest, met: FaultRule[]): Promise<void> {
  for (const rule of met) if (rule.action === 'hold' && rule.when === 'after') await deps.holds.hold(request, 'after')
}

/** How the answer goes onto the wire, by rules first, then by the device's personality. */
function dress(deps: GateDeps, request: GateRequest, met: FaultRule[], answer: LabAnswer, count: number): Verdict {
  const replaced = met.find((rule) => rule.action === 'replace_body')
  const shown = replaced?.action === 'replace_body' ? { ...answer, body: replaced.body } : answer
  return { answer: shown, delivery: deliveryOf(met) ?? personal(deps, request, shown, count) }
}

function deliveryOf(met: FaultRule[]): Delivery | null {
  for (const rule of met) {
    if (rule.action === 'drop_answer') return { how: 'close' }
    if (rule.action === 'stall') return { how: 'stall' }
    if (rule.action === 'truncate') return { how: 'truncate' }
    if (rule.action === 'reset') return { how: 'reset', after_bytes: rule.after_bytes }
  }
  return null
}

function personal(deps: GateDeps, request: GateRequest, answer: LabAnswer, count: number): Delivery {
  const { truncate_every_nth: every } = deps.flags(request.device)
  const cuts =
    every > 0 && count % every === 0 && request.method === 'GET' && answer.status === 200 && answer.body.length > 1
  return cuts ? { how: 'truncate' } : { how: 'send' }
}
