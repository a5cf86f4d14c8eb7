import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { UpdateRequest } from '../../clients/esxi/command.js'
import type { EsxiConnection } from '../../clients/esxi/connection.js'
import { readEsxiFacts, readEsxiVersion, readRecoveryKeys, readRunningVms } from '../../clients/esxi/esxcli.js'
import { readEsxiMaintenance, setEsxiMaintenance } from '../../clients/esxi/maintenance.js'
import { listProfiles } from '../../clients/esxi/profiles.js'
import { rebootEsxi } from '../../clients/esxi/reboot.js'
import { dryRun, findRunningUpdate, readUpdateRun, startUpdate } from '../../clients/esxi/update.js'
import { startTestHost, type TestHost } from './esxi-test-host.js'

let bin: string
let host: TestHost
let connection: EsxiConnection
let id: string

const request: UpdateRequest = {
  method: 'update',
  depot_path: '/vmfs/volumes/ds 1/x.zip',
  profile_name: 'ESXi-8.0U3-24022510-standard',
  allow_hardware_warnings: false,
}

/** A program in the path of the host's shell. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
}

const files = () => [`/tmp/dsm-${id}.out`, `/tmp/dsm-${id}.rc`] as const

beforeEach(async () => {
  bin = mkdtempSync(join(tmpdir(), 'esxi-update-'))
  id = randomUUID()
  // Only what belongs to this test: other processes of the machine are not on this "host".
  program('ps', `/bin/ps -eo pid,args | grep -e ${id} -e ${bin} | grep -v -e grep -e '^ *[0-9]* /bin/ps'`)
  host = await startTestHost({ password: 'p', bin })
  connection = await host.connect()
})
afterEach(async () => {
  writeFileSync(join(bin, 'go'), '')
  await connection.close()
  await host.close()
  for (const each of files()) rmSync(each, { force: true })
  rmSync(bin, { recursive: true, force: true })
})

/** An update tool that works until the file `go` appears, counts its starts, and then ends as told. */
function updateTool(output: string, code: number): void {
  program(
    'esxcli',
    `echo start >>${bin}/starts\nwhile [ ! -e ${bin}/go ]; do sleep 0.02; done\ncat <<'END'\n${output}\nEND\nexit ${code}`,
  )
}

const RESULT =
  'Update Result\n   Message: The update completed successfully, but the system needs to be rebooted.\n   Reboot Required: true\n   VIBs Installed: A, B'

describe('a detached update', () => {
  test('runs without the connection, and is found again by its id', async () => {
    updateTool(RESULT, 0)
    expect(await startUpdate(connection, request, id)).toEqual({ state: 'not_started' })
    await connection.close()
    connection = await host.connect()
    expect(await readUpdateRun(connection, id)).toMatchObject({ state: 'running' })
    expect(await findRunningUpdate(connection)).toContain('software profile update')
    writeFileSync(join(bin, 'go'), '')
    await expect.poll(() => existsSync(files()[1]), { timeout: 5_000 }).toBe(true)
    expect(await readUpdateRun(connection, id)).toMatchObject({
      state: 'finished',
      exit_code: 0,
      outcome: { ok: true, result: { reboot_required: true, vibs_installed: ['A', 'B'] } },
    })
    expect(await findRunningUpdate(connection)).toBeNull()
  })

  test('is never started twice under one id, running or finished', async () => {
    updateTool(RESULT, 0)
    await startUpdate(connection, request, id)
    expect(await startUpdate(connection, request, id)).toMatchObject({ state: 'running' })
    writeFileSync(join(bin, 'go'), '')
    await expect.poll(() => existsSync(files()[1]), { timeout: 5_000 }).toBe(true)
    expect(await startUpdate(connection, request, id)).toMatchObject({ state: 'finished' })
    expect((await connection.run({ line: `wc -l <${bin}/starts`, mutation: false })).stdout.trim()).toBe('1')
  })

  test('does not join another update on the host', async () => {
    updateTool(RESULT, 0)
    await startUpdate(connection, request, id)
    const started = host.commands.length
    await expect(startUpdate(connection, request, `${id.slice(0, 8)}-other`)).rejects.toMatchObject({
      code: 'UpdateLocked',
      facts: { sent: false },
    })
    expect(host.commands.slice(started).some((each) => each.startsWith('nohup'))).toBe(false)
  })

  test('a refusal keeps the text and the exit code', async () => {
    updateTool(" [NoMatchError]\n No image profile found with name 'X'\n   id = X", 1)
    writeFileSync(join(bin, 'go'), '')
    await startUpdate(connection, request, id)
    await expect.poll(() => existsSync(files()[1]), { timeout: 5_000 }).toBe(true)
    expect(await readUpdateRun(connection, id)).toMatchObject({
      state: 'finished',
      exit_code: 1,
      outcome: { ok: false, failure: { code: 'ProfileNotFound', data: { id: 'X' } } },
    })
  })

  test('an output without process and code is lost, not absent', async () => {
    writeFileSync(files()[0], 'half')
    expect(await readUpdateRun(connection, id)).toEqual({ state: 'lost', output: 'half' })
  })

  test('a code file that is still empty is no code', async () => {
    writeFileSync(files()[0], '')
    writeFileSync(files()[1], '')
    expect(await readUpdateRun(connection, id)).toMatchObject({ state: 'lost' })
  })

  test('a process list that cannot be read says nothing', async () => {
    program('ps', 'echo "ps: failed" >&2; exit 1')
    await expect(readUpdateRun(connection, id)).rejects.toMatchObject({ code: 'ProtocolError' })
    await expect(startUpdate(connection, request, id)).rejects.toMatchObject({ code: 'ProtocolError' })
    expect(host.commands.some((each) => each.startsWith('nohup'))).toBe(false)
  })
})

describe('asking the tool', () => {
  test('a trial run gives its verdict, from either stream', async () => {
    program('esxcli', `echo ' [DependencyError]' >&2; echo ' VIB A requires B' >&2; exit 1`)
    expect(await dryRun(connection, request)).toMatchObject({ ok: false, failure: { code: 'VibConflict' } })
    expect(host.commands.at(-1)).toContain('--dry-run')
  })

  test('a depot that is not there is named so', async () => {
    program('esxcli', `echo " [MetadataDownloadError]"; echo " [Errno 2] No such file or directory: 'x'"; exit 1`)
    await expect(listProfiles(connection, request.depot_path)).rejects.toMatchObject({
      code: 'DepotNotFound',
      facts: { message_id: 'MetadataDownloadError', answered: true },
    })
  })

  test('a depot whose list is empty is invalid', async () => {
    program('esxcli', 'exit 0')
    await expect(listProfiles(connection, request.depot_path)).rejects.toMatchObject({ code: 'DepotInvalid' })
  })
})

describe('facts', () => {
  test('what a host does not tell is null and named', async () => {
    program(
      'esxcli',
      `case "$*" in
*"system version get") echo '{"Product":"VMware ESXi","Version":"8.0.3","Build":"Releasebuild-1"}';;
*"hardware platform get") echo '[{"SerialNumber":" tst0750 ","VendorName":"Dell Inc.","ProductName":"PowerEdge R750"}]';;
*"maintenanceMode get") echo Disabled;;
*) echo "no such namespace" >&2; exit 1;;
esac`,
    )
    program('vim-cmd', 'exit 1')
    const facts = await readEsxiFacts(connection)
    expect(facts).toMatchObject({
      version: '8.0.3',
      build: 1,
      serial_number: 'TST0750',
      in_maintenance_mode: false,
      profile_name: null,
      vibs: null,
      encryption: null,
      uptime_seconds: null,
    })
    expect(facts.unreadable.map((each) => each.fact)).toEqual([
      'profile',
      'vibs',
      'acceptance',
      'filesystems',
      'encryption',
      'summary',
    ])
  })

  test('a failing read is an error that names the command', async () => {
    program('esxcli', 'echo "Connect to localhost failed: Connection failure" >&2; exit 1')
    await expect(readEsxiVersion(connection)).rejects.toMatchObject({ code: 'DeviceBusy', facts: { status: 1 } })
  })

  test('running VMs: an empty answer is an empty list', async () => {
    program('esxcli', 'echo "[]"')
    expect(await readRunningVms(connection)).toEqual([])
    program('esxcli', `echo '[{"DisplayName":"db1","WorldID":7}]'`)
    expect(await readRunningVms(connection)).toEqual(['db1'])
    program('esxcli', 'echo what')
    await expect(readRunningVms(connection)).rejects.toMatchObject({ code: 'ProtocolError' })
  })

  test('a recovery key is on no record, also when it cannot be read', async () => {
    program('esxcli', 'echo "SECRET-478269"; exit 0')
    await expect(readRecoveryKeys(connection)).rejects.toMatchObject({ code: 'ProtocolError' })
    expect(JSON.stringify(host.recorded)).not.toContain('SECRET-478269')
  })
})

describe('maintenance and reboot', () => {
  const refusing = (state: string) =>
    program('esxcli', `case "$*" in *"maintenanceMode get") echo ${state};; *) echo refused >&2; exit 1;; esac`)

  test('already so is success', async () => {
    refusing('Enabled')
    await expect(setEsxiMaintenance(connection, true)).resolves.toBeUndefined()
    await expect(setEsxiMaintenance(connection, false)).rejects.toMatchObject({ code: 'StateConflict' })
  })

  test('a refusal is one, and an unknown state too', async () => {
    refusing('Disabled')
    await expect(setEsxiMaintenance(connection, true)).rejects.toMatchObject({ code: 'StateConflict' })
    refusing('what')
    await expect(readEsxiMaintenance(connection)).rejects.toMatchObject({ code: 'ProtocolError' })
  })

  test('a reboot outside maintenance is refused by the host', async () => {
    program('esxcli', 'echo "The host is not in maintenance mode" >&2; exit 1')
    await expect(rebootEsxi(connection, 'job 1')).rejects.toMatchObject({
      code: 'HostNotInMaintenance',
      unclear: false,
    })
  })
})
