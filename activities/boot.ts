import { type BootState, readBoot, setBootOrder, setBootOverride } from '../clients/redfish/boot.js'
import { listJobs } from '../clients/redfish/dell/jobs.js'
import { openBiosJobs } from '../domain/bios-jobs.js'
import { type BootFacts, type BootNow, type BootWanted, decideBoot, isBootAsWanted } from '../domain/boot-settings.js'
import type { BootActivities } from './contracts/boot.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { once, type Reconciled } from './once.js'
import { proofPause } from './poll.js'
import { type AtServer, withServer } from './with-server.js'

/** Two forms of the same request, a minute each. */
const REQUEST_LIMIT_MS = 120_000
const ENABLED = { once: 'Once', continuous: 'Continuous', disabled: 'Disabled' } as const
const MODES = { uefi: 'UEFI', legacy: 'Legacy' } as const
/** The settings show at once what was taken; a job may be some seconds late. */
const ABSENT_LOOKS = 4

/** Activities on the boot settings of one server. */
export function createBootActivities(deps: Deps): BootActivities {
  return {
    judgeBoot: ({ context, server_id, wanted }) =>
      withServer(deps, context, server_id, 'boot', async (at) => {
        const { facts } = await readFacts(at)
        const decision = decideBoot(wanted, facts)
        const before = viewOf(facts)
        if (decision.type === 'refuse') return { decision: 'refused', before, blockers: decision.blockers }
        return { decision: decision.type, before, blockers: [] }
      }),
    setBoot: (input) => setBoot(deps, input),
    verifyBoot: ({ context, server_id, wanted }) =>
      withServer(deps, context, server_id, 'boot', async ({ client }) => {
        const after = viewOf(await readBoot(client))
        if (isBootAsWanted(wanted, after)) return { after }
        throw new StepFailed('VerifyFailed', 'The boot settings are not as wanted after they were set.', {
          wanted,
          after,
        })
      }),
  }
}

const viewOf = (facts: BootNow): BootNow => ({
  override_target: facts.override_target,
  override_enabled: facts.override_enabled,
  override_mode: facts.override_mode,
  uefi_target: facts.uefi_target,
  boot_order: facts.boot_order,
})

async function readFacts({ client }: AtServer): Promise<{ state: BootState; facts: BootFacts }> {
  const state = await readBoot(client)
  const jobs = openBiosJobs(await listJobs(client))
  return { state, facts: { ...state, bios_job_ids: jobs.map((job) => job.id) } }
}

async function setBoot(deps: Deps, input: Parameters<BootActivities['setBoot']>[0]) {
  const { context, server_id, wanted, step } = input
  return withServer(deps, context, server_id, 'boot', async (at) => {
    let state: BootState | undefined
    const answer = await once(deps, {
      context,
      step,
      operation: 'idrac.boot_set',
      device_kind: 'idrac',
      device_id: server_id,
      resource: `server:${server_id}`,
      request_limit_ms: REQUEST_LIMIT_MS,
      before: async () => ({ bios_job_ids: (await readFacts(at)).facts.bios_job_ids }),
      guard: async () => {
        const now = await readFacts(at)
        const decision = decideBoot(wanted, now.facts)
        if (decision.type === 'refuse') throw new Refused(decision.blockers)
        state = now.state
      },
      send: async () => (state ? send(at, state, wanted) : null),
      reconcile: (operation) => wasSet(at, wanted, (operation.before?.bios_job_ids as string[] | undefined) ?? []),
    })
    return { device_job_id: answer.ref }
  })
}

async function send({ client }: AtServer, state: BootState, wanted: BootWanted): Promise<string | null> {
  if ('boot_order' in wanted) return (await setBootOrder(client, state, [...wanted.boot_order])).job_id
  const { target, enabled, mode, uefi_target } = wanted
  const change = await setBootOverride(client, state, {
    target,
    enabled: ENABLED[enabled],
    ...(mode ? { mode: MODES[mode] } : {}),
    ...(uefi_target ? { uefi_target } : {}),
  })
  return change.job_id
}

/** It is as wanted, or the one new BIOS job holds the order: then it was taken. Nothing of both for a while: it was not. */
async function wasSet(at: AtServer, wanted: BootWanted, jobs_before: string[]): Promise<Reconciled> {
  for (let look = 0; look < ABSENT_LOOKS; look += 1) {
    if (look > 0) await proofPause(at.scale)
    const { facts } = await readFacts(at)
    if (isBootAsWanted(wanted, facts)) return { verdict: 'adopted', ref: null }
    const fresh = facts.bios_job_ids.filter((id) => !jobs_before.includes(id))
    if ('boot_order' in wanted && fresh.length === 1) return { verdict: 'adopted', ref: fresh[0] ?? null }
  }
  return { verdict: 'absent' }
}
