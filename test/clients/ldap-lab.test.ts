/** The directory client against the simulated directories, over real TLS. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import type { IdentityCheck, SeenIdentity } from '../../clients/identity.js'
import type { DirectoryConfig } from '../../clients/ldap/config.js'
import { openConnection } from '../../clients/ldap/connection.js'
import { type Directory, openDirectory } from '../../clients/ldap/directory.js'
import { guidBytes, guidText } from '../../clients/ldap/people.js'
import { refusalOf } from '../../clients/ldap/refusals.js'
import { silentRecorder } from '../../clients/recorder.js'
import { configOf, type DirectoryLab, startDirectoryLab } from '../helpers/directory-lab.js'

let lab: DirectoryLab
const open: Directory[] = []

beforeAll(async () => {
  lab = await startDirectoryLab()
})
afterEach(async () => {
  for (const directory of open.splice(0)) await directory.close()
  lab.calm()
})
afterAll(() => lab.stop())

/** As the product's own: the CA is enough, an unknown certificate waits for a person. */
const nothingPinned: IdentityCheck = async (seen) => {
  if (seen.trusted_by_ca) return
  throw new DeviceError('TlsIdentityPending', 'not accepted', { sent: false, answered: false })
}
const access = (config: DirectoryConfig, identity: IdentityCheck = nothingPinned) => ({
  config,
  identity: () => identity,
  recorder: silentRecorder,
})

async function directoryOf(
  vendor: 'freeipa' | 'active_directory',
  change: Partial<DirectoryConfig> = {},
): Promise<Directory> {
  const directory = await openDirectory(access(configOf(lab[vendor], change)))
  open.push(directory)
  return directory
}
const failureOf = async (attempt: Promise<unknown>): Promise<DeviceError> => {
  const thrown = await attempt.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(thrown instanceof DeviceError)) throw new Error(`no DeviceError but ${String(thrown)}`)
  return thrown
}
const person = async (directory: Directory, username: string) => {
  const found = await directory.findUser(username)
  if (!found) throw new Error(`nobody is called ${username}`)
  return found
}
const starttls = { tls_mode: 'starttls', port: 1389 } as const

describe.each(['freeipa', 'active_directory'] as const)('%s', (vendor) => {
  it('finds a person, checks the password, names all groups', async () => {
    const directory = await directoryOf(vendor)
    const nina = await person(directory, 'nina.torres')
    expect(nina).toMatchObject({ username: 'nina.torres', display_name: 'Nina Torres', state: 'ok' })
    expect(nina.directory_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    await directory.checkPassword(nina, lab.passwordOf(vendor, 'nina.torres'))
    const listed = lab[vendor].users.find((user) => user.username === 'nina.torres')?.groups ?? []
    expect(listed.length).toBeGreaterThanOrEqual(3)
    expect((await directory.groupsOf(nina)).sort()).toEqual([...listed].sort())
  })

  it('only direct groups when nested ones do not count', async () => {
    const directory = await directoryOf(vendor, { nested_groups: false })
    const groups = await directory.groupsOf(await person(directory, 'nina.torres'))
    expect(groups.filter((dn) => !/ipausers/.test(dn)).map((dn) => dn.split(',')[0]?.toLowerCase())).toEqual([
      'cn=night-shift',
    ])
  })

  it('a ring of groups ends', async () => {
    const directory = await directoryOf(vendor)
    const names = (await directory.groupsOf(await person(directory, 'tim.ohne'))).map((dn) =>
      dn.split(',')[0]?.toLowerCase(),
    )
    expect(names.filter((name) => name !== 'cn=ipausers').sort()).toEqual(['cn=ring-a', 'cn=ring-b'])
  })

  it('wrong password, disabled, locked, expired', async () => {
    const directory = await directoryOf(vendor)
    const refusal = async (username: string, password: string) => {
      const { code, facts } = await failureOf(directory.checkPassword(await person(directory, username), password))
      return [code, facts.data?.refusal]
    }
    expect(await refusal('adam.stone', 'wrong')).toEqual(['InvalidCredentials', 'wrong_password'])
    const own = (username: string) => refusal(username, lab.passwordOf(vendor, username))
    expect(await own('dora.winter')).toEqual(['AccountDisabled', 'disabled'])
    expect(await own('lars.klemm')).toEqual(['AccountDisabled', 'locked'])
    expect(await own('elif.yilmaz')).toEqual(['AccountDisabled', 'expired'])
    expect((await person(directory, 'dora.winter')).state).toBe('disabled')
    expect((await person(directory, 'elif.yilmaz')).state).toBe('expired')
  })

  it('people by pages, and which mapped groups each is in', async () => {
    const directory = await directoryOf(vendor)
    const wanted = lab[vendor].users.flatMap((user) => user.groups).filter((dn) => /dsm-operators|dsm-admins/.test(dn))
    const held = await directory.membership([...new Set(wanted)])
    const pages: number[] = []
    const operators: string[] = []
    for await (const page of directory.people({ page_size: 50 })) {
      pages.push(page.length)
      for (const one of page) if (held(one).some((dn) => /dsm-operators/.test(dn))) operators.push(one.username)
    }
    expect(pages).toEqual(vendor === 'freeipa' ? [50, 8] : [50, 9])
    expect(operators.sort()).toEqual([
      'dora.winter',
      'elif.yilmaz',
      'lars.klemm',
      'mia.lee',
      'nina.torres',
      'olivia.park',
    ])
  })

  it('signs of a filter in a name find nobody and change no question', async () => {
    const directory = await directoryOf(vendor)
    const before = lab.lab.ledger.last
    for (const name of ['*', 'olivia*', 'x)(objectClass=*', '(|(uid=*))', '\\2a', 'a\u0000b', 'x'.repeat(300)]) {
      expect(await directory.findUser(name), name).toBeNull()
    }
    const asked = lab.asked(/^search/, before).map((row) => row.path)
    expect(asked[0]).toContain('=\\2a)')
    expect(asked[2]).toContain('x\\29\\28objectClass=\\2a')
  })

  it('a group is found by its id wherever it is now; a lost id maps nobody', async () => {
    const directory = await directoryOf(vendor)
    const group = lab.state(vendor).entries.find((entry) => /dsm-admins/.test(entry.dn))
    const group_id =
      vendor === 'freeipa'
        ? (group?.attributes.ipaUniqueID?.[0] ?? '')
        : guidText(Buffer.from(group?.binary.objectGUID ?? '', 'base64'))
    const mapping = { group_dn: 'cn=old name,dc=lab', group_id, role: 'admin' as const }
    expect(await directory.locate([mapping])).toEqual([{ group_dn: group?.dn, role: 'admin' }])
    expect(
      await directory.locate([
        { ...mapping, group_dn: group?.dn ?? '', group_id: group_id.replace(/^./, 'f').replace(/.$/, '0') },
      ]),
    ).toEqual([])
  })
})

describe('the other layouts', () => {
  it('a plain LDAP directory: groups found by their members, nested or not', async () => {
    const plain = {
      vendor: 'ldap',
      user_base: `cn=users,cn=accounts,${lab.freeipa.base_dn}`,
      group_filter: '(objectClass=groupofnames)',
    } as const
    const nested = await directoryOf('freeipa', plain)
    const user = { ...(await person(nested, 'nina.torres')), member_of: [] }
    const names = (dns: string[]) => dns.map((dn) => dn.split(',')[0] ?? '').filter((name) => name !== 'cn=ipausers')
    expect(names(await nested.groupsOf(user)).sort()).toEqual([
      'cn=datacenter-team',
      'cn=dsm-operators',
      'cn=night-shift',
    ])
    expect(names((await nested.membership([]))(user)).sort()).toEqual([
      'cn=datacenter-team',
      'cn=dsm-operators',
      'cn=night-shift',
    ])
    const direct = await directoryOf('freeipa', { ...plain, nested_groups: false })
    expect(names(await direct.groupsOf(user))).toEqual(['cn=night-shift'])
    const ring = { ...(await person(nested, 'tim.ohne')), member_of: [] }
    expect(names(await nested.groupsOf(ring)).sort()).toEqual(['cn=ring-a', 'cn=ring-b'])
  })

  it('Active Directory takes user@domain', async () => {
    const directory = await directoryOf('active_directory')
    expect((await person(directory, 'mia.lee@corp.lab.example')).dn).toContain('CN=Lee\\, Mia')
  })

  it('a GUID is written as Active Directory writes it, and read back', () => {
    const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
    expect(guidText(bytes)).toBe('33221100-5544-7766-8899-aabbccddeeff')
    expect(guidBytes(guidText(bytes))).toEqual(bytes)
    expect(guidBytes('no id')).toBeNull()
  })
})

describe('the connection', () => {
  it('an empty password never leaves the process', async () => {
    const directory = await directoryOf('active_directory')
    const before = lab.lab.ledger.last
    const failure = await failureOf(directory.checkPassword(await person(directory, 'olivia.park'), ''))
    expect([failure.code, failure.facts.sent]).toEqual(['InvalidCredentials', false])
    expect(lab.asked(/^bind/, before)).toEqual([])
    expect((await failureOf(openDirectory(access(configOf(lab.active_directory, { bind_password: '' }))))).code).toBe(
      'DirectoryMisconfigured',
    )
  })

  it('STARTTLS: everything but the request for it is encrypted', async () => {
    const directory = await directoryOf('freeipa', starttls)
    await directory.checkPassword(await person(directory, 'olivia.park'), lab.passwordOf('freeipa', 'olivia.park'))
  })

  it('a refused or stalled STARTTLS is an error, never a plain connection', async () => {
    for (const fault of [
      { action: 'status', code: 2, body: 'no TLS here' },
      { action: 'stall' },
      { action: 'drop_answer' },
    ]) {
      const before = lab.lab.ledger.last
      lab.lab.rules.add({ selector: { device: 'ipa-01', path: 'starttls' }, ...fault })
      const failure = await failureOf(
        openDirectory(access(configOf(lab.freeipa, { ...starttls, operation_timeout_ms: 300 }))),
      )
      expect(['DirectoryUnavailable', 'DirectoryMisconfigured']).toContain(failure.code)
      expect(lab.asked(/^bind|^search/, before)).toEqual([])
      lab.calm()
    }
  })

  it('a lost connection is not opened again behind our back', async () => {
    for (const change of [{}, starttls]) {
      const connection = await openConnection(
        access(configOf(lab.freeipa, change)),
        configOf(lab.freeipa).servers[0] ?? '',
      )
      lab.lab.rules.add({ selector: { device: 'ipa-01' }, action: 'reset', after_bytes: 0, remaining: 1 })
      const before = lab.lab.ledger.last
      expect((await failureOf(connection.bind(lab.freeipa.bind_dn, lab.freeipa.bind_password))).code).toBe(
        'DirectoryUnavailable',
      )
      const again = await failureOf(connection.bind(lab.freeipa.bind_dn, lab.freeipa.bind_password))
      expect(again.code).toBe('DirectoryUnavailable')
      expect(lab.asked(/^bind/, before)).toHaveLength(1)
      await connection.close()
    }
  })

  it('another CA, another name and no CA: nothing is sent', async () => {
    const before = lab.lab.ledger.last
    const other_ca = await failureOf(
      openDirectory(access(configOf(lab.freeipa, { ca_pem: lab.active_directory.ca_pem }))),
    )
    expect([other_ca.code, other_ca.facts.data?.check]).toEqual(['DirectoryMisconfigured', 'tls'])
    const other_name = await failureOf(
      openDirectory(access(configOf(lab.freeipa, { servers: ['localhost'], ...starttls, ca_pem: null }))),
    )
    expect(other_name.code).toBe('DirectoryUnavailable')
    const wrong_host = configOf(lab.freeipa, {
      ca_pem: lab.freeipa.ca_pem,
      servers: [new URL(lab.active_directory.url).hostname],
    })
    expect((await failureOf(openDirectory(access(wrong_host)))).code).toBe('DirectoryMisconfigured')
    for (const change of [{}, starttls]) {
      const no_ca = await failureOf(openDirectory(access(configOf(lab.freeipa, { ca_pem: null, ...change }))))
      expect(no_ca.code).toBe('TlsIdentityPending')
    }
    expect(lab.asked(/^bind|^search/, before)).toEqual([])
  })

  it('without a CA the pin decides', async () => {
    let seen: SeenIdentity | undefined
    const pin: IdentityCheck = async (peer) => {
      seen = peer
    }
    const directory = await openDirectory(access(configOf(lab.freeipa, { ca_pem: null }), pin))
    open.push(directory)
    expect(seen).toMatchObject({ protocol: 'tls', trusted_by_ca: false })
    expect(seen?.subject).toContain('ipa-01')
  })

  it('servers in their order: the next one when one is away, none when all are', async () => {
    const [server = ''] = configOf(lab.freeipa).servers
    const directory = await directoryOf('freeipa', { servers: ['127.60.0.250', server] })
    expect(directory.server).toBe(server)
    expect((await failureOf(openDirectory(access(configOf(lab.freeipa, { servers: ['127.60.0.250'] }))))).code).toBe(
      'DirectoryUnavailable',
    )
  })

  it('a wrong service account and a wrong base are matters of the settings', async () => {
    const wrong = await failureOf(openDirectory(access(configOf(lab.freeipa, { bind_password: 'wrong' }))))
    expect(wrong.code).toBe('DirectoryMisconfigured')
    const directory = await directoryOf('freeipa', { user_base: 'ou=nowhere,dc=lab' })
    expect((await failureOf(directory.findUser('olivia.park'))).code).toBe('DirectoryMisconfigured')
    const filter = await directoryOf('freeipa', { user_filter: '(((' })
    expect((await failureOf(filter.findUser('olivia.park'))).code).toBe('DirectoryMisconfigured')
  })

  it('busy, silent and broken answers mean: not available', async () => {
    const directory = await directoryOf('freeipa', { operation_timeout_ms: 300 })
    const selector = { device: 'ipa-01', path: 'search *' }
    lab.lab.rules.add({ selector, action: 'status', code: 51, remaining: 1 })
    expect((await failureOf(directory.findUser('olivia.park'))).code).toBe('DirectoryUnavailable')
    lab.lab.rules.add({ selector, action: 'stall', remaining: 1 })
    expect((await failureOf(directory.findUser('olivia.park'))).code).toBe('DirectoryUnavailable')
    const torn = await directoryOf('freeipa', { operation_timeout_ms: 300 })
    lab.lab.rules.add({ selector, action: 'truncate', remaining: 1 })
    expect((await failureOf(torn.findUser('olivia.park'))).code).toBe('DirectoryUnavailable')
  })
})

describe('what a refused bind means', () => {
  it.each([
    [49, '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839', 'wrong_password'],
    [49, '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 533, v3839', 'disabled'],
    [49, '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 775, v3839', 'locked'],
    [49, '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 532, v3839', 'expired'],
    [49, '', 'wrong_password'],
    [49, 'Password is expired', 'expired'],
    [53, 'Account inactivated. Contact system administrator.', 'disabled'],
    [53, 'Account (Kerberos) is expired', 'expired'],
    [19, 'Exceed password retry limit. Please try later.', 'locked'],
    [32, '', 'wrong_password'],
    [51, 'busy', null],
    [13, 'confidentiality required', null],
  ] as const)('%i %s: %s', (code, text, refusal) => {
    expect(refusalOf(code, text)).toBe(refusal)
  })
})
