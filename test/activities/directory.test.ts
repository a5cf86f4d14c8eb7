/** The directory's activities on a real Postgres and the simulated directories: who is taken over, who is let go. */
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DirectoryActivities } from '../../activities/contracts/directory.js'
import { createDirectoryActivities } from '../../activities/directory.js'
import { newId } from '../../db/new-id.js'
import { loginAttempts, sealedSecrets } from '../../db/schema/credentials.js'
import { idmAuthSessions } from '../../db/schema/identity.js'
import { apiTokens, profiles, sessions, userRoles } from '../../db/schema/people.js'
import { createLocalAccount, insertApiToken, insertSession } from '../../db/stores/accounts.js'
import { readDirectorySettings, updateDirectorySettings } from '../../db/stores/directory-settings.js'
import { sealSecret } from '../../db/stores/sealed-secrets.js'
import { changeUser } from '../../db/stores/users.js'
import type { DirectoryEntry } from '../../lab/model-directory.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { configOf, type DirectoryLab, startDirectoryLab } from '../helpers/directory-lab.js'

let bench: ActivityBench
let lab: DirectoryLab
let activities: DirectoryActivities
let admin_id: string

beforeAll(async () => {
  ;[bench, lab] = await Promise.all([startActivityBench(), startDirectoryLab(13)])
  activities = createDirectoryActivities(bench.deps)
  const admin = await createLocalAccount(bench.deps.db, { username: 'admin', password_hash: 'x', role: 'admin' })
  admin_id = admin.id
}, 60_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})

const group = (name: string): string =>
  lab.freeipa.users.flatMap((user) => user.groups).find((dn) => dn.startsWith(`cn=${name},`)) ?? ''
let people: DirectoryEntry[] | undefined

beforeEach(async () => {
  const { db, keys } = bench.deps
  people ??= structuredClone(lab.state('freeipa').entries)
  lab.state('freeipa').entries = structuredClone(people)
  await db.delete(loginAttempts)
  await db.delete(profiles).where(eq(profiles.source, 'directory'))
  await updateDirectorySettings(db, () => keys, {
    ...configOf(lab.freeipa),
    servers: [...configOf(lab.freeipa).servers],
    enabled: true,
    default_role: null,
    group_mappings: [
      { group_dn: group('dsm-operators'), role: 'operator' },
      { group_dn: group('dsm-admins'), role: 'admin' },
    ],
  })
})
afterEach(() => lab.calm())

const sync = (change: Partial<Parameters<DirectoryActivities['syncDirectoryPeople']>[0]> = {}) =>
  untilDone(() =>
    activities.syncDirectoryPeople({
      job_id: newId(),
      base_dn: null,
      filter: null,
      deactivate_missing: true,
      allow_mass_deactivation: false,
      page_size: 50,
      dry_run: false,
      ...change,
    }),
  )
const entryOf = (username: string) => {
  const found = lab.state('freeipa').entries.find((entry) => entry.attributes.uid?.[0] === username)
  if (!found) throw new Error(`nobody is called ${username}`)
  return found
}
const profileOf = async (username: string) => {
  const [found] = await bench.deps.db.select().from(profiles).where(eq(profiles.username, username))
  return found
}
const directoryProfiles = () => bench.deps.db.select().from(profiles).where(eq(profiles.source, 'directory'))

describe('taking people over', () => {
  it('gives profiles to those with a mapped group, nested ones too, and roles; a second time nothing changes', async () => {
    const first = await sync()
    expect(first).toMatchObject({ seen: 58, created: 5, updated: 0, deactivated: 0, unmapped: 51, refusal: null })
    expect((await directoryProfiles()).map((row) => row.username).sort()).toEqual([
      'adam.stone',
      'lars.klemm',
      'mia.lee',
      'nina.torres',
      'olivia.park',
    ])
    expect(first.role_changes).toContainEqual({
      username: 'adam.stone',
      from: null,
      to: 'admin',
      from_roles: [],
      to_roles: ['admin'],
    })
    const olivia = await profileOf('olivia.park')
    expect(olivia).toMatchObject({
      directory_id: entryOf('olivia.park').attributes.ipaUniqueID?.[0],
      email: 'olivia.park@ipa.lab.example',
    })
    expect(
      await bench.deps.db
        .select()
        .from(userRoles)
        .where(eq(userRoles.user_id, olivia?.id ?? '')),
    ).toMatchObject([{ role: 'operator', source: 'directory' }])
    expect(await sync()).toMatchObject({ created: 0, updated: 0, deactivated: 0, role_changes: [] })
    expect((await readDirectorySettings(bench.deps.db)).last_sync_result).toMatchObject({ seen: 58, outcome: 'ok' })
  })

  it('a person keeps the profile through another name and place', async () => {
    await sync()
    const before = await profileOf('olivia.park')
    const entry = entryOf('olivia.park')
    const old_dn = entry.dn
    entry.dn = entry.dn.replace('olivia.park', 'olivia.stone')
    entry.attributes.uid = ['olivia.stone']
    for (const one of lab.state('freeipa').entries)
      if (one.attributes.member)
        one.attributes.member = one.attributes.member.map((dn) => (dn === old_dn ? entry.dn : dn))
    expect(await sync()).toMatchObject({ created: 0, updated: 1, deactivated: 0 })
    expect((await profileOf('olivia.stone'))?.id).toBe(before?.id)
  })

  it('who is gone, disabled or without a group loses roles, sessions and tokens', async () => {
    await sync()
    const { db } = bench.deps
    const [gone, disabled, unmapped] = [
      await profileOf('mia.lee'),
      await profileOf('nina.torres'),
      await profileOf('adam.stone'),
    ]
    for (const profile of [gone, disabled, unmapped]) {
      const user_id = profile?.id ?? ''
      const token_hash = Buffer.from(`${user_id} s`)
      await insertSession(db, { user_id, token_hash, max_hours: 1, idle_minutes: 15, ip: null, user_agent: null })
      await insertApiToken(db, {
        user_id,
        name: 'ci',
        prefix: 'p',
        token_hash,
        role: null,
        expires_at: '2099-01-01T00:00:00Z',
      })
    }
    lab.state('freeipa').entries = lab
      .state('freeipa')
      .entries.filter((entry) => entry.attributes.uid?.[0] !== 'mia.lee')
    entryOf('nina.torres').operational.nsAccountLock = ['TRUE']
    for (const one of lab.state('freeipa').entries) if (/dsm-admins/.test(one.dn)) one.attributes.member = []
    const { deactivated, updated, role_changes } = await sync()
    expect([deactivated, updated]).toEqual([2, 1])
    expect(role_changes.map((change) => [change.username, change.to]).sort()).toEqual([
      ['adam.stone', null],
      ['mia.lee', null],
      ['nina.torres', null],
    ])
    expect((await profileOf('mia.lee'))?.disabled_at).not.toBeNull()
    expect((await profileOf('adam.stone'))?.disabled_at).toBeNull()
    for (const user_id of [gone?.id ?? '', disabled?.id ?? '', unmapped?.id ?? '']) {
      expect(await db.select().from(userRoles).where(eq(userRoles.user_id, user_id))).toEqual([])
      expect((await db.select().from(sessions).where(eq(sessions.user_id, user_id)))[0]?.ended_at).not.toBeNull()
    }
    expect(
      (
        await db
          .select()
          .from(apiTokens)
          .where(eq(apiTokens.user_id, gone?.id ?? ''))
      )[0]?.revoked_at,
    ).not.toBeNull()
    entryOf('nina.torres').operational = {}
    expect(await sync()).toMatchObject({
      updated: 1,
      role_changes: [{ username: 'nina.torres', from: null, to: 'operator' }],
    })
    expect((await profileOf('nina.torres'))?.disabled_at).toBeNull()
  })

  it('whom an admin disabled stays out, whatever the directory says; an admin lets the person in again', async () => {
    await sync()
    const { db } = bench.deps
    const olivia = (await profileOf('olivia.park'))?.id ?? ''
    const change = (disabled: boolean) =>
      db.transaction((tx) => changeUser(tx, olivia, { disabled }, { user_id: admin_id, session_id: null }))
    await change(true)
    entryOf('olivia.park').attributes.mail = ['other@ipa.lab.example']
    const { role_changes, updated } = await sync()
    expect([role_changes, updated]).toEqual([[], 1])
    const out = { disabled_at: expect.any(String), disabled_how: 'admin' }
    expect(await profileOf('olivia.park')).toMatchObject({ ...out, email: 'other@ipa.lab.example' })
    expect(await sync()).toMatchObject({ updated: 0, deactivated: 0, role_changes: [] })
    // Gone there and back again: still out.
    const entries = structuredClone(lab.state('freeipa').entries)
    lab.state('freeipa').entries = entries.filter((entry) => entry.attributes.uid?.[0] !== 'olivia.park')
    await sync()
    lab.state('freeipa').entries = entries
    await sync()
    expect(await profileOf('olivia.park')).toMatchObject(out)
    const trial = { job_id: newId(), username: 'olivia.park', source_ip: null }
    expect(await untilDone(() => activities.findDirectoryPerson(trial))).toMatchObject({ code: 'AccountDisabled' })
    await change(false)
    expect(await sync()).toMatchObject({ deactivated: 0 })
    expect(await profileOf('olivia.park')).toMatchObject({ disabled_at: null, disabled_how: null })
  })

  it('a role that comes beside a higher one is a change of roles too', async () => {
    const { db, keys } = bench.deps
    await sync()
    const entry = lab.state('freeipa').entries.find((one) => one.dn === group('dsm-auditors'))
    entry?.attributes.member?.push(entryOf('olivia.park').dn)
    const { group_mappings } = await readDirectorySettings(db)
    const auditors = { group_dn: group('dsm-auditors'), group_id: null, role: 'auditor' as const }
    await updateDirectorySettings(db, () => keys, { group_mappings: [...group_mappings, auditors] })
    expect((await sync()).role_changes).toContainEqual({
      username: 'olivia.park',
      from: 'operator',
      to: 'operator',
      from_roles: ['operator'],
      to_roles: ['operator', 'auditor'],
    })
  })

  it('an answer that lacks too many is not believed; a dry run says the same and changes nothing', async () => {
    await updateDirectorySettings(bench.deps.db, () => bench.deps.keys, { default_role: 'viewer' })
    const first = await sync()
    expect(first.created).toBe(56)
    lab.state('freeipa').entries = lab
      .state('freeipa')
      .entries.filter((entry) => !/\.(abel|brandt)$/.test(entry.attributes.uid?.[0] ?? ''))
    const refused = await sync()
    expect(refused.refusal).toMatchObject({ code: 'SyncWouldRemoveTooMany', data: { gone: 16, active: 56 } })
    expect((await directoryProfiles()).filter((row) => row.disabled_at)).toHaveLength(0)
    expect((await sync({ dry_run: true })).refusal?.code).toBe('SyncWouldRemoveTooMany')
    expect(await sync({ allow_mass_deactivation: true, dry_run: true })).toMatchObject({ deactivated: 16 })
    expect((await directoryProfiles()).filter((row) => row.disabled_at)).toHaveLength(0)
    expect(await sync({ allow_mass_deactivation: true })).toMatchObject({ deactivated: 16, refusal: null })
    lab.state('freeipa').entries = lab
      .state('freeipa')
      .entries.filter((entry) => !entry.attributes.uid || entry.dn.includes('sysaccounts'))
    expect((await sync()).refusal?.message).toContain('shows nobody')
  })

  it('who was not asked for is not gone', async () => {
    await sync()
    expect(await sync({ filter: '(uid=olivia.park)' })).toMatchObject({ seen: 1, deactivated: 0, refusal: null })
    expect((await directoryProfiles()).filter((row) => row.disabled_at)).toHaveLength(0)
  })

  it('a local account is never touched, whoever has its name in the directory', async () => {
    const entry = entryOf('adam.stone')
    entry.attributes.uid = ['Admin']
    expect(await sync()).toMatchObject({ name_taken: 1, created: 4 })
    expect(await profileOf('admin')).toMatchObject({
      id: admin_id,
      source: 'local',
      disabled_at: null,
      directory_id: null,
    })
  })

  it('a directory that is away fails it, with nothing changed', async () => {
    await sync()
    lab.lab.rules.add({ selector: { device: 'ipa-01', path: 'search *' }, action: 'status', code: 50, remaining: 1 })
    expect((await failureOf(sync())).type).toBe('DirectoryMisconfigured')
    expect((await directoryProfiles()).filter((row) => row.disabled_at)).toHaveLength(0)
  })
})

describe('trying a login', () => {
  const seal = (content: string, owner_user_id = admin_id) =>
    sealSecret(bench.deps.db, bench.deps.keys, { purpose: 'idm_authenticate', content, ttl_seconds: 60, owner_user_id })
  const trial = async (username: string, secret_ref: string) =>
    untilDone(() =>
      activities.tryDirectoryLogin({ job_id: newId(), username, source_ip: null, secret_ref, requested_by: admin_id }),
    )

  it('takes the secret once, binds once, keeps profile and record', async () => {
    const secret_ref = await seal(lab.passwordOf('freeipa', 'olivia.park'))
    const before = lab.lab.ledger.last
    const answer = await trial('olivia.park', secret_ref)
    expect(answer).toMatchObject({
      authenticated: true,
      role: 'operator',
      code: null,
      groups: [group('dsm-operators')],
    })
    expect(lab.asked(/^bind uid=olivia/, before)).toHaveLength(1)
    expect(await bench.deps.db.select().from(sealedSecrets)).toHaveLength(0)
    const again = await trial('olivia.park', secret_ref)
    expect([again.code, again.authenticated]).toEqual(['SecretExpired', false])
    expect(lab.asked(/^bind uid=olivia/, before)).toHaveLength(1)
    const job_id = newId()
    const keep = () =>
      untilDone(() => activities.keepLoginTrial({ job_id, trial: answer, update_profile: true, source_ip: '10.0.0.1' }))
    const { user_id } = await keep()
    expect(await keep()).toEqual({ user_id })
    expect((await profileOf('olivia.park'))?.id).toBe(user_id)
    const noted = (await bench.deps.db.select().from(idmAuthSessions)).filter((row) => row.id === job_id)
    expect(noted).toMatchObject([
      { kind: 'test', outcome: 'ok', role: 'operator', source_ip: '10.0.0.1', session_id: null },
    ])
    expect(
      await bench.deps.db
        .select()
        .from(sessions)
        .where(eq(sessions.user_id, user_id ?? '')),
    ).toEqual([])
  })

  it("somebody else's secret is not there, and is not used up", async () => {
    const secret_ref = await seal('a password', newId())
    expect((await trial('olivia.park', secret_ref)).code).toBe('SecretExpired')
    expect(await bench.deps.db.select().from(sealedSecrets)).toHaveLength(1)
    await bench.deps.db.delete(sealedSecrets)
  })

  it('says why not, and counts for the limit of wrong passwords', async () => {
    const code = async (username: string, password: string) => (await trial(username, await seal(password))).code
    expect(await code('olivia.park', 'wrong')).toBe('InvalidCredentials')
    expect(await code('nobody.here', 'wrong')).toBe('InvalidCredentials')
    expect(await code('tim.ohne', lab.passwordOf('freeipa', 'tim.ohne'))).toBe('NoRoleMapped')
    expect(await code('dora.winter', lab.passwordOf('freeipa', 'dora.winter'))).toBe('AccountDisabled')
    // Other blanks, the same person: it counts together.
    await code('olivia.park ', 'wrong')
    await code('olivia.park  ', 'wrong')
    const before = lab.lab.ledger.last
    expect(await code('olivia.park', lab.passwordOf('freeipa', 'olivia.park'))).toBe('AccountDisabled')
    expect(lab.asked(/./, before)).toEqual([])
  })

  it('a directory that is away is an answer, and costs nobody a try', async () => {
    lab.lab.rules.add({ selector: { device: 'ipa-01' }, action: 'reset', after_bytes: 0 })
    expect((await trial('olivia.park', await seal('x'))).code).toBe('DirectoryUnavailable')
    expect((await bench.deps.db.select().from(loginAttempts)).map((row) => row.outcome)).toEqual(['no_answer'])
  })
})

describe('the test of the settings', () => {
  const test = (
    settings: Record<string, unknown> | null = null,
    username: string | null = null,
    secret_ref: string | null = null,
  ) =>
    untilDone(() =>
      activities.testDirectory({ job_id: newId(), settings, secret_ref, requested_by: admin_id, username }),
    )
  const failed = (report: { checks: { name: string; outcome: string }[] }) =>
    report.checks.filter((check) => check.outcome !== 'ok').map((check) => [check.name, check.outcome])

  it('goes through every step and shows how a person would be mapped', async () => {
    const report = await test(null, 'nina.torres')
    expect([report.ok, failed(report)]).toEqual([true, []])
    expect(report.checks.map((check) => check.name)).toEqual([
      'name',
      'tcp',
      'tls',
      'bind',
      'base_dn',
      'users',
      'groups',
      'attributes',
      'group_mappings',
      'user_preview',
    ])
    expect(report.server).toMatchObject({
      vendor: expect.stringContaining('389'),
      naming_contexts: [lab.freeipa.base_dn],
    })
    expect(report.user_preview).toMatchObject({ username: 'nina.torres', role: 'operator', state: 'ok' })
  })

  it.each([
    ['another port', { port: 1 }, 'tcp'],
    ['no STARTTLS there', { tls_mode: 'starttls', operation_timeout_ms: 300 }, 'starttls'],
    ['another CA', () => ({ ca_pem: lab.active_directory.ca_pem }), 'tls'],
    ['another account', { bind_dn: 'uid=other,dc=lab' }, 'bind'],
    ['another base', { base_dn: 'dc=nowhere', user_base: null }, 'base_dn'],
    ['a filter that fits nobody', { user_filter: '(uid=x)' }, 'users'],
    ['another attribute', { username_attribute: 'employeeNumber' }, 'attributes'],
  ] as const)('%s', async (_what, change, name) => {
    const report = await test(typeof change === 'function' ? change() : { ...change })
    expect([report.ok, report.checks.at(-1)?.name, report.checks.at(-1)?.outcome]).toEqual([false, name, 'failed'])
    expect(report.checks.at(-1)?.remedy).toBeTruthy()
  })

  it('STARTTLS on its own port; a group that is not there is a warning', async () => {
    const report = await test({ tls_mode: 'starttls', port: 1389 })
    expect([report.ok, report.checks.map((check) => check.name).slice(0, 5)]).toEqual([
      true,
      ['name', 'tcp', 'starttls', 'tls', 'bind'],
    ])
    await updateDirectorySettings(bench.deps.db, () => bench.deps.keys, {
      group_mappings: [{ group_dn: 'cn=gone,dc=lab', role: 'viewer' }],
    })
    expect(failed(await test())).toEqual([['group_mappings', 'warning']])
  })

  it('a server that is away before one that works is a warning', async () => {
    const { db, keys } = bench.deps
    const [server = ''] = configOf(lab.freeipa).servers
    await updateDirectorySettings(db, () => keys, { servers: ['127.60.0.250', server] })
    const report = await test()
    expect([report.ok, failed(report)]).toEqual([true, [['tcp', 'warning']]])
  })

  it('the stored password is not sent to another server', async () => {
    const before = lab.lab.ledger.last
    const report = await test({
      servers: [new URL(lab.active_directory.url).hostname],
      ca_pem: lab.active_directory.ca_pem,
    })
    expect([report.ok, report.checks.at(-1)?.name]).toEqual([false, 'bind'])
    expect(lab.asked(/^bind/, before)).toEqual([])
  })
})
