import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import type { EsxiCommand } from '../../clients/esxi/connection.js'
import { startTestHost, type TestHost, type TestHostOptions } from './esxi-test-host.js'

const PASSWORD = 'L4b-Secret!x'
const hosts: TestHost[] = []

async function start(options: TestHostOptions = {}): Promise<TestHost> {
  const host = await startTestHost({ password: PASSWORD, ...options })
  hosts.push(host)
  return host
}

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((each) => each.close()))
})

async function failureOf(action: Promise<unknown>): Promise<DeviceError> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeviceError)) throw new Error(`expected a DeviceError, got ${String(error)}`)
  return error
}

const read = (line: string): EsxiCommand => ({ line, mutation: false })
const tried = (host: TestHost) => host.attempts.filter((each) => each !== 'none')

describe('who answers', () => {
  test('the host key is shown before anything is sent', async () => {
    const host = await start()
    const seen: string[] = []
    const connection = await host.connect({
      identity: async (each) => {
        seen.push(`${each.protocol} ${each.algorithm} ${each.sha256}`)
        expect(host.attempts).toEqual([])
      },
    })
    await connection.close()
    expect(seen).toEqual([`ssh ssh-ed25519 ${host.fingerprint}`])
  })

  test('an unknown key stops the connection before any login', async () => {
    const host = await start()
    const changed = new DeviceError('SshIdentityChanged', 'another key', { sent: false, answered: true })
    const error = await failureOf(
      host.connect({
        identity: async () => {
          throw changed
        },
      }),
    )
    expect(error).toBe(changed)
    expect(host.attempts).toEqual([])
    expect(host.recorded.at(-1)?.result).toMatchObject({ success: false, outcome: 'refused' })
  })
})

describe('logging in', () => {
  test.each([
    [['keyboard-interactive'], 'keyboard-interactive'],
    [['publickey', 'keyboard-interactive', 'password'], 'keyboard-interactive'],
    [['password'], 'password'],
  ] as const)('of %j a password goes by %s', async (methods, expected) => {
    const host = await start({ methods: [...methods] })
    await (await host.connect()).close()
    expect(host.attempts).toEqual(['none', expected])
  })

  test.each([['keyboard-interactive'], ['password']] as const)(
    'a wrong password by %s is exactly one attempt',
    async (method) => {
      const host = await start({
        methods: ['publickey', 'keyboard-interactive', 'password'].filter(
          (e) => e === method || e === 'publickey',
        ) as never,
      })
      const error = await failureOf(host.connect({ secret: { kind: 'password', password: 'wrong' } }))
      expect(error).toMatchObject({
        code: 'AuthFailed',
        facts: { sent: false, answered: true, data: { tried: method } },
      })
      expect(tried(host)).toEqual([method])
    },
  )

  test('a host that offers both gets one attempt only', async () => {
    const host = await start({ methods: ['keyboard-interactive', 'password'] })
    await failureOf(host.connect({ secret: { kind: 'password', password: 'wrong' } }))
    expect(tried(host)).toEqual(['keyboard-interactive'])
  })

  test('a method that is not offered is not tried', async () => {
    const host = await start({ methods: ['publickey'] })
    const error = await failureOf(host.connect())
    expect(error).toMatchObject({ code: 'SshUnavailable', facts: { data: { tried: null, offered: ['publickey'] } } })
    expect(tried(host)).toEqual([])
  })

  test('a key goes by publickey', async () => {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    const host = await start({ methods: ['publickey', 'keyboard-interactive'], authorized_key: pair.public })
    const connection = await host.connect({ secret: { kind: 'private_key', private_key: pair.private } })
    expect((await connection.run(read('echo in'))).stdout).toBe('in\n')
    await connection.close()
    expect(tried(host).every((each) => each === 'publickey')).toBe(true)
  })

  test('the password is on no record', async () => {
    const host = await start()
    await (await host.connect()).close()
    expect(JSON.stringify(host.recorded)).not.toContain(PASSWORD)
    expect(host.recorded).toMatchObject([{ call: { protocol: 'ssh', endpoint: 'login', mutation: false } }])
  })

  test('a stopped service is named as such', async () => {
    const probe = createServer()
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    const host = await start()
    const error = await failureOf(host.connect({ port }))
    expect(error).toMatchObject({ code: 'SshUnavailable', facts: { sent: false } })
  })

  test('a host that says nothing is given up', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const host = await start()
    const error = await failureOf(host.connect({ port, connect_timeout_ms: 300 }))
    expect(error).toMatchObject({ code: 'DeviceUnreachable', facts: { sent: false } })
    silent.close()
  })

  test('a demand to stop ends the login', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const host = await start()
    const stop = new AbortController()
    const failing = failureOf(host.connect({ port, signal: stop.signal }))
    stop.abort()
    expect(await failing).toMatchObject({ code: 'Cancelled' })
    silent.close()
  })
})

describe('running a command', () => {
  test('gives both streams and the exit code, without a terminal', async () => {
    const host = await start()
    const connection = await host.connect()
    const output = await connection.run(read('echo out; echo err >&2; exit 3'))
    expect(output).toMatchObject({ exit_code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false })
    expect(host.ptys).toBe(0)
    expect(host.recorded.at(-1)).toMatchObject({
      call: { endpoint: 'echo out; echo err >&2; exit 3' },
      result: { success: false, outcome: 'refused', status_code: 3 },
    })
    await connection.close()
  })

  test('several commands run on one connection', async () => {
    const host = await start()
    const connection = await host.connect()
    const outputs = await Promise.all(['1', '2', '3'].map((each) => connection.run(read(`echo ${each}`))))
    expect(outputs.map((each) => each.stdout.trim())).toEqual(['1', '2', '3'])
    await connection.close()
  })

  test('output beyond the cap is thrown away and said so', async () => {
    const host = await start()
    const connection = await host.connect()
    const output = await connection.run(read('head -c 3000000 /dev/zero; echo end'), { max_output_bytes: 1_000 })
    expect(output.stdout).toHaveLength(1_000)
    expect(output).toMatchObject({ truncated: true, exit_code: 0 })
    await connection.close()
  })

  test('a secret output is returned and not recorded', async () => {
    const host = await start()
    const connection = await host.connect()
    const output = await connection.run({ line: 'echo KEY-123-$((4*5))', mutation: false, secret_output: true })
    expect(output.stdout).toBe('KEY-123-20\n')
    expect(JSON.stringify(host.recorded)).not.toContain('KEY-123-20')
    await connection.close()
  })

  test('a command that takes too long is unclear: it may go on', async () => {
    const host = await start({ exec: () => undefined })
    const connection = await host.connect()
    const error = await failureOf(connection.run({ line: 'slow', mutation: true }, { timeout_ms: 200 }))
    expect(error).toMatchObject({ code: 'DeviceTimeout', unclear: true })
    expect(host.recorded.at(-1)?.result).toMatchObject({ outcome: 'unknown' })
    await connection.close()
  })

  test('a connection lost in the middle is unclear', async () => {
    const host = await start({ exec: (_command, _stream, client) => client.end() })
    const connection = await host.connect()
    const error = await failureOf(connection.run({ line: 'esxcli software profile update', mutation: true }))
    expect(error).toMatchObject({ code: 'DeviceUnreachable', unclear: true })
  })

  test('closing a connection that the host has ended waits for nothing', async () => {
    const host = await start({ exec: (_command, _stream, client) => client.end() })
    const connection = await host.connect()
    await failureOf(connection.run(read('x')))
    const since = performance.now()
    await connection.close()
    expect(performance.now() - since).toBeLessThan(1_000)
  })

  test('a channel that ends without a code is a value', async () => {
    const host = await start({ exec: (_command, stream) => void stream.end() })
    const connection = await host.connect()
    expect(await connection.run(read('x'))).toMatchObject({ exit_code: null })
    await connection.close()
  })

  test('a demand to stop ends the waiting', async () => {
    const host = await start({ exec: () => undefined })
    const connection = await host.connect()
    const stop = new AbortController()
    const failing = failureOf(connection.run(read('slow'), { signal: stop.signal }))
    await expect.poll(() => host.commands).toEqual(['slow'])
    stop.abort()
    expect(await failing).toMatchObject({ code: 'Cancelled', unclear: true })
    await connection.close()
  })

  test('a demand that comes while the record is written sends nothing', async () => {
    const host = await start()
    const connection = await host.connect()
    const stop = new AbortController()
    const failing = failureOf(connection.run(read('late'), { signal: stop.signal }))
    stop.abort()
    expect(await failing).toMatchObject({ code: 'Cancelled', facts: { sent: false } })
    expect(host.commands).toEqual([])
    await connection.close()
  })

  test('nothing is sent when the demand came before', async () => {
    const host = await start()
    const connection = await host.connect()
    const error = await failureOf(connection.run(read('x'), { signal: AbortSignal.abort() }))
    expect(error).toMatchObject({ code: 'Cancelled', facts: { sent: false } })
    expect(host.commands).toEqual([])
    await connection.close()
  })
})
