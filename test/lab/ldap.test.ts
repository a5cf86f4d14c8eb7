/** The simulated directories, asked by another's LDAP client and by bytes of our own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { Client, type ClientOptions } from 'ldapts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startLdapFace } from '../../lab/ldap/face.js'
import { type RunningLab, runLab } from '../../lab/run-lab.js'
import type { SiteExtras } from '../../lab/views.js'

type Directory = SiteExtras['directories'][number]

let dir: string
let running: RunningLab
let directories: Directory[]
const open: Client[] = []

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lab-ldap-'))
  running = await runLab({ site: 'small', speed: 1, seed: 7, port: 0, data_dir: dir, embedded: false }, [startLdapFace])
  const site = (await (await fetch(`${running.url}/lab/site`)).json()) as SiteExtras
  directories = site.directories
})
afterEach(async () => {
  for (const client of open.splice(0)) await client.unbind().catch(() => undefined)
  for (const rule of running.lab.rules.list()) running.lab.rules.remove(rule.id)
  for (const directory of running.lab.state.directories) directory.lockouts = {}
})
afterAll(async () => {
  await running.stop()
  rmSync(dir, { recursive: true, force: true })
})

const at = (index: 0 | 1): Directory => {
  const found = directories[index]
  if (!found) throw new Error('the site has no such directory')
  return found
}
const FREEIPA = 0
const ACTIVE_DIRECTORY = 1

function clientOf(index: 0 | 1, options: Partial<ClientOptions> = {}): Client {
  const { url, ca_pem } = at(index)
  const client = new Client({ url, tlsOptions: { ca: ca_pem, servername: '' }, timeout: 3000, ...options })
  open.push(client)
  return client
}

async function bound(index: 0 | 1): Promise<Client> {
  const client = clientOf(index)
  await client.bind(at(index).bind_dn, at(index).bind_password)
  return client
}

const personDn = (index: 0 | 1, username: string): string => {
  const entry = running.lab.state.directories[index]?.entries.find(
    ({ attributes }) => (attributes.sAMAccountName ?? attributes.uid)?.[0] === username,
  )
  if (!entry) throw new Error(`nobody is called ${username}`)
  return entry.dn
}
const passwordOf = (index: 0 | 1, username: string): string => {
  const dn = personDn(index, username)
  return running.lab.state.directories[index]?.entries.find((entry) => entry.dn === dn)?.password ?? ''
}
const refusal = async (attempt: Promise<unknown>): Promise<{ code: number; message: string }> => {
  const error = await attempt.then(
    () => null,
    (thrown: { code?: number; message: string }) => thrown,
  )
  return { code: error?.code ?? 0, message: error?.message ?? 'went through' }
}
const ledger = () => running.lab.ledger.read({ since: 0 }).filter((row) => row.kind === 'ldap')

describe('what /lab/site says of the directories', () => {
  it('FreeIPA first, Active Directory second; everybody listed can sign in with the groups named', async () => {
    expect(directories.map(({ url, vendor }) => [new URL(url).port, vendor])).toEqual([
      ['1636', 'freeipa'],
      ['1636', 'active_directory'],
    ])
    for (const index of [FREEIPA, ACTIVE_DIRECTORY] as const) {
      const { users } = at(index)
      const names = users.map((user) => user.username)
      expect(names).toEqual(expect.arrayContaining(['olivia.park', 'nina.torres']))
      expect(names.filter((name) => ['dora.winter', 'lars.klemm', 'elif.yilmaz', 'svc-dsm'].includes(name))).toEqual([])
      expect(users.every((user) => user.password.length >= 12)).toBe(true)
      expect(users[0]?.groups[0]?.toLowerCase()).toMatch(/^cn=dsm-operators,.*dc=example$/)
      for (const user of users.slice(0, 7)) await clientOf(index).bind(personDn(index, user.username), user.password)
    }
  })

  it('the certificate is checked by the CA given, and by name', async () => {
    await expect(clientOf(FREEIPA, { tlsOptions: {} }).bind('', '')).rejects.toThrow(/self.signed/i)
    await expect(
      clientOf(FREEIPA, { tlsOptions: { ca: at(FREEIPA).ca_pem, servername: 'elsewhere.example' } }).bind('', ''),
    ).rejects.toThrow(/altnames/i)
  })
})

describe('binds', () => {
  it('FreeIPA: wrong 49, empty 53, disabled 53, expired 53, locked 19', async () => {
    const cases = [
      ['olivia.park', 'wrong', 49, ''],
      ['olivia.park', '', 53, 'Unauthenticated binds are not allowed'],
      ['dora.winter', passwordOf(FREEIPA, 'dora.winter'), 53, 'Account inactivated'],
      ['elif.yilmaz', passwordOf(FREEIPA, 'elif.yilmaz'), 53, 'expired'],
      ['lars.klemm', passwordOf(FREEIPA, 'lars.klemm'), 19, 'Exceed password retry limit'],
    ] as const
    for (const [name, password, code, text] of cases) {
      const answer = await refusal(clientOf(FREEIPA).bind(personDn(FREEIPA, name), password))
      expect([name, answer.code], answer.message).toEqual([name, code])
      expect(answer.message).toContain(text)
    }
  })

  it('Active Directory: 49 with the reason, and nobody at all for an empty password', async () => {
    const cases = [
      ['olivia.park', 'wrong', '52e'],
      ['dora.winter', passwordOf(ACTIVE_DIRECTORY, 'dora.winter'), '533'],
      ['dora.winter', 'wrong', '52e'],
      ['elif.yilmaz', passwordOf(ACTIVE_DIRECTORY, 'elif.yilmaz'), '701'],
      ['lars.klemm', 'wrong', '775'],
    ] as const
    for (const [name, password, data] of cases) {
      const answer = await refusal(clientOf(ACTIVE_DIRECTORY).bind(personDn(ACTIVE_DIRECTORY, name), password))
      expect([name, answer.code], answer.message).toEqual([name, 49])
      expect(answer.message).toContain(`data ${data},`)
    }
    const client = clientOf(ACTIVE_DIRECTORY)
    await client.bind(personDn(ACTIVE_DIRECTORY, 'olivia.park'), '')
    const search = await refusal(client.search(at(ACTIVE_DIRECTORY).base_dn, { scope: 'base' }))
    expect(search.message).toContain('a successful bind must be completed')
  })

  it('Active Directory takes user@domain and DOMAIN\\user', async () => {
    const password = passwordOf(ACTIVE_DIRECTORY, 'olivia.park')
    await clientOf(ACTIVE_DIRECTORY).bind('olivia.park@corp.lab.example', password)
    await clientOf(ACTIVE_DIRECTORY).bind('CORP\\olivia.park', password)
  })

  it('the fifth wrong password locks the account, and the judge knows', async () => {
    const dn = personDn(FREEIPA, 'adam.stone')
    for (let i = 0; i < 5; i++) expect((await refusal(clientOf(FREEIPA).bind(dn, 'wrong'))).code).toBe(49)
    expect((await refusal(clientOf(FREEIPA).bind(dn, passwordOf(FREEIPA, 'adam.stone')))).code).toBe(19)
    expect(ledger().filter((row) => row.effect === 'wrong password, account locked')).toHaveLength(1)
    const { ok } = (await (await fetch(`${running.url}/lab/invariants`)).json()) as { ok: boolean }
    expect(ok).toBe(false)
    running.lab.state.history.failed_logins = {}
  })

  it('no password appears in the ledger', async () => {
    await bound(FREEIPA)
    const text = JSON.stringify(ledger())
    expect(text).toContain('bind uid=dsm,cn=sysaccounts')
    expect(
      directories.some(({ bind_password, users }) =>
        [bind_password, ...users.map((user) => user.password)].some((one) => text.includes(one)),
      ),
    ).toBe(false)
  })
})

describe('searches', () => {
  it('filters: and, or, not, equality, substrings, presence, order', async () => {
    const client = await bound(FREEIPA)
    const count = async (filter: string) =>
      (await client.search(at(FREEIPA).base_dn, { filter, sizeLimit: 1000 })).searchEntries.length
    expect(await count('(uid=Olivia.PARK)')).toBe(1)
    expect(await count('(uid=*)')).toBe(59)
    expect(await count('(&(objectClass=person)(|(uid=olivia.park)(uid=adam.stone)))')).toBe(2)
    expect(await count('(&(objectClass=person)(!(uid=*.abel)))')).toBe(50)
    expect(await count('(uid=o*v*ark)')).toBe(1)
    expect(await count('(uidNumber>=1200057)')).toBe(2)
    expect(await count('(uidNumber<=1200001)')).toBe(1)
    expect(await count('(uid=\\2a)')).toBe(0)
    expect(await count('(nsAccountLock=TRUE)')).toBe(1)
  })

  it('FreeIPA shows nested groups in memberOf, Active Directory only direct ones but follows a chain', async () => {
    const ipa = await bound(FREEIPA)
    const [nina] = (await ipa.search(at(FREEIPA).base_dn, { filter: '(uid=nina.torres)' })).searchEntries
    expect(nina?.memberOf).toHaveLength(4)
    expect(nina?.nsAccountLock).toBeUndefined()
    const ad = await bound(ACTIVE_DIRECTORY)
    const base = at(ACTIVE_DIRECTORY).base_dn
    const [direct] = (await ad.search(base, { filter: '(sAMAccountName=nina.torres)' })).searchEntries
    expect(direct?.memberOf).toBe(`CN=night-shift,OU=Groups,${base}`)
    const dn = personDn(ACTIVE_DIRECTORY, 'nina.torres').replaceAll('\\', '\\5c')
    const chain = await ad.search(base, { filter: `(member:1.2.840.113556.1.4.1941:=${dn})`, attributes: ['cn'] })
    expect(chain.searchEntries.map((entry) => entry.cn)).toEqual(['dsm-operators', 'datacenter-team', 'night-shift'])
    expect(chain.searchReferences).toHaveLength(3)
    const ring = personDn(ACTIVE_DIRECTORY, 'tim.ohne').replaceAll('\\', '\\5c')
    const loop = await ad.search(base, { filter: `(member:1.2.840.113556.1.4.1941:=${ring})` })
    expect(loop.searchEntries).toHaveLength(2)
  })

  it('attributes: named ones, operational ones by name, none with 1.1, bytes as bytes', async () => {
    const client = await bound(FREEIPA)
    const one = async (attributes: string[]) =>
      (await client.search(at(FREEIPA).base_dn, { filter: '(uid=dora.winter)', attributes })).searchEntries[0]
    expect(await one(['uid', 'nsAccountLock'])).toEqual({
      dn: personDn(FREEIPA, 'dora.winter'),
      uid: 'dora.winter',
      nsAccountLock: 'TRUE',
    })
    expect(Object.keys((await one(['1.1'])) ?? {}).filter((key) => key !== '1.1')).toEqual(['dn'])
    const ad = await bound(ACTIVE_DIRECTORY)
    const options = {
      filter: '(sAMAccountName=mia.lee)',
      attributes: ['objectGUID'],
      explicitBufferAttributes: ['objectGUID'],
    }
    const [guid] = (await ad.search(at(ACTIVE_DIRECTORY).base_dn, options)).searchEntries
    expect(Buffer.byteLength(guid?.objectGUID as Buffer)).toBe(16)
    expect(guid?.dn).toBe(`CN=Lee\\, Mia,OU=Staff,${at(ACTIVE_DIRECTORY).base_dn}`)
  })

  it('scopes, an unknown base, the root without a bind', async () => {
    const client = await bound(ACTIVE_DIRECTORY)
    const base = at(ACTIVE_DIRECTORY).base_dn
    expect((await client.search(base, { scope: 'base' })).searchEntries).toHaveLength(1)
    expect((await client.search(base, { scope: 'one' })).searchEntries).toHaveLength(3)
    expect((await client.search(`OU=STAFF, ${base}`, { scope: 'one' })).searchEntries).toHaveLength(58)
    const missing = await refusal(client.search(`OU=Nowhere,${base}`))
    expect([missing.code, missing.message.includes('NO_OBJECT')]).toEqual([32, true])
    const root = await clientOf(FREEIPA).search('', { scope: 'base' })
    expect(root.searchEntries[0]?.namingContexts).toBe(at(FREEIPA).base_dn)
  })

  it('pages and limits', async () => {
    const client = await bound(FREEIPA)
    const pages: number[] = []
    const options = { filter: '(objectClass=person)', paged: { pageSize: 25 } }
    for await (const page of client.searchPaginated(at(FREEIPA).base_dn, options)) pages.push(page.searchEntries.length)
    expect(pages).toEqual([25, 25, 8])
    const cut = await client.search(at(FREEIPA).base_dn, { filter: '(objectClass=person)', sizeLimit: 10 })
    expect(cut.searchEntries).toHaveLength(10)
    expect(ledger().at(-1)).toMatchObject({ status: 4, effect: '10 entries' })
  })
})

describe('StartTLS and bad bytes', () => {
  const plain = (): ClientOptions => ({ url: `ldap://${new URL(at(FREEIPA).url).hostname}:1389`, timeout: 3000 })

  it('a password in clear is refused, after StartTLS it is taken', async () => {
    const client = new Client(plain())
    open.push(client)
    expect((await refusal(client.bind(at(FREEIPA).bind_dn, at(FREEIPA).bind_password))).code).toBe(13)
    await client.startTLS({ ca: at(FREEIPA).ca_pem, host: new URL(at(FREEIPA).url).hostname })
    await client.bind(at(FREEIPA).bind_dn, at(FREEIPA).bind_password)
    const who = await client.exop('1.3.6.1.4.1.4203.1.11.3')
    expect(who.value).toBe(`dn:${at(FREEIPA).bind_dn}`)
  })

  it('bytes that are no LDAP message end the connection, and nothing else', async () => {
    const { hostname } = new URL(at(FREEIPA).url)
    for (const bytes of [
      'GET / HTTP/1.1\r\n\r\n',
      '\u0030\u0084\u007f\u007f\u007f\u007f',
      '\u0030\u0003\u0002\u0001\u0001',
    ]) {
      const socket = tlsConnect({ host: hostname, port: 1636, rejectUnauthorized: false })
      const ended = new Promise((resolve) => socket.once('close', resolve))
      socket.on('error', () => undefined)
      socket.resume()
      socket.write(Buffer.from(bytes, 'latin1'))
      await ended
    }
    await bound(FREEIPA)
  })
})

describe('faults', () => {
  const fault = (rule: object) => running.lab.rules.add({ selector: { device: 'ipa-01' }, remaining: 1, ...rule })

  it('a status is the result code, a replaced answer and a reset end the connection', async () => {
    fault({ selector: { device: 'ipa-01', path: 'bind *' }, action: 'status', code: 51, body: 'too much to do' })
    const busy = await refusal(bound(FREEIPA))
    expect([busy.code, busy.message.includes('too much to do')]).toEqual([51, true])
    fault({ action: 'reset', after_bytes: 0 })
    expect((await refusal(bound(FREEIPA))).message).toMatch(/closed|reset/i)
    fault({ action: 'stall' })
    const slow = clientOf(FREEIPA, { timeout: 100 })
    expect((await refusal(slow.bind(at(FREEIPA).bind_dn, at(FREEIPA).bind_password))).message).toMatch(/timed out/i)
  })
})
