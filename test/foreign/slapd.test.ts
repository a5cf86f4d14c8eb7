import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import type { IdentityCheck } from '../../clients/identity.js'
import type { DirectoryConfig } from '../../clients/ldap/config.js'
import { type Directory, openDirectory } from '../../clients/ldap/directory.js'
import { silentRecorder } from '../../clients/recorder.js'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { makeCertificate, type TestCertificate } from '../helpers/certificate.js'
import { debianProgram } from './parts/debian.js'
import { describeWith, pathOf } from './parts/part.js'
import { freePort, type ServerProcess, startServer } from './parts/server-process.js'

/** Our directory client on OpenLDAP over LDAPS. */
const slapd = await debianProgram('/usr/sbin/slapd', ['slapd', 'ldap-utils'])

const BASE = 'dc=example,dc=org'
const PEOPLE = `ou=people,${BASE}`
const GROUPS = `ou=groups,${BASE}`
const SERVICE = `cn=reader,${BASE}`
const SECRETS = { service: 's3rvice-"&<', ada: 'ada-p@ss wörd', root: 'r00t' }

const config = (folder: string) => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/slapd.pid
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
sizelimit 500
database mdb
suffix "${BASE}"
rootdn "cn=root,${BASE}"
rootpw ${SECRETS.root}
directory ${folder}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${SERVICE}" read by * none
`

const PERSON = (uid: string, cn: string, password: string) => `
dn: uid=${uid},${PEOPLE}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${cn}
sn: ${cn}
mail: ${uid}@example.org
userPassword: ${password}
`
const SEED = `
dn: ${BASE}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ${PEOPLE}
objectClass: organizationalUnit
ou: people

dn: ${GROUPS}
objectClass: organizationalUnit
ou: groups

dn: ${SERVICE}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${SECRETS.service}
${PERSON('ada', 'Ada (Ops) *', SECRETS.ada)}${PERSON('bob', 'Bob', 'bob-secret')}
dn: cn=night,${GROUPS}
objectClass: groupOfNames
cn: night
member: uid=ada,${PEOPLE}

dn: cn=operators,${GROUPS}
objectClass: groupOfNames
cn: operators
member: cn=night,${GROUPS}
`

describeWith([slapd], 'our directory client and OpenLDAP', () => {
  let folder: string
  let server: ServerProcess
  let certificate: TestCertificate
  let other: TestCertificate
  const open: Directory[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsm-slapd-'))
    ;[certificate, other] = await Promise.all([makeCertificate(), makeCertificate()])
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'cert.pem'), certificate.cert)
    await writeFile(join(folder, 'key.pem'), certificate.key)
    await writeFile(join(folder, 'slapd.conf'), config(folder))
    await writeFile(join(folder, 'seed.ldif'), SEED)
    await chmod(join(folder, 'key.pem'), 0o600)
    const port = await freePort()
    const url = `ldaps://127.0.0.1:${port}/`
    server = await startServer(pathOf(slapd), ['-f', join(folder, 'slapd.conf'), '-h', url, '-d', '0'], port)
    // Online, since slapadd goes past the overlay that fills in memberOf.
    const add = ['-x', '-H', url, '-D', `cn=root,${BASE}`, '-w', SECRETS.root, '-f', join(folder, 'seed.ldif')]
    const env = { ...process.env, LDAPTLS_REQCERT: 'never', LDAPTLS_CACERT: join(folder, 'cert.pem') }
    const seeded = await runCommand('ldapadd', add, { timeoutMs: 20_000, env })
    if (seeded.code !== 0) throw new Error(seeded.output)
  })
  afterAll(async () => {
    for (const directory of open) await directory.close()
    await server?.end()
    await rm(folder, { recursive: true, force: true })
  })

  const trustsCa: IdentityCheck = async (seen) => {
    if (seen.trusted_by_ca) return
    throw new DeviceError('TlsIdentityPending', 'not accepted', { sent: false, answered: false })
  }
  const access = (change: Partial<DirectoryConfig> = {}) => ({
    config: {
      vendor: 'ldap' as const,
      servers: ['127.0.0.1'],
      port: server.port,
      tls_mode: 'ldaps' as const,
      ca_pem: certificate.cert,
      base_dn: BASE,
      bind_dn: SERVICE,
      bind_password: SECRETS.service,
      user_base: PEOPLE,
      user_filter: null,
      username_attribute: null,
      group_base: GROUPS,
      group_filter: null,
      nested_groups: true,
      connect_timeout_ms: 5_000,
      operation_timeout_ms: 5_000,
      ...change,
    },
    identity: () => trustsCa,
    recorder: silentRecorder,
  })
  const directory = async (change: Partial<DirectoryConfig> = {}) => {
    const opened = await openDirectory(access(change))
    open.push(opened)
    return opened
  }
  const codeOf = async (attempt: Promise<unknown>) => {
    const thrown = await attempt.then(
      () => null,
      (error: unknown) => error,
    )
    return thrown instanceof DeviceError ? thrown.code : thrown
  }

  test('a person is found by user name, with an id that stays', async () => {
    const ada = await (await directory()).findUser('ada')
    expect(ada).toMatchObject({ username: 'ada', dn: `uid=ada,${PEOPLE}`, email: 'ada@example.org', state: 'ok' })
    expect(ada?.directory_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  test('a user name is data, never part of a filter', async () => {
    const opened = await directory()
    for (const name of ['*', 'a*', 'ada)(uid=*', '*)(objectClass=*', 'ada\0', '(', '\\2a'])
      expect(await opened.findUser(name)).toBeNull()
  })

  test('groups are found upwards, nested ones only when they count', async () => {
    const [nested, direct] = [await directory(), await directory({ nested_groups: false })]
    const ada = await nested.findUser('ada')
    if (!ada) throw new Error('no ada')
    expect(ada.member_of).toEqual([`cn=night,${GROUPS}`])
    expect((await nested.groupsOf(ada)).sort()).toEqual([`cn=night,${GROUPS}`, `cn=operators,${GROUPS}`])
    expect(await direct.groupsOf(ada)).toEqual([`cn=night,${GROUPS}`])
    const bob = await nested.findUser('bob')
    expect(bob && (await nested.groupsOf(bob))).toEqual([])
  })

  test('the right password is let in, a wrong and an empty one are refused', async () => {
    const opened = await directory()
    const ada = await opened.findUser('ada')
    if (!ada) throw new Error('no ada')
    await opened.checkPassword(ada, SECRETS.ada)
    expect(await codeOf(opened.checkPassword(ada, 'wrong'))).toBe('InvalidCredentials')
    expect(await codeOf(opened.checkPassword(ada, ''))).toBe('InvalidCredentials')
  })

  test('a service account that is refused is a matter of the settings', async () => {
    expect(await codeOf(openDirectory(access({ bind_password: 'wrong' })))).toBe('DirectoryMisconfigured')
    expect(await codeOf(openDirectory(access({ bind_dn: `cn=nobody,${BASE}` })))).toBe('DirectoryMisconfigured')
  })

  test('a certificate of another CA is not trusted, a server that is away is named', async () => {
    await expect(openDirectory(access({ ca_pem: other.cert }))).rejects.toMatchObject({
      code: 'DirectoryMisconfigured',
      facts: { data: { check: 'tls' } },
    })
    expect(await codeOf(openDirectory(access({ port: await freePort() })))).toBe('DirectoryUnavailable')
  })

  test('all people are read page by page', async () => {
    const names: string[] = []
    for await (const page of (await directory()).people({ page_size: 1 }))
      names.push(...page.map((one) => one.username))
    expect(names.sort()).toEqual(['ada', 'bob'])
  })
})
