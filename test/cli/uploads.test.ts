import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { uploadsFolder } from '../../api/resources/upload-room.js'
import { startApi, type TestApi } from '../helpers/api.js'
import { type DsmClient, dsmClient } from '../helpers/dsm.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

const MIB = 1024 ** 2
const HELD = 3 * MIB

let postgres: TestPostgres
let api: TestApi
let way: Way
let dsm: DsmClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  way = await openWay(Number(new URL(api.url).port))
  dsm = dsmClient({ server: `http://127.0.0.1:${way.port}`, token: (await api.as('operator')).token })
})
afterAll(async () => {
  way.close()
  await api.close()
  await postgres.stop()
})

function fileOf(name: string): { path: string; bytes: Buffer } {
  const [path, bytes] = [join(dsm.config_home, name), randomBytes(8 * MIB)]
  writeFileSync(path, bytes)
  return { path, bytes }
}

/** What the store has of an upload that a job was ordered for. */
function stored(stdout: string): Buffer {
  const { details } = JSON.parse(stdout) as { details: { upload_id: string } }
  return readFileSync(join(uploadsFolder(api.services.config.iso_directory), details.upload_id))
}

const uploads = async () => (await api.services.database.pool.query('select count(*)::int as n from uploads')).rows[0].n

test('an upload that Ctrl-C stopped goes on where it was when the same command is given again', async () => {
  const { path, bytes } = fileOf('stopped.iso')
  way.holdAt(HELD)
  const first = dsm.begin(['iso', 'upload', path, '--json'])
  await way.held()
  first.interrupt()
  expect(await first.ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringMatching(/Stopped at \d+ of/) })
  way.cut()
  const second = await dsm.run(['iso', 'upload', path, '--json'])
  expect(second).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Goes on at [1-9]\d{5,} of 8388608 bytes\./) })
  expect(stored(second.stdout).equals(bytes)).toBe(true)
  expect(await uploads()).toBe(1)
  // It is forgotten with its end: the next time it is an upload of its own.
  expect((await dsm.run(['iso', 'upload', path, '--json'])).stderr).not.toContain('Goes on')
  expect(await uploads()).toBe(2)
})

test('an upload outlasts a connection that breaks in its middle', async () => {
  const before = await uploads()
  const { path, bytes } = fileOf('cut.iso')
  way.holdAt(HELD)
  const sending = dsm.begin(['iso', 'upload', path, '--json'])
  await way.held()
  way.cut()
  const sent = await sending.ended
  expect(sent).toMatchObject({ code: 0, stderr: expect.stringContaining('The connection was lost; trying again.') })
  expect(stored(sent.stdout).equals(bytes)).toBe(true)
  expect(await uploads()).toBe(before + 1)
})

test('what is no upload says so before anything is sent', async () => {
  const empty = join(dsm.config_home, 'empty.iso')
  writeFileSync(empty, '')
  expect(await dsm.run(['iso', 'upload', empty])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is empty'),
  })
})

interface Way {
  port: number
  /** The next connection that has sent so many bytes sends no more, until it is cut. */
  holdAt(bytes: number): void
  held(): Promise<void>
  /** Breaks all connections; new ones are held no more. */
  cut(): void
  close(): void
}

/** A port in front of the API whose connections stop in the middle. */
async function openWay(target: number): Promise<Way> {
  const sockets = new Set<Socket>()
  let most = Number.POSITIVE_INFINITY
  let onHeld = () => {}
  let holding = Promise.resolve()
  const server = createServer((client) => {
    const through = connect(target, '127.0.0.1')
    for (const socket of [client, through]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => [client, through].map((one) => one.destroy()))
    }
    through.pipe(client)
    let passed = 0
    client.on('data', (chunk) => {
      passed += chunk.length
      through.write(chunk)
      if (passed < most) return
      client.pause()
      onHeld()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    most = Number.POSITIVE_INFINITY
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: (server.address() as { port: number }).port,
    holdAt: (bytes) => {
      most = bytes
      holding = new Promise((resolve) => {
        onHeld = resolve
      })
    },
    held: () => holding,
    cut,
    close: () => {
      cut()
      server.close()
    },
  }
}
