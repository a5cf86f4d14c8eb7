import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRoot } from '../../clients/redfish/root.js'
import { openSession } from '../../clients/redfish/session.js'
import { makeCertificate, type TestCertificate } from '../helpers/certificate.js'
import { anonymousClient, errorOf } from '../helpers/redfish-client.js'
import { describeWith, pathOf } from './parts/part.js'
import { pythonTools } from './parts/python.js'
import { freePort, type ServerProcess, startServer } from './parts/server-process.js'

/** Our Redfish client on the emulator of sushy-tools: a Redfish service that is no iDRAC. */
const tools = await pythonTools()

describeWith([tools], 'our Redfish client and sushy-emulator', () => {
  let folder: string
  let server: ServerProcess
  let certificate: TestCertificate
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsm-emulator-'))
    certificate = await makeCertificate()
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    await writeFile(cert, certificate.cert)
    await writeFile(key, certificate.key)
    const port = await freePort()
    const where = ['-i', '127.0.0.1', '-p', String(port), '--ssl-certificate', cert, '--ssl-key', key]
    server = await startServer(join(pathOf(tools), 'bin', 'sushy-emulator'), ['--fake', ...where], port)
  })
  afterAll(async () => {
    await server?.end()
    await rm(folder, { recursive: true, force: true })
  })

  test('its root is read, and nothing of Dell is found in it', async () => {
    const { client } = anonymousClient({ port: server.port, certificate })
    const root = await readRoot(client)
    expect(root).toMatchObject({ redfish_version: expect.stringMatching(/^1\./), service_tag: null, is_idrac: null })
    await client.close()
  })

  test('it has no sessions: a login is refused in words, with a code, and nothing is guessed', async () => {
    const { client, recorder } = anonymousClient({ port: server.port, certificate })
    const error = await errorOf(openSession(client, { username: 'admin', password: 'password' }))
    expect(error.code).toMatch(/NotSupported|ProtocolError|NotFound|NotARedfishService|Unsupported/)
    expect(error.message.length).toBeGreaterThan(10)
    expect(recorder.calls.filter(({ call }) => call.mutation)).toEqual([])
    await client.close()
  })
})
