import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MediaActivities } from '../../activities/contracts/media.js'
import { createMediaActivities } from '../../activities/media.js'
import { getIsoImage, insertUpload, storedBytes } from '../../db/stores/media.js'
import { updateMediaSettings } from '../../db/stores/settings.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { isoBytes } from '../helpers/media-store.js'
import { zipOf } from '../helpers/zip-file.js'

let bench: ActivityBench
let activities: MediaActivities
let context: WorkContext
const USER = '00000000-0000-4000-8000-00000000000a'

beforeAll(async () => {
  bench = await startActivityBench()
  activities = createMediaActivities(bench.deps)
  context = await bench.work('store', ['media'])
})
afterAll(() => bench?.close())
beforeEach(async () => {
  await bench.database.pool.query('truncate iso_images, firmware_packages, uploads cascade')
})

const rows = async () =>
  (
    await bench.database.pool.query(
      'select name, kind, status, source_type, storage_name from iso_images order by name',
    )
  ).rows
const put = async (name: string, bytes: Buffer) => {
  await mkdir(join(bench.iso_directory, name, '..'), { recursive: true })
  await writeFile(join(bench.iso_directory, name), bytes)
}
const wish = { subdirectory: null, recursive: true, checksums: 'new' as const, mark_missing: true, refresh_urls: true }
const scan = (more: object = {}) =>
  untilDone(() => activities.scanStore({ context, ...wish, requested_by: USER, dry_run: false, ...more }))

describe('scan_local_isos', () => {
  test('registers what lies there, says why it left things out, and reads nothing twice', async () => {
    await put('tools.iso', isoBytes())
    await put('deep/er/other.iso', isoBytes(150_000))
    await put('notes.txt', Buffer.from('not an image'))
    await put('.hidden.iso', isoBytes(140_000))
    await symlink('/etc/passwd', join(bench.iso_directory, 'passwd.iso'))
    await symlink('/etc', join(bench.iso_directory, 'etc'))
    const first = await scan()
    expect(first).toMatchObject({ found: 3, new: 2, updated: 0, missing: 0 })
    expect(first.skipped.map(({ path, reason }) => [path, reason.split(' ').slice(0, 2).join(' ')])).toEqual([
      ['.hidden.iso', 'hidden'],
      ['etc', 'a link'],
      ['passwd.iso', 'a link'],
      ['notes.txt', 'notes.txt is'],
    ])
    expect(await rows()).toMatchObject([
      { name: 'other.iso', kind: 'iso', source_type: 'scan', storage_name: 'deep/er/other.iso' },
      { name: 'tools.iso', status: 'ready' },
    ])
    expect(await scan()).toMatchObject({ found: 3, new: 0, updated: 0 })
    // A file that goes becomes missing, not deleted; one that comes back is ready again.
    await rename(join(bench.iso_directory, 'tools.iso'), join(bench.iso_directory, '.away'))
    expect(await scan({ dry_run: true })).toMatchObject({ missing: 1 })
    expect(await rows()).toMatchObject([{}, { name: 'tools.iso', status: 'ready' }])
    expect(await scan({ subdirectory: 'deep' })).toMatchObject({ found: 1, missing: 0 })
    expect(await scan()).toMatchObject({ missing: 1 })
    expect(await rows()).toMatchObject([{}, { name: 'tools.iso', status: 'missing' }])
    await rename(join(bench.iso_directory, '.away'), join(bench.iso_directory, 'tools.iso'))
    expect(await scan()).toMatchObject({ new: 0, updated: 1, missing: 0 })
    expect(await rows()).toMatchObject([{}, { name: 'tools.iso', status: 'ready' }])
  })

  test('stays inside the store, whatever the folder is called', async () => {
    for (const subdirectory of ['..', '../..', '/etc', 'etc', 'nowhere', 'deep/../../x'])
      expect((await failureOf(scan({ subdirectory }))).type, subdirectory).toBe('MediaNotFound')
  })
})

describe('what a file is', () => {
  const take = async (name: string, bytes: Buffer, kind: string | null = null) => {
    const upload = await insertUpload(bench.deps.db, {
      user_id: USER,
      filename: name,
      size_bytes: bytes.length,
      storage_name: `${Date.now()}-${Math.random()}`,
      expires_at: new Date(Date.now() + 60_000).toISOString(),
      completed_at: new Date().toISOString(),
    })
    await put(`uploads/${upload.storage_name}`, bytes)
    return again(upload.id, kind)
  }
  const again = (upload_id: string, kind: string | null = null) => {
    const rest = { requested_by: USER, name: null, expected_sha256: null, replace: false, dry_run: false }
    return untilDone(() => activities.takeUpload({ context, upload_id, kind, ...rest }))
  }
  const index = { name: 'index.xml', content: '<x/>' }
  const metadata = { name: 'metadata.zip', content: 'x' }

  test('is told by its content, never by its name', async () => {
    expect(await take('tools.iso', isoBytes())).toMatchObject({ kind: 'iso', outcome: 'changed' })
    expect(await take('depot.zip', zipOf([index, metadata]))).toMatchObject({ kind: 'esxi_depot' })
    const boot = Buffer.alloc(2048, 1)
    boot.writeUInt16BE(0x55aa, 510)
    expect(await take('disk.img', boot)).toMatchObject({ kind: 'img' })
  })

  test.each([
    ['text as an ISO', 'junk.iso', Buffer.from('not an image'), null],
    ['an ISO as firmware', 'x.exe', isoBytes(), 'firmware'],
    ['a Linux package', 'x.BIN', isoBytes(), null],
    ['a single byte', 'empty.iso', Buffer.alloc(1), null],
    ['100,000 entries', 'many.zip', zipOf([index, metadata], { count: 100_000 }), null],
    ['1,000 times its size', 'bomb.zip', zipOf([index, { ...metadata, size_bytes: 4_000_000_000 }]), null],
    ['a name that climbs', 'climb.zip', zipOf([index, metadata, { name: '../../etc/cron.d/x', content: 'x' }]), null],
    ['a link', 'link.zip', zipOf([index, metadata, { name: 'x', content: '/etc/passwd', link: true }]), null],
    ['entries that share bytes', 'quine.zip', zipOf([index, { ...metadata, compressed_bytes: 900_000 }]), null],
  ])('%s is refused', async (_what, name, bytes, kind) => {
    const failed = await failureOf(take(name, bytes, kind))
    expect(failed.type).toBe('UnsupportedFileType')
    expect(await rows()).toEqual([])
  })

  test('an attempt whose answer was lost gives the same record again, and its bytes are counted once', async () => {
    const bytes = isoBytes()
    const first = await take('tools.iso', bytes)
    const { rows: kept } = await bench.database.pool.query('select id, sha256 from uploads')
    await bench.database.pool.query('update uploads set sha256 = $1', [first.sha256])
    expect(await again(kept[0].id)).toMatchObject({ outcome: 'unchanged', record_id: first.record_id })
    expect(await storedBytes(bench.deps.db)).toBe(bytes.length)
  })

  test('over the quota nothing is taken', async () => {
    const before = bench.deps.media.max_storage_bytes
    bench.deps.media.max_storage_bytes = 100_000
    expect((await failureOf(take('tools.iso', isoBytes()))).type).toBe('StorageFull')
    bench.deps.media.max_storage_bytes = before
  })
})

describe('register_iso_url', () => {
  let server: Server
  const bytes = isoBytes()
  let url = ''
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.startsWith('/moved')) return response.writeHead(302, { location: '/tools.iso' }).end()
      if (request.url?.startsWith('/broken')) {
        response.writeHead(200, { 'content-length': bytes.length, 'accept-ranges': 'bytes' })
        return request.method === 'HEAD'
          ? response.end()
          : response.write(bytes.subarray(0, 1000), () => response.destroy())
      }
      response.writeHead(200, { 'content-length': bytes.length, 'accept-ranges': 'bytes' })
      return response.end(request.method === 'HEAD' ? undefined : bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.70.9.9', resolve))
    url = `http://127.70.9.9:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())
  beforeEach(() => updateMediaSettings(bench.deps.db, { allowed_hosts: ['127.70.9.9'], allowed_cidrs: [] }))
  const register = (at: string, more: object = {}) =>
    untilDone(() =>
      activities.registerUrl({
        context,
        url: at,
        name: null,
        kind: 'iso',
        expected_sha256: null,
        download: false,
        requested_by: USER,
        dry_run: false,
        ...more,
      }),
    )

  test('registers once what is on the list, and asks for no more than its head', async () => {
    const made = await register(`${url}/tools.iso`)
    expect(made).toMatchObject({ outcome: 'changed', size_bytes: bytes.length, accepts_ranges: true, warnings: [] })
    expect(await register(`${url}/tools.iso`)).toMatchObject({ outcome: 'unchanged', iso_image_id: made.iso_image_id })
    expect(await getIsoImage(bench.deps.db, made.iso_image_id ?? '')).toMatchObject({
      source_type: 'url',
      source_url: `${url}/tools.iso`,
      storage_name: null,
    })
  })

  test('copies it into the store, checked like an upload; what breaks off leaves nothing', async () => {
    const wrong = await failureOf(register(`${url}/tools.iso`, { download: true, expected_sha256: '0'.repeat(64) }))
    expect(wrong.type).toBe('HashMismatch')
    expect((await failureOf(register(`${url}/broken.iso`, { download: true }))).type).toBe('UrlUnreachable')
    expect((await failureOf(register(`${url}/tools.iso`, { download: true, kind: 'img' }))).type).toBe(
      'UnsupportedFileType',
    )
    const left = await readdir(join(bench.iso_directory, 'uploads'))
    expect(left.filter((name) => /^[0-9a-f-]{36}$/.test(name))).toEqual([])
    expect((await bench.database.pool.query('select count(*)::int as n from uploads')).rows[0].n).toBe(0)
    const taken = await register(`${url}/tools.iso`, { download: true })
    expect(await getIsoImage(bench.deps.db, taken.iso_image_id ?? '')).toMatchObject({
      status: 'ready',
      name: 'tools.iso',
    })
  })

  test('refuses what nobody named', async () => {
    const refused = async (at: string) => (await failureOf(register(at))).type
    expect(await refused('http://127.0.0.1:22/x.iso')).toBe('UrlRefused')
    expect(await refused(`${url}/moved.iso`)).toBe('UrlRefused')
    expect(await refused('http://169.254.169.254/latest/meta-data')).toBe('UrlRefused')
    expect(await refused('http://user:pw@127.70.9.9/x.iso')).toBe('UrlRefused')
    expect(await refused('http://nowhere.invalid/x.iso')).toBe('UrlUnreachable')
    await updateMediaSettings(bench.deps.db, { allowed_hosts: [] })
    expect(await refused(`${url}/tools.iso`)).toBe('UrlRefused')
    expect(await refused('http://nowhere.invalid/x.iso')).toBe('UrlRefused')
    expect(await rows()).toEqual([])
  })
})
