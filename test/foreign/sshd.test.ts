import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import { openEsxiConnection, type SshTarget } from '../../clients/esxi/ssh.js'
import type { SeenIdentity } from '../../clients/identity.js'
import { silentRecorder } from '../../clients/recorder.js'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { pinTo } from '../helpers/redfish-client.js'
import { debianProgram } from './parts/debian.js'
import { describeWith, pathOf } from './parts/part.js'
import { freePort, type ServerProcess, startServer } from './parts/server-process.js'

/** Our SSH client on OpenSSH, as the account that runs the tests: nothing of the system is changed. */
const sshd = await debianProgram('/usr/sbin/sshd', ['openssh-server'])

describeWith([sshd], 'our SSH client and OpenSSH', () => {
  let folder: string
  let server: ServerProcess
  let key: string
  let hostKeySha256: string

  const makeKey = async (name: string): Promise<string> => {
    const made = await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)], {
      timeoutMs: 20_000,
    })
    if (made.code !== 0) throw new Error(made.output)
    return join(folder, name)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsm-sshd-'))
    const [host, user] = [await makeKey('host'), await makeKey('user')]
    key = await readFile(user, 'utf8')
    const blob = (await readFile(`${host}.pub`, 'utf8')).split(' ')[1] ?? ''
    hostKeySha256 = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('hex')
    await writeFile(join(folder, 'keys'), await readFile(`${user}.pub`))
    await chmod(join(folder, 'keys'), 0o600)
    // Where sshd separates its privileges it wants this folder, which the service of the system would make.
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
    const port = await freePort()
    const settings = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${host}`,
      `AuthorizedKeysFile ${join(folder, 'keys')}`,
      `PidFile ${join(folder, 'sshd.pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication yes',
      'KbdInteractiveAuthentication no',
    ]
    await writeFile(join(folder, 'sshd_config'), `${settings.join('\n')}\n`)
    server = await startServer(pathOf(sshd), ['-D', '-e', '-f', join(folder, 'sshd_config')], port)
  })
  afterAll(async () => {
    await server?.end()
    await rm(folder, { recursive: true, force: true })
  })

  const connect = (change: Partial<SshTarget> = {}) =>
    openEsxiConnection({
      address: '127.0.0.1',
      port: server.port,
      username: userInfo().username,
      secret: { kind: 'private_key', private_key: key },
      identity: pinTo(hostKeySha256),
      recorder: silentRecorder,
      ...change,
    })

  test('a key is let in, a command runs, and its exit code and both outputs come back', async () => {
    const connection = await connect()
    try {
      const read = { line: 'printf out; printf err >&2', mutation: false }
      expect(await connection.run(read)).toMatchObject({ exit_code: 0, stdout: 'out', stderr: 'err' })
      const failing = await connection.run({ line: 'exit 3', mutation: false }).catch((error: unknown) => error)
      expect(JSON.stringify(failing instanceof DeviceError ? failing.facts : failing)).toMatch(/3/)
    } finally {
      await connection.close()
    }
  })

  test('the host key that is shown is the one of the file', async () => {
    const seen: SeenIdentity[] = []
    const connection = await connect({ identity: async (identity) => void seen.push(identity) })
    await connection.close()
    expect(seen).toEqual([{ protocol: 'ssh', sha256: hostKeySha256, algorithm: 'ssh-ed25519', trusted_by_ca: false }])
  })

  test('another host key ends the connection before a login', async () => {
    await expect(connect({ identity: pinTo('0'.repeat(64)) })).rejects.toMatchObject({ facts: { sent: false } })
  })

  test('a key that is not authorised and a wrong password are refused after one attempt each', async () => {
    const stranger = await readFile(await makeKey('stranger'), 'utf8')
    const failed = () => server.output().match(/Failed (publickey|password)/g)?.length ?? 0
    const before = failed()
    for (const secret of [
      { kind: 'private_key', private_key: stranger },
      { kind: 'password', password: 'not the password of this account' },
    ] as const)
      await expect(connect({ secret })).rejects.toMatchObject({ code: 'AuthFailed' })
    expect(failed() - before).toBeLessThanOrEqual(2)
  })
})
