import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeOfflineBundle } from '../../lab/esxi/offline-bundle.js'
import { setSshService } from '../../lab/esxi/ssh-service.js'
import type { SimHost } from '../../lab/model-vsphere.js'
import { HostShell } from './esxi-client.js'
import { until } from './small-lab.js'
import { type VsphereSite, vsphereSite } from './vcenter-site.js'

let site: VsphereSite
let host: SimHost
let shell: HostShell

beforeAll(async () => {
  site = await vsphereSite()
})
afterAll(() => site.stop())
beforeEach(async () => {
  await fetch(`${site.running.url}/lab/reset`, { method: 'POST' })
  site.running.lab.clock.setSpeed(1000)
  await open()
})
afterEach(() => shell.end())

async function open(): Promise<void> {
  const { lab } = site.running
  host = lab.state.hosts.find((one) => one.cluster === 'Prod-A') as SimHost
  if (!host.ssh.enabled) await setSshService(lab, host, true)
  shell = await HostShell.connect(host)
}

const depot = () => {
  const newest = site.running.lab.state.depots.find((one) => one.depot_path.includes('update03'))
  const profile = newest?.profiles[0]
  if (!newest || !profile) throw new Error('no depot')
  return { path: newest.depot_path, profile }
}
const json = async (command: string) => JSON.parse((await shell.exec(`esxcli --formatter=json ${command}`)).out)

describe('sshd of a simulated host', () => {
  it('is there only while the service runs, and keeps its host key', async () => {
    const { lab } = site.running
    const { fingerprint } = shell
    await setSshService(lab, host, false)
    await expect(HostShell.connect(host)).rejects.toThrow(/ECONNREFUSED/)
    await setSshService(lab, host, true)
    const again = await HostShell.connect(host)
    expect(again.fingerprint).toBe(fingerprint)
    again.end()
  })

  it('offers keyboard-interactive and no password, refuses a wrong one, locks after five', async () => {
    const { lab } = site.running
    await expect(HostShell.connect(host, host.ssh.password, 'password')).rejects.toThrow(
      /authentication methods failed/,
    )
    expect(lab.state.history.failed_logins[host.name]).toBeUndefined()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(HostShell.connect(host, 'wrong')).rejects.toThrow(/authentication methods failed/)
    }
    expect(lab.state.history.failed_logins[host.name]?.locked).toBe(1)
    lab.clock.setSpeed(1)
    await expect(HostShell.connect(host)).rejects.toThrow(/authentication methods failed/)
  })

  it('is refused to root in lockdown', async () => {
    host.lockdown_mode = 'lockdownNormal'
    await expect(HostShell.connect(host)).rejects.toThrow(/authentication methods failed/)
  })
})

describe('the shell', () => {
  it.each([
    ['echo one; echo "two  $((" 2>/dev/null || echo odd', 'one\n', 'syntax'],
    ["printf '%s-%s\\n' a b && false || echo no", 'a-b\nno\n', ''],
    ['X=1; if test $X -eq 1; then echo yes; else echo no; fi', 'yes\n', ''],
    ["echo 'it'\\''s' | grep -c \"it's\"", '1\n', ''],
    ['mkdir -p /tmp/a/b && echo hi > /tmp/a/b/f && cat /tmp/a/b/f && [ -s /tmp/a/b/f ] && ls /tmp/a', 'hi\nb\n', ''],
    ['for i in 1 2 3; do echo $i; done', '1\n2\n3\n', ''],
    ['(exit 7); echo $?', '7\n', ''],
    ['echo a >/tmp/x; echo b >>/tmp/x; wc -l /tmp/x; rm -f /tmp/x; test -f /tmp/x; echo $?', '2 /tmp/x\n1\n', ''],
  ])('%s', async (script, out, wrong) => {
    const result = await shell.exec(script)
    if (wrong) expect([result.code, result.err]).toEqual([2, expect.stringContaining('syntax error')])
    else expect(result).toEqual({ out, err: '', code: 0 })
  })

  it('says of a program that it does not have what busybox says', async () => {
    expect(await shell.exec('frobnicate --now')).toEqual({ out: '', err: 'sh: frobnicate: not found\n', code: 127 })
  })
})

describe('esxcli', () => {
  it('prints facts as text and as JSON', async () => {
    expect(await json('system version get')).toEqual({
      Product: 'VMware ESXi',
      Version: host.image.version,
      Build: `Releasebuild-${host.image.build}`,
      Update: String(host.image.update),
      Patch: String(host.image.patch),
    })
    const text = await shell.exec('esxcli system version get')
    expect(text.out.split('\n')[1]).toBe(`   Version: ${host.image.version}`)
    expect((await json('hardware platform get')).SerialNumber).toBe(host.service_tag)
    expect((await shell.exec('esxcli system maintenanceMode get')).out).toBe('Disabled\n')
    expect((await shell.exec('esxcli software acceptance get')).out).toBe('PartnerSupported\n')
    expect((await shell.exec('esxcli software profile get')).out.split('\n')[0]).toBe(host.image.name)
    const vibs = await json('software vib list')
    expect(vibs.map((vib: { Name: string }) => vib.Name)).toContain('esx-base')
    const systems = await json('storage filesystem list')
    expect(systems[0]).toMatchObject({ VolumeName: host.datastores[0], Mounted: true })
  })

  it('lists the profiles of a depot in padded columns and names what it cannot find', async () => {
    const { path, profile } = depot()
    const listed = await shell.exec(`esxcli software sources profile list -d '${path}'`)
    const rows = listed.out.trimEnd().split('\n')
    expect(rows[0]?.split(/ {2,}/)).toEqual([
      'Name',
      'Vendor',
      'Acceptance Level',
      'Creation Time',
      'Modification Time',
    ])
    expect(rows[2]?.split(/ {2,}/)[0]).toBe(profile.name)
    const missing = await shell.exec('esxcli software sources profile list -d /vmfs/volumes/nowhere/x.zip')
    expect([missing.code, missing.out]).toEqual([1, expect.stringContaining(' [MetadataDownloadError]\n')])
    const wrong = await shell.exec(`esxcli software profile update -d ${path} -p ESXi-8.0.3 --dry-run`)
    expect(wrong.out).toContain("No image profile found with name 'ESXi-8.0.3'")
  })
})

describe('an image update', () => {
  const enter = () => site.running.lab.setMaintenance(host, true)
  const run = (id: string) => {
    const { path, profile } = depot()
    return `nohup sh -c 'esxcli software profile update -d '\\''${path}'\\'' -p ${profile.name} >/tmp/${id}.out 2>&1; echo $? >/tmp/${id}.rc' >/dev/null 2>&1 & echo $!`
  }

  it('is announced by a dry run without maintenance mode and refused without it', async () => {
    const { path, profile } = depot()
    const dry = await shell.exec(`esxcli software profile update -d ${path} -p ${profile.name} --dry-run`)
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('Dryrun only, host not changed.')])
    const refused = await shell.exec(`esxcli software profile update -d ${path} -p ${profile.name}`)
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('[MaintenanceModeError]')])
    expect(site.running.lab.state.history.esxi_updates).toEqual([])
  })

  it('goes on detached when the connection is gone, holds the lock, and waits in the other bank for the boot', async () => {
    const { lab } = site.running
    lab.clock.setSpeed(200)
    enter()
    const started = await shell.exec(run('dsm-1'))
    expect(started.code).toBe(0)
    shell.end()
    shell = await HostShell.connect(host)
    expect((await shell.exec(`kill -0 ${started.out.trim()}; echo $?`)).out).toBe('0\n')
    expect((await shell.exec('ps -c | grep -v grep | grep esxcli-software')).out).toContain('software profile update')
    const { path, profile } = depot()
    const second = await shell.exec(`esxcli software profile update -d ${path} -p ${profile.name}`)
    expect([second.code, second.out]).toEqual([1, expect.stringContaining('[LockingError]')])
    lab.clock.setSpeed(2000)
    await until('the code file', () => host.pending_image !== null)
    expect((await shell.exec('cat /tmp/dsm-1.rc')).out).toBe('0\n')
    const out = (await shell.exec('cat /tmp/dsm-1.out')).out
    expect(out).toMatch(
      /^Update Result\n {3}Message: The update completed successfully, but the system needs to be rebooted/,
    )
    expect((await json('system version get')).Version).toBe(host.image.version)
    expect((await shell.exec('grep build= /altbootbank/boot.cfg')).out).toContain(profile.build)
    lab.lifecycle.rebootHost(host, 'test')
    await until('the new build', () => host.image.build === profile.build && host.connection === 'connected')
    expect(host.ssh.enabled).toBe(false)
    await setSshService(lab, host, true)
    shell = await HostShell.connect(host)
    expect(await shell.exec('ls /tmp/dsm-1.rc')).toMatchObject({
      code: 1,
      err: 'ls: /tmp/dsm-1.rc: No such file or directory\n',
    })
    expect(lab.state.history.esxi_updates).toMatchObject([{ host: host.name, image: profile.name, count: 1 }])
  })

  it('goes on after a restart of the lab and writes its files once', async () => {
    site.running.lab.clock.setSpeed(20)
    enter()
    await shell.exec(`${run('dsm-2').replace("sh -c '", "sh -c 'echo begun >/tmp/begun; ")}; echo started >> /tmp/log`)
    await until('it runs', () => host.update_running_until !== null)
    shell.end()
    await site.restart()
    site.running.lab.clock.setSpeed(20)
    await open()
    expect((await shell.exec('cat /tmp/begun /tmp/log; test -f /tmp/dsm-2.rc; echo $?')).out).toBe(
      'begun\nstarted\n1\n',
    )
    site.running.lab.clock.setSpeed(2000)
    await until('it is done', () => host.pending_image !== null)
    expect((await shell.exec('cat /tmp/dsm-2.rc; grep -c Message /tmp/dsm-2.out')).out).toBe('0\n1\n')
    expect(site.running.lab.state.history.esxi_updates).toMatchObject([{ count: 1 }])
  })

  it('is lost with its lock when the host loses power', async () => {
    const { lab } = site.running
    lab.clock.setSpeed(50)
    enter()
    await shell.exec(run('dsm-3'))
    await until('it runs', () => host.update_running_until !== null)
    lab.lifecycle.power(lab.find.serverOf(host), 'ForceRestart')
    lab.clock.setSpeed(5000)
    await until('it is back', () => host.boot_count === 2 && host.connection === 'connected')
    expect([host.pending_image, host.update_running_until]).toEqual([null, null])
  })
})

describe('an uploaded bundle', () => {
  it('is one that a host lists and updates from, and is gone when it is deleted', async () => {
    const { lab } = site.running
    const image = { ...depot().profile, name: 'DEL-ESXi_803.99999999-A09', build: '99999999' }
    image.vibs = image.vibs.map((vib) => ({ ...vib, version: vib.version.replace(depot().profile.build, '99999999') }))
    const url = `/folder/up/own.zip?dcPath=${encodeURIComponent(site.vcenter.datacenter.name)}&dsName=${host.datastores[0]}`
    site.client.cookie = undefined
    await site.client.login(site.vcenter.username, site.vcenter.password)
    expect((await site.client.send('PUT', url, writeOfflineBundle([image]))).status).toBe(201)
    const path = `/vmfs/volumes/${host.datastores[0]}/up/own.zip`
    expect((await json(`software sources profile list -d ${path}`))[0]).toMatchObject({
      Name: image.name,
      AcceptanceLevel: 'PartnerSupported',
    })
    const dry = await json(`software profile update -d ${path} -p ${image.name} --dry-run`)
    expect(dry.VIBsInstalled).toContain('VMware_bootbank_esx-base_8.0.3-0.70.99999999')
    expect(lab.state.depots.at(-1)?.profiles[0]).toEqual(image)
    expect((await site.client.send('DELETE', url)).status).toBe(200)
    expect((await shell.exec(`esxcli software sources profile list -d ${path}`)).out).toContain(
      '[MetadataDownloadError]',
    )
    expect((await site.client.send('PUT', url, Buffer.from('PK no bundle'))).status).toBe(201)
    expect((await shell.exec(`esxcli software sources profile list -d ${path}`)).out).toContain(
      "no item named 'index.xml'",
    )
  })
})

describe('holds and lost answers over SSH', () => {
  const rule = async (body: object) =>
    fetch(`${site.running.url}/lab/faults`, {
      method: 'POST',
      body: JSON.stringify({ selector: { device: host.name, path: '*touch*' }, remaining: 1, ...body }),
    })
  const exists = async () => (await shell.exec('test -f /tmp/held; echo $?')).out === '0\n'

  it('a command held before its effect never arrives when the client goes; held after, it has happened', async () => {
    const { lab } = site.running
    for (const [when, happened] of [
      ['before', false],
      ['after', true],
    ] as const) {
      await rule({ action: 'hold', when })
      const other = await HostShell.connect(host)
      const held = other.exec('touch /tmp/held')
      await until('it is held', () => lab.holds.list().length === 1)
      other.end()
      await held
      await fetch(`${site.running.url}/lab/holds/${lab.holds.list()[0]?.id}/release`, { method: 'POST' })
      await until('it is let go', () => lab.holds.list().length === 0)
      expect(await exists()).toBe(happened)
    }
  })

  it('drop_answer: the effect happens and the connection breaks without an exit code', async () => {
    await rule({ action: 'drop_answer' })
    const other = await HostShell.connect(host)
    expect((await other.exec('touch /tmp/held')).code).toBeNull()
    expect(await exists()).toBe(true)
  })
})

describe('the ledger', () => {
  it('has each command as it was sent, and marks what changes the host', async () => {
    await shell.exec('esxcli system maintenanceMode get')
    await shell.exec("esxcli system shutdown reboot -r 'test'")
    const rows = site.running.lab.ledger.read({ since: 0, device: host.name })
    expect(rows.map((row) => [row.kind, row.path, row.mutation, row.status])).toEqual([
      ['ssh', 'esxcli system maintenanceMode get', false, 0],
      ['ssh', "esxcli system shutdown reboot -r 'test'", true, 1],
    ])
  })
})
