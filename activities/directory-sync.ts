import { cancellationSignal } from '@temporalio/activity'
import { CancelledFailure } from '@temporalio/common'
import type { Directory } from '../clients/ldap/directory.js'
import type { DirectoryUser } from '../clients/ldap/people.js'
import {
  countActiveDirectoryPeople,
  deactivateDirectoryPeople,
  findDirectoryPerson,
  listGonePeople,
  saveDirectoryPerson,
} from '../db/stores/directory-people.js'
import { noteDirectorySync, type PublicDirectorySettings } from '../db/stores/directory-settings.js'
import { comparePerson, judgeDeactivation, type RoleChange, type SeenPerson } from '../domain/directory-sync.js'
import { isBelowDn, rolesOfPerson } from '../domain/ldap-roles.js'
import type { DirectoryActivities, DirectorySync } from './contracts/directory.js'
import type { Deps } from './deps.js'
import { withDirectory } from './directory-access.js'

type Input = Parameters<DirectoryActivities['syncDirectoryPeople']>[0]

const MOST_ROLE_CHANGES = 500

interface Tally extends Omit<DirectorySync, 'refusal'> {
  /** Profiles of the people who are there and may sign in. */
  user_ids: string[]
  /** Profiles of people who are there, but disabled or expired. */
  barred_ids: string[]
}

/** Takes people over from the directory, then deactivates who is gone. A cancel is heard between pages. */
export async function syncDirectoryPeople(deps: Deps, input: Input): Promise<DirectorySync> {
  const { db } = deps
  const active = await countActiveDirectoryPeople(db)
  const tally = emptyTally()
  await withDirectory(deps, input.job_id, (directory, settings) => readPages(deps, input, directory, settings, tally))
  const refusal = input.deactivate_missing ? await deactivateGone(deps, input, tally, active) : null
  const { user_ids: _ids, barred_ids: _barred, ...figures } = tally
  const answer = { ...figures, refusal }
  if (!input.dry_run) {
    const { role_changes: _changes, ...counts } = figures
    await noteDirectorySync(db, { ...counts, job_id: input.job_id, outcome: refusal ? refusal.code : 'ok' })
  }
  return answer
}

const emptyTally = (): Tally => ({
  seen: 0,
  created: 0,
  updated: 0,
  deactivated: 0,
  unmapped: 0,
  name_taken: 0,
  role_changes: [],
  user_ids: [],
  barred_ids: [],
})

async function readPages(
  deps: Deps,
  input: Input,
  directory: Directory,
  settings: PublicDirectorySettings,
  tally: Tally,
): Promise<void> {
  const { base_dn, filter, page_size } = input
  const mappings = await directory.locate(settings.group_mappings)
  const groupsOf = await directory.membership(mappings.map((mapping) => mapping.group_dn))
  for await (const page of directory.people({ base_dn, filter, page_size })) {
    for (const user of page) {
      const { roles } = rolesOfPerson(groupsOf(user), mappings, settings.default_role)
      await takeOver(deps, input, user, roles, tally)
    }
    if (cancellationSignal().aborted) throw new CancelledFailure('cancelled after a page')
  }
}

/** Somebody who may not sign in there is as good as gone here; somebody without a role gets no profile, and loses one's roles. */
async function takeOver(
  deps: Deps,
  { dry_run }: Input,
  user: DirectoryUser,
  roles: SeenPerson['roles'],
  tally: Tally,
): Promise<void> {
  const { db } = deps
  tally.seen += 1
  const { username, directory_id, dn, display_name, email } = user
  const person = { username, directory_id, dn, display_name, email, roles }
  if (user.state !== 'ok') {
    const barred = await findDirectoryPerson(db, person)
    if (barred) tally.barred_ids.push(barred.user_id)
    return
  }
  const known = roles.length === 0 || dry_run ? await findDirectoryPerson(db, person) : null
  if (roles.length === 0) tally.unmapped += 1
  if (roles.length === 0 && !known) return
  const saved = dry_run
    ? { ...comparePerson(known, person), user_id: known?.user_id ?? null }
    : await saveDirectoryPerson(db, person)
  if (saved.user_id) tally.user_ids.push(saved.user_id)
  if (saved.outcome !== 'unchanged') tally[saved.outcome] += 1
  if (saved.role_change) note(tally, saved.role_change)
}

function note(tally: Tally, change: RoleChange): void {
  if (tally.role_changes.length < MOST_ROLE_CHANGES) tally.role_changes.push(change)
}

/** `active` is what was there before this run: those just created do not make room. */
async function deactivateGone(
  deps: Deps,
  input: Input,
  tally: Tally,
  active: number,
): Promise<DirectorySync['refusal']> {
  const gone = (await listGonePeople(deps.db, tally.user_ids)).filter((person) => wasAskedFor(input, tally, person))
  const { seen } = tally
  const refusal = judgeDeactivation({ seen, active, gone: gone.length, allowed: input.allow_mass_deactivation })
  if (refusal) return refusal
  tally.deactivated = gone.length
  if (input.dry_run) return null
  const changes = await deactivateDirectoryPeople(
    deps.db,
    gone.map((person) => person.id),
  )
  for (const change of changes) note(tally, change)
  return null
}

/** Who was not asked for is not gone: below another base, or perhaps left out by a filter of one's own. */
function wasAskedFor(
  { base_dn, filter }: Input,
  { barred_ids }: Tally,
  { id, dn }: { id: string; dn: string | null },
): boolean {
  if (barred_ids.includes(id)) return true
  return filter === null && (base_dn === null || (dn !== null && isBelowDn(dn, base_dn)))
}
