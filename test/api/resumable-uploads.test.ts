import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as tus from 'tus-js-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../api/app.js'
import { sweepUploads, uploadsFolder } from '../../api/resources/upload-room.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let operator: ApiClient
let admin: ApiClient
const again: Server[] = []
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  ;[operator, admin] = await Promise.all([api.as('operator'), api.as('admin')])
})
afterAll(async () => {
  for (const server of again) {
    server.close()
    server.closeAllConnections()
  }
  await api.close()
  await postgres.stop()
})

const CHUNK = 256 * 1024
const idOf = (url: string | null) => url?.split('/').at(-1) ?? ''
const fileOf = (id: string) => join(uploadsFolder(api.services.config.iso_directory), id)
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const rowOf = async (id: string) =>
  (await api.services.database.pool.query('select * from uploads where id = $1', [id])).rows[0]

/** Uploads with the protocol's own client; `stop_at`: gives up after so many bytes, as a lost connection would. */
function upload(bytes: Buffer, more: { url?: string; at?: string; stop_at?: number; client?: ApiClient } = {}) {
  const { url, at = api.url, stop_at, client = operator } = more
  return new Promise<{ url: string | null; error: Error | null; done: boolean }>((resolve) => {
    const job = new tus.Upload(bytes, {
      endpoint: `${at}/api/v1/uploads/tus`,
      ...(url ? { uploadUrl: url.replace(api.url, at) } : {}),
      chunkSize: CHUNK,
      retryDelays: null,
      metadata: { filename: '../../etc/tools.iso' },
      headers: { authorization: `Bearer ${client.token}` },
      onSuccess: () => resolve({ url: job.url, error: null, done: true }),
      onError: (error) => resolve({ url: job.url, error, done: false }),
      onChunkComplete: (_size, accepted) => {
        if (stop_at === undefined || accepted < stop_at) return
        void job.abort().then(() => resolve({ url: job.url, error: null, done: false }))
      },
    })
    job.start()
  })
}

const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer, client = operator) =>
  fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${client.token}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body ? { body: new Uint8Array(body) } : {}),
  })

test('is resumed where it stopped, also at another process, and is an upload like any other', async () => {
  const bytes = randomBytes(5 * CHUNK + 1234)
  const first = await upload(bytes, { stop_at: 2 * CHUNK })
  expect(first).toMatchObject({ done: false, error: null })
  const id = idOf(first.url)
  const half = await operator.call('GET', `/uploads/tus/${id}`)
  expect(half.body).toMatchObject({ upload_id: id, size_bytes: bytes.length, sha256: null })
  expect(half.body.received_bytes).toBeGreaterThanOrEqual(2 * CHUNK)
  expect(half.body.received_bytes).toBeLessThan(bytes.length)
  expect((await operator.call('POST', '/jobs', { job_type: 'iso_upload', details: { upload_id: id } })).body.code).toBe(
    'MediaNotFound',
  )
  // A new process over the same rows and files.
  const server = createServer(createApp(api.services).app)
  again.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const second = await upload(bytes, { url: first.url ?? '', at })
  expect(second).toMatchObject({ done: true, error: null })
  expect(readFileSync(fileOf(id)).equals(bytes)).toBe(true)
  expect(await rowOf(id)).toMatchObject({
    filename: 'tools.iso',
    sha256: sha256(bytes),
    completed_at: expect.any(Date),
  })
  const order = await operator.call('POST', '/jobs', { job_type: 'iso_upload', details: { upload_id: id } })
  expect([order.status, order.body.targets]).toEqual([202, [{ kind: 'file', id, name: 'tools.iso' }]])
})

test('all bytes that came before a crash are hashed when somebody asks', async () => {
  const bytes = randomBytes(1000)
  const { url } = await upload(bytes)
  const id = idOf(url)
  await api.services.database.pool.query('update uploads set completed_at = null, sha256 = null where id = $1', [id])
  const head = await raw('HEAD', `/uploads/tus/${id}`)
  expect([head.status, head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual([
    200,
    '1000',
    '1000',
  ])
  expect(await rowOf(id)).toMatchObject({ sha256: sha256(bytes), completed_at: expect.any(Date) })
})

test('belongs to whoever began it, and can be given up', async () => {
  const { url } = await upload(randomBytes(3 * CHUNK), { stop_at: CHUNK })
  const id = idOf(url)
  const path = `/uploads/tus/${id}`
  const patch = { 'upload-offset': String(CHUNK), 'content-type': 'application/offset+octet-stream' }
  for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE'])
    expect((await raw(method, path, method === 'PATCH' ? patch : {}, undefined, admin)).status, method).toBe(404)
  expect((await raw('PATCH', path, { ...patch, 'upload-offset': '0' }, Buffer.alloc(10))).status).toBe(409)
  expect((await raw('PATCH', path, patch, Buffer.alloc(3 * CHUNK))).status).toBe(413)
  expect((await raw('DELETE', path)).status).toBe(204)
  expect([existsSync(fileOf(id)), await rowOf(id)]).toEqual([false, undefined])
  expect((await raw('HEAD', path)).status).toBe(404)
})

test('what has no room is refused before a byte is taken, also when two come at once', async () => {
  const begin = (length: string | null, name = 'x.iso') =>
    raw('POST', '/uploads/tus', {
      ...(length === null ? {} : { 'upload-length': length }),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    })
  expect((await begin(null)).status).toBe(400)
  expect((await begin('0')).status).toBe(400)
  expect((await begin(String(65 * 1024 ** 3))).status).toBe(413)
  const services = api.services as { config: typeof api.services.config }
  const before = services.config
  const used = (await api.services.database.pool.query('select coalesce(sum(size_bytes), 0)::int as n from uploads'))
    .rows[0].n
  services.config = { ...before, max_storage_bytes: used + 1500 }
  const answers = await Promise.all([begin('1000'), begin('1000')])
  services.config = before
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 507])
  const [taken] = answers.filter(({ status }) => status === 201)
  const id = idOf(taken?.headers.get('location') ?? '')
  expect(taken?.headers.get('location')).toBe(`/api/v1/uploads/tus/${id}`)
  expect(taken?.headers.get('access-control-allow-origin')).toBeNull()
  // After its time it is swept with its file.
  expect(existsSync(fileOf(id))).toBe(true)
  await api.services.database.pool.query("update uploads set expires_at = now() - interval '1 second' where id = $1", [
    id,
  ])
  expect((await raw('HEAD', `/uploads/tus/${id}`)).status).toBe(404)
  await sweepUploads(api.services)
  expect([existsSync(fileOf(id)), await rowOf(id)]).toEqual([false, undefined])
})
