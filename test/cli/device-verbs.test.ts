import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../db/new-id.js'
import { saveBiosConfiguration } from '../../db/stores/bios-configurations.js'
import { noteFinding, resolveFindings } from '../../db/stores/findings.js'
import { importCatalog } from '../../db/stores/firmware-catalogs.js'
import { insertIsoImage } from '../../db/stores/media.js'
import { keepScpBackup } from '../../db/stores/scp-backups.js'
import { upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { startApi, type TestApi } from '../helpers/api.js'
import { type DsmClient, dsmClient } from '../helpers/dsm.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let dsm: DsmClient
const servers: Record<string, string> = {}
let image_id: string
let backup_id: string
let vcenter_id: string

beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  dsm = dsmClient({ server: api.url, token: (await api.as('admin')).token })
  const { db } = api.services.database
  for (const service_tag of ['VERB001', 'VERB002']) {
    const ip_address = `10.8.0.${service_tag.at(-1)}`
    servers[service_tag] = (await upsertServer(db, { service_tag, ip_address })).server.id
  }
  const upload = { source_type: 'upload' as const, status: 'ready' as const, size_bytes: 5, media_token: 'token' }
  const file = { sha256: 'a'.repeat(64), storage_name: 'a'.repeat(64) }
  mkdirSync(api.services.config.iso_directory, { recursive: true })
  writeFileSync(join(api.services.config.iso_directory, file.storage_name), 'bytes')
  image_id = (await insertIsoImage(db, { ...upload, ...file, name: 'rescue.iso', kind: 'iso' })).image.id
  vcenter_id = (await insertVcenter(db, { name: 'vc-verbs', host: '10.8.1.1' })).id
  backup_id = await keptBackup()
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

async function keptBackup(): Promise<string> {
  const kept = await keepScpBackup(api.services.database.db, api.keys, {
    server_id: servers.VERB001 ?? '',
    name: 'before',
    components: ['BIOS'],
    format: 'XML',
    export_use: 'Default',
    content: '<SystemConfiguration/>',
    kind: 'export',
    service_tag: 'VERB001',
    contains_hashes: false,
  })
  return kept.id
}

/** Verbs that order a job: what is typed, and the order that the API takes. */
const orders = (): [string[], string, object][] => [
  [['boot', 'Pxe', 'verb001'], 'boot_configuration', { target: 'Pxe', enabled: 'once' }],
  [['boot', 'pxe', 'VERB001'], 'boot_configuration', { target: 'Pxe' }],
  [['boot', 'Cd', 'VERB001', '--always'], 'boot_configuration', { target: 'Cd', enabled: 'continuous' }],
  [['boot', 'None', 'VERB001'], 'boot_configuration', { enabled: 'disabled' }],
  [['mount', 'rescue.iso', 'VERB001', '--boot'], 'virtual_media_mount', { iso_image_id: image_id, boot_once: true }],
  [['unmount', '10.8.0.1'], 'virtual_media_unmount', {}],
  [['logs', 'fetch', 'VERB001', '--log', 'sel'], 'fetch_event_logs', { logs: ['sel'] }],
  [['credentials', 'test', 'VERB001'], 'test_credentials', {}],
  [['bios', 'read', 'VERB001'], 'bios_config_read', {}],
  [
    ['bios', 'set', 'VERB001', '--attribute', 'LogicalProc=Disabled', '--attribute', 'CorrEccSmi=7', '-d', 'apply=now'],
    'bios_config_write',
    { attributes: { LogicalProc: 'Disabled', CorrEccSmi: 7 }, apply: 'now' },
  ],
  [['scp', 'export', 'VERB001', '--component', 'BIOS'], 'scp_export', { components: ['BIOS'] }],
  [['scp', 'import', backup_id, 'VERB001'], 'scp_import', { scp_backup_id: backup_id }],
]

test('each verb of a device orders its job for the servers that were named', async () => {
  for (const [args, job_type, details] of orders()) {
    const job = await dsm.json([...args, '--dry-run'])
    expect(job, args.join(' ')).toMatchObject({ job_type, dry_run: true, status: 'pending', details })
    expect(job.target_scope.server_ids, args.join(' ')).toEqual([servers.VERB001])
  }
  const iso = await dsm.json(['iso', 'register', 'https://files.example/a.iso'])
  expect(iso).toMatchObject({ job_type: 'register_iso_url', details: { url: 'https://files.example/a.iso' } })
  expect(await dsm.json(['iso', 'scan'])).toMatchObject({ job_type: 'scan_local_isos' })
})

test('verbs that follow their job give up at --timeout, and the order stays', async () => {
  const followed: [string[], string, object][] = [
    [['console', 'VERB002'], 'console_launch', {}],
    [
      ['datastores', 'browse', 'vc-verbs', 'Depots', '--path', 'esxi', '--pattern', '*.zip', '--recursive'],
      'browse_datastore',
      { vcenter_id, datastore: 'Depots', path: 'esxi', patterns: ['*.zip'], recursive: true },
    ],
  ]
  for (const [args, job_type, details] of followed) {
    const ended = await dsm.run([...args, '--timeout', '1'])
    expect(ended, args.join(' ')).toMatchObject({ code: 6, stderr: expect.stringContaining('still pending after 1 s') })
    const { items } = await dsm.json(['jobs', 'list', `job_type=${job_type}`])
    expect(items).toMatchObject([{ job_type, details }])
  }
})

test('a name that nothing has orders nothing', async () => {
  for (const args of [
    ['mount', 'nothing.iso', 'VERB001'],
    ['mount', 'rescue.iso', 'NOSUCH1'],
    ['datastores', 'browse', 'nowhere', 'Depots'],
  ]) {
    expect(await dsm.run(args), args.join(' ')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no'),
    })
  }
})

test('images are listed, sent to the store with a job behind, and deleted after a question', async () => {
  const file = join(dsm.config_home, 'new.iso')
  writeFileSync(file, 'some bytes')
  const job = await dsm.json(['iso', 'upload', file, '--name', 'new', '--kind', 'iso'])
  expect(job).toMatchObject({ job_type: 'iso_upload', details: { kind: 'iso', name: 'new' } })
  expect((await dsm.run(['iso', 'upload', join(dsm.config_home, 'absent.iso')])).code).toBe(2)
  expect((await dsm.run(['iso', 'list'])).stdout).toMatch(/rescue\.iso +iso +5 +upload +ready +0\n/)
  expect((await dsm.run(['iso', 'delete', 'rescue.iso'])).code).toBe(2)
  expect((await dsm.run(['iso', 'delete', 'rescue.iso', '--yes'])).code).toBe(0)
  expect((await dsm.json(['iso', 'list'])).items).toEqual([])
})

test('profiles are listed, and written to a file that only the user can read', async () => {
  expect((await dsm.json(['scp', 'list'])).items).toMatchObject([{ id: backup_id, name: 'before' }])
  const file = join(dsm.config_home, 'profile.xml')
  expect((await dsm.run(['scp', 'download', backup_id, '-o', file])).code).toBe(0)
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['<SystemConfiguration/>', 0o600])
})

test('BIOS readings are shown, and compared: the last two, two servers, two readings', async () => {
  const { db } = api.services.database
  const save = async (tag: string, NumLock: string) =>
    (
      await saveBiosConfiguration(db, {
        server_id: servers[tag] ?? '',
        job_id: newId(),
        registry_name: 'v1',
        bios_version: '1.8.2',
        reason: 'read',
        attributes: { NumLock, BootMode: tag },
        pending: {},
      })
    ).id
  expect((await dsm.run(['bios', 'diff', 'VERB001'])).stderr).toContain('never read: dsm bios read VERB001')
  const older = await save('VERB001', 'On')
  expect((await dsm.run(['bios', 'diff', 'VERB001'])).stderr).toContain('only one reading')
  const newer = await save('VERB001', 'Off')
  await save('VERB002', 'Off')
  expect((await dsm.run(['bios', 'show', 'VERB001'])).stdout).toMatch(/NumLock +Off\n/)
  expect((await dsm.run(['bios', 'diff', 'VERB001'])).stdout).toMatch(/BEFORE +NOW\nNumLock +On +Off\n$/)
  expect((await dsm.run(['bios', 'diff', newer, older])).stdout).toMatch(/\nNumLock +Off +On\n$/)
  const two = await dsm.run(['bios', 'diff', 'VERB001', 'VERB002'])
  expect(two.stdout).toMatch(/^SETTING +VERB001 +VERB002\nBootMode +VERB001 +VERB002\n$/)
  expect((await dsm.json(['bios', 'readings', 'VERB001'])).items.map(({ id }: { id: string }) => id)).toEqual([
    newer,
    older,
  ])
})

test('catalogs: imported by a job, listed, made the default, with their entries and what servers lack', async () => {
  const file = join(dsm.config_home, 'Catalog.xml')
  writeFileSync(file, '<Manifest/>')
  expect(await dsm.json(['catalogs', 'import', file])).toMatchObject({
    job_type: 'iso_upload',
    details: { kind: 'catalog' },
  })
  const head = { source_type: 'upload' as const, base_location: null, release_id: '25.04', catalog_version: null }
  const { id } = await importCatalog(
    api.services.database.db,
    { ...head, name: 'spring', sha256: 'c'.repeat(64), dated_at: null, imported_by: null },
    async () => 0,
  )
  expect((await dsm.run(['catalogs', 'list'])).stdout).toMatch(/spring +25\.04/)
  expect(await dsm.json(['catalogs', 'default', 'spring'])).toMatchObject({ id, is_default: true })
  expect((await dsm.json(['catalogs', 'entries', 'spring'])).items).toEqual([])
  const table = await dsm.run(['catalogs', 'compliance', '25.04'])
  expect(table.stdout).toMatch(/VERB001 .* unknown .* never\n/)
})

test('settings are shown with what is not set, lists are taken with commas, and a section that is none is named', async () => {
  const shown = await dsm.run(['settings', 'get', 'directory'])
  expect(shown.stdout).toMatch(/\nbase_dn +-\n/)
  expect(await dsm.json(['settings', 'set', 'media', 'allowed_hosts=a.example,b.example'])).toMatchObject({
    allowed_hosts: ['a.example', 'b.example'],
  })
  expect(await dsm.run(['settings', 'get', 'weather'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('activity, media, directory, openmanage'),
  })
  const file = join(dsm.config_home, 'secret')
  writeFileSync(file, 'geheim\n')
  const set = await dsm.run(['settings', 'set', 'openmanage', 'host=ome.example', 'username=dsm', `password=@${file}`])
  expect([set.code, set.stdout.includes('geheim'), /has_password +yes/.test(set.stdout)]).toEqual([0, false, true])
  expect((await dsm.run(['settings', 'set', 'openmanage', 'password=@/no/such/file'])).code).toBe(2)
})

test('roles are shown, changed, and taken away only when asked', async () => {
  const file = join(dsm.config_home, 'password')
  writeFileSync(file, 'a long test password')
  await dsm.run(['users', 'create', 'rita', '--role', 'viewer', '--password-file', file])
  expect((await dsm.run(['users', 'roles', 'rita', 'operator'])).stdout).toMatch(/\noperator +manual/)
  expect((await dsm.json(['users', 'roles', 'rita'])).roles).toEqual(['operator'])
  expect((await dsm.run(['users', 'roles', 'rita', 'emperor'])).code).toBe(2)
  expect((await dsm.run(['users', 'passwd', 'rita', '--password-file', file])).code).toBe(0)
  expect((await dsm.json(['users', 'disable', 'rita'])).disabled_how).toBe('admin')
  expect((await dsm.json(['users', 'enable', 'rita'])).disabled_at).toBeNull()
  expect((await dsm.json(['users', 'roles', 'rita', '--none'])).roles).toEqual([])
})

test('findings of scans are listed with their reason, those that are still open apart', async () => {
  const { db } = api.services.database
  const job_id = newId()
  const why = 'The set iDRAC was refused.'
  await noteFinding(db, {
    job_id,
    address: '10.8.0.9',
    port: 443,
    kind: 'auth_failed',
    service_tag: 'GONE001',
    data: { why },
  })
  await noteFinding(db, { job_id: newId(), address: '10.8.0.8', kind: 'not_answering' })
  await resolveFindings(db, '10.8.0.8')
  expect((await dsm.run(['findings', 'list', 'resolved=false'])).stdout).toMatch(
    /^ADDRESS .*\n10\.8\.0\.9:443 +GONE001 +auth failed +The set iDRAC was refused\. +-\n$/,
  )
  expect((await dsm.json(['findings', 'list', 'kind=not_answering,auth_failed'])).items).toHaveLength(2)
  expect((await dsm.json(['findings', 'list', `job_id=${job_id}`])).items).toMatchObject([{ address: '10.8.0.9' }])
})

test('a name that is taken is named as the field that it is, and no index of the database', async () => {
  const pw = join(dsm.config_home, 'pw')
  writeFileSync(pw, 'a password')
  const add = ['credentials', 'add', 'twice', '--type', 'idrac', '--username', 'root', '--password-file', pw]
  expect((await dsm.run(add)).code).toBe(0)
  expect(await dsm.run(add)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^dsm: The name is taken already\. \(Dupl/),
  })
})

test('a system that is not set up is not asked', async () => {
  const refused = await dsm.run(['openmanage', 'sync'])
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('OpenManage is not configured') })
})
