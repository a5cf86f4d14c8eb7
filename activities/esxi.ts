import type { UpdateRequest } from '../clients/esxi/command.js'
import type { EsxiConnection } from '../clients/esxi/connection.js'
import { readEsxiFacts, readRecoveryKeys } from '../clients/esxi/esxcli.js'
import { readUpdateRun, startUpdate } from '../clients/esxi/update.js'
import type { UpdateRunState } from '../clients/esxi/update-state.js'
import { storeRecoveryKey } from '../db/stores/sealed-secrets.js'
import { vibsGone } from '../domain/esxi-vibs.js'
import { type HostImage, isUntouched, judgeEsxiOutcome } from '../domain/host-return.js'
import { scaledLimit } from '../domain/time-scale.js'
import type { EsxiActivities, UpdateEnd } from './contracts/esxi.js'
import type { Deps } from './deps.js'
import { withEsxi } from './esxi-connections.js'
import { Refused, StepFailed } from './failures.js'
import { once, type Reconciled } from './once.js'
import { type Look, pollUntil } from './poll.js'
import { preflightHost } from './preflight.js'
import { seeHost, withHost } from './with-vcenter.js'

const MINUTE_MS = 60_000
const UPDATE_LOOK_MS = 15_000
const START_LIMIT_MS = 60_000

/** Activities on one ESXi host over SSH. */
export function createEsxiActivities(deps: Deps): EsxiActivities {
  return {
    preflightHost: (input) => preflightHost(deps, input),
    storeRecoveryKey: ({ context, host_id }) =>
      withEsxi(deps, context, host_id, async ({ connection }) => {
        const keys = await readRecoveryKeys(connection)
        for (const key of keys)
          await storeRecoveryKey(deps.db, deps.keys, {
            host_id,
            recovery_id: key.recovery_id,
            recovery_key: key.key,
            job_id: context.job_id,
          })
        return { stored: keys.length > 0 }
      }),
    startUpdate: (input) => start(deps, input),
    waitUpdate: (input) => waitUpdate(deps, input),
    verifyBuild: (input) => verifyBuild(deps, input),
  }
}

type Start = Parameters<EsxiActivities['startUpdate']>[0]

/** Files on the host carry the job and the host's id: enough to be unique, and free of slashes. */
const fileId = (input: Start) => `${input.context.job_id}-${input.context.round}-${hashOf(input.step)}`

/** A short stable mark of a step's name (FNV-1a), since file names must stay short. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}

/** Starts the detached update, once. A second one is never started while the first is unclear. */
async function start(deps: Deps, input: Start): Promise<{ operation_id: string; before: HostImage }> {
  const { context, host_id, selection, step } = input
  const operation_id = fileId(input)
  const request: UpdateRequest = {
    method: selection.method,
    depot_path: selection.depot_path,
    profile_name: selection.profile_name,
    allow_hardware_warnings: selection.allow_hardware_warnings,
  }
  return withEsxi(deps, context, host_id, async ({ connection }) => {
    const begun = await once(deps, {
      context,
      step,
      operation: 'esx.update',
      device_kind: 'esxi',
      device_id: host_id,
      resource: `host:${host_id}`,
      request_limit_ms: START_LIMIT_MS,
      before: async () => ({ ...(await readImage(connection)) }),
      send: async () => {
        await startUpdate(connection, request, operation_id)
        return operation_id
      },
      reconcile: (operation) => wasStarted(connection, operation_id, operation.before ?? {}),
    })
    return { operation_id, before: { build: null, profile: null, alternate_bank: null, ...begun.before } }
  })
}

async function readImage(connection: EsxiConnection): Promise<HostImage> {
  const facts = await readEsxiFacts(connection)
  const bank = facts.boot_banks.find(({ name }) => name === 'altbootbank')
  const alternate_bank = bank?.build ? `${bank.build} ${bank.updated} ${bank.boot_state}` : null
  return { build: facts.build, profile: facts.profile_name, alternate_bank }
}

/** Code file, running process, then what the host holds: build and boot banks. */
async function wasStarted(
  connection: EsxiConnection,
  operation_id: string,
  before: Record<string, unknown>,
): Promise<Reconciled> {
  const run = await readUpdateRun(connection, operation_id)
  if (run.state === 'running' || run.state === 'finished') return { verdict: 'adopted', ref: operation_id }
  const now = await readImage(connection)
  const touched =
    now.build !== before.build || now.profile !== before.profile || now.alternate_bank !== before.alternate_bank
  if (touched) return { verdict: 'adopted', ref: operation_id }
  if (run.state === 'not_started') return { verdict: 'absent' }
  return { verdict: 'unknown', why: 'the update began on the host, and neither its end nor its process is there' }
}

async function waitUpdate(deps: Deps, input: Parameters<EsxiActivities['waitUpdate']>[0]): Promise<UpdateEnd> {
  return withEsxi(deps, input.context, input.host_id, async ({ connection, host, scale }) => {
    const options = {
      interval_ms: UPDATE_LOOK_MS,
      limit_ms: input.limit_minutes * MINUTE_MS,
      scale,
      what: `the update of ${host.name}`,
      waiting_code: 'DeviceBusy',
    } as const
    const end = await pollUntil<Extract<UpdateRunState, { state: 'finished' }>>(options, async () =>
      looked(await readUpdateRun(connection, input.operation_id)),
    )
    if (!end.outcome.ok) {
      const { failure } = end.outcome
      const nothing_applied = isUntouched(input.before, await readImage(connection))
      return {
        refused: { code: failure.code, message: `${host.name}: ${failure.text.slice(0, 500)}`, nothing_applied },
      }
    }
    const { result } = end.outcome
    return {
      refused: null,
      unchanged: result.unchanged,
      reboot_required: result.reboot_required ?? !result.unchanged,
      vibs_removed: vibsGone(result.vibs_removed, result.vibs_installed),
      vibs_installed: result.vibs_installed.length,
    }
  })
}

function looked(run: UpdateRunState): Look<Extract<UpdateRunState, { state: 'finished' }>> {
  if (run.state === 'finished') return { done: run }
  if (run.state === 'running') return { waiting: 'The update tool is at work.' }
  const why =
    run.state === 'lost' ? 'The update ended without leaving its result.' : 'The host has no trace of the update.'
  throw new StepFailed('OutcomeUnknown', why)
}

/** vCenter shows the old build for a while after the host has come back: so long it may do so. */
const STALE_BUILD_MS = 10 * MINUTE_MS

/** What runs on the host decides, as vCenter reads it: an old build is believed only when it stays. */
async function verifyBuild(deps: Deps, input: Parameters<EsxiActivities['verifyBuild']>[0]) {
  return withHost(deps, input.context, input.host_id, async (at) => {
    const patience = scaledLimit(STALE_BUILD_MS, at.scale)
    const options = {
      interval_ms: UPDATE_LOOK_MS,
      limit_ms: 2 * STALE_BUILD_MS,
      scale: at.scale,
      what: `the build of ${at.host.name}`,
      waiting_code: 'DeviceBusy',
    } as const
    return pollUntil(options, async ({ waited_ms }) => {
      const facts = await seeHost(deps, at)
      const wrong = judgeEsxiOutcome({
        from_build: input.build_before,
        target_build: input.target_build,
        target_version: null,
        build: facts.build,
        version: facts.esxi_version,
        alternate_build: null,
      })
      if (!wrong) return { done: { version: facts.esxi_version, build: facts.build } }
      if (waited_ms > patience) throw new Refused([wrong])
      return { waiting: `${at.host.name} still shows build ${facts.build ?? 'unknown'}.` }
    })
  })
}
