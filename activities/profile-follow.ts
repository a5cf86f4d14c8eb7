import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { readRoot } from '../clients/redfish/root.js'
import type { ProfileResult } from '../clients/redfish/tasks.js'
import { newAddressOf, newPasswordOf, type ProfileContent, placeOfAttribute } from '../domain/profile-content.js'
import { type ImportVerdict, judgeImportEnd } from '../domain/profile-verdict.js'
import { idracAccounts } from './accounts.js'
import { auditOf, inAuditScope } from './audit-scope.js'
import type { ImportEnd, ProfileActivities } from './contracts/profile.js'
import type { Deps } from './deps.js'
import { NotYet, StepFailed } from './failures.js'
import type { Account } from './idrac-sessions.js'
import { openProfile } from './kept-profile.js'
import { type Look, type Looking, pollUntil } from './poll.js'
import { askTask, profileJobOf } from './profile-export.js'
import { type AtServer, placeOf, requireServer } from './with-server.js'

const LOOK_MS = 15_000
const MINUTE_MS = 60_000

type Follow = Parameters<ProfileActivities['followProfileImport']>[0]
/** What the looks before found: the password that resolves is refused since the import. */
type Kept = { refused: boolean }

/**
 * Follows an import. A profile may change what we reach the iDRAC by: a refused password is followed by the one that the
 * profile sets, each tried once; a new certificate is accepted when the unauthenticated root shows the same service tag; an
 * iDRAC that falls silent ends the step after the limit, with the address that the profile gives.
 */
export async function followImport(deps: Deps, input: Follow): Promise<ImportEnd> {
  const { context, server_id, order } = input
  const server = await requireServer(deps, server_id)
  const { part } = await openProfile(deps, order)
  const place = placeOf(server, context)
  const moved = newAddressOf(part)
  return pollUntil<ImportEnd, Kept>(
    {
      interval_ms: LOOK_MS,
      limit_ms: input.limit_minutes * MINUTE_MS,
      scale: place.scale,
      what: `the import on ${server.service_tag}${moved ? ` (the profile sets the address ${moved})` : ''}`,
      waiting_code: 'DeviceBusy',
      timeout_code: moved ? 'DeviceUnreachable' : 'StepTimeout',
    },
    async (looking) => {
      const audit = auditOf(context, deps.worker_id, { operation_type: 'scp', device_kind: 'idrac', server_id })
      try {
        return await inAuditScope(audit, () =>
          deps.idracs.use(
            place,
            () => accountsFor(deps, input, server, part, looking.kept),
            (client) => lookAtImport(client, input, part, looking.kept),
          ),
        )
      } catch (thrown) {
        return await inAuditScope(audit, () => afterTrouble(deps, input, server, looking, thrown))
      }
    },
  )
}

type ServerRow = AtServer['server']

/** Before the first refusal what resolves; then the password of the profile alone, since the old one had its turn. */
async function accountsFor(
  deps: Deps,
  input: Follow,
  server: ServerRow,
  part: ProfileContent,
  kept: Kept | undefined,
): Promise<Account[]> {
  const known = await idracAccounts(deps, { address: server.ip_address, server }, input.context.credential_set_ids)
  if (!kept?.refused) return known.slice(0, 1)
  const changed = known.flatMap((account) => {
    const password = newPasswordOf(part, account.username)
    return password === null ? [] : [{ ...account, password, why: 'the password that the profile sets' }]
  })
  return changed.slice(0, 1)
}

async function lookAtImport(
  client: RedfishClient,
  { device_job_id }: Follow,
  part: ProfileContent,
  kept: Kept | undefined,
): Promise<Look<ImportEnd>> {
  const task = await askTask(client, device_job_id)
  const job = (await profileJobOf(client, device_job_id)) ?? (task?.kind === 'task' ? task.job : null)
  const rows = task?.kind === 'task' ? task.attributes : []
  const verdict = judgeImportEnd(job, rows.filter((row) => row.failed).length)
  if (verdict.type === 'running' || verdict.type === 'vanished')
    return { waiting: `${device_job_id}: ${job?.raw_state ?? 'not there'} ${job?.percent ?? '?'} %.` }
  return { done: { ...endOf(verdict, rows, part), password_changed: kept?.refused === true } }
}

type Ended = Exclude<ImportVerdict, { type: 'running' | 'vanished' }>

function endOf(verdict: Ended, rows: ProfileResult[], part: ProfileContent): Omit<ImportEnd, 'password_changed'> {
  const applied = rows.filter((row) => !row.failed).map((row) => placeOfAttribute(part, row.name))
  const not_applied = rows
    .filter((row) => row.failed)
    .map((row) => ({ ...placeOfAttribute(part, row.name), message: row.message, error_code: row.error_code }))
  if (verdict.type !== 'failed') return { outcome: verdict.type, code: null, message: null, applied, not_applied }
  const outcome = verdict.code === 'ScpPartial' ? 'partial' : 'failed'
  return { outcome, code: verdict.code, message: verdict.message, applied, not_applied }
}

/** Silence, a wrong password and a new certificate are what an import can bring; each has its own next look. */
async function afterTrouble(
  deps: Deps,
  input: Follow,
  server: ServerRow,
  looking: Looking<Kept>,
  thrown: unknown,
): Promise<Look<ImportEnd>> {
  if (thrown instanceof NotYet || !(thrown instanceof DeviceError)) throw thrown
  if (thrown.code === 'AuthFailed' && !looking.kept?.refused) {
    looking.kept = { refused: true }
    return { waiting: 'The iDRAC refuses the password; the one of the profile is tried next.' }
  }
  if (thrown.code === 'TlsIdentityChanged') return acceptIfSame(deps, input, server)
  if (thrown.code === 'AuthFailed' || thrown.code === 'NoCredential')
    throw new StepFailed(
      'AuthFailed',
      `The import was sent, and ${server.service_tag} refuses the password since. Correct its credentials, then look at device job ${input.device_job_id}.`,
    )
  const code = thrown.facts.status ?? 0
  if (ON_THE_WAY.includes(thrown.code) || code >= 500) return { waiting: thrown.message }
  throw thrown
}

const ON_THE_WAY = [
  'DeviceUnreachable',
  'DeviceTimeout',
  'DeviceBusy',
  'NotFound',
  'ProtocolError',
  'SessionLimit',
  'LifecycleControllerNotReady',
]

/** The step changed the certificate itself: the new one is taken when the device behind it is the same. */
async function acceptIfSame(deps: Deps, input: Follow, server: ServerRow): Promise<Look<ImportEnd>> {
  const bare = deps.idracs.bare({ ...placeOf(server, input.context), expected_change: true })
  try {
    const root = await readRoot(bare)
    if (root.service_tag === server.service_tag)
      return { waiting: 'The certificate changed with the import; the service tag is the same.' }
    throw new StepFailed(
      'IdentityMismatch',
      `${root.service_tag ?? 'A device without a service tag'} answers at the address of ${server.service_tag}.`,
    )
  } finally {
    await bare.close()
  }
}
