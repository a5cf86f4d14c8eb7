import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lab } from '../../lab/create-core.js'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import { readPackage } from '../../lab/firmware/update-package.js'
import { invariantsOf } from '../../lab/invariants.js'
import type { PackageFacts, SimServer } from '../../lab/model-server.js'
import { first, smallLab, stepUntil } from './small-lab.js'

let lab: Lab
let server: SimServer
beforeEach(() => {
  lab = smallLab({ speed: 0.001 })
  server = lab.find.server('idrac-prod-a-01')
})
afterEach(() => lab.clock.stop())

const until = (what: string, holds: () => boolean) => stepUntil(lab, what, holds)
const hostOf = (one: SimServer) => lab.find.host(one.host ?? '')
const judged = () => invariantsOf(lab.state, lab.firstSettings)

/** As the evacuation of a vCenter leaves a host. */
function evacuate(one: SimServer): void {
  const host = hostOf(one)
  const other = lab.find.hostsOf(lab.find.clusterOf(host)).find((candidate) => candidate !== host)
  for (const vm of lab.find.vmsOn(host)) lab.moveVm(vm, other?.name ?? '')
  lab.setMaintenance(host, true)
}

function factsOf(component: string, model = server.model, newest = true): PackageFacts {
  const files = firmwareFiles(new Set([model]), (name) => name).filter(
    ({ file }) => file.component === component && file.models.includes(model),
  )
  const reading = readPackage((newest ? files.at(-1) : files[0])?.bytes ?? Buffer.alloc(0))
  if (!reading.ok) throw new Error(reading.reason)
  return reading.facts
}

const versionOf = (component: string) => server.firmware.find((row) => row.component === component)?.version
const jobState = (id: string) => lab.jobs.find(server, id)?.state

describe('power and boots', () => {
  it('a reboot of an empty host in maintenance: one boot, not responding, back, still in maintenance', async () => {
    evacuate(server)
    const host = hostOf(server)
    host.ssh.enabled = true
    const bootTime = host.boot_time
    lab.lifecycle.rebootHost(host, 'test')
    await until('not responding', () => host.connection === 'notResponding')
    expect(lab.lifecycle.phase(server.name)).toBe('rebooting')
    await until('connected', () => host.connection === 'connected')
    expect([server.boot_count, host.boot_count, host.in_maintenance, host.ssh.enabled]).toEqual([2, 2, true, false])
    expect(host.boot_time).toBeGreaterThan(bootTime)
    expect(judged().ok).toBe(true)
    expect(judged().figures).toMatchObject({
      max_hosts_out: { 'Prod-A': 1 },
      host_reboots: [{ host: host.name, count: 1, with_vms: 0 }],
    })
  })

  it('a reboot with running VMs is a violation, and HA starts them elsewhere', async () => {
    const host = hostOf(server)
    const vms = lab.find.vmsOn(host)
    expect(lab.lifecycle.power(server, 'ForceRestart')).toMatchObject({ ok: true })
    expect(vms.every((vm) => vm.power === 'poweredOff')).toBe(true)
    await until('HA', () => vms.every((vm) => vm.power === 'poweredOn' && vm.host !== host.name))
    const { ok, checks, figures } = judged()
    expect(ok).toBe(false)
    expect(checks.find((check) => check.name === 'no reboot of a host with running VMs')?.ok).toBe(false)
    expect(figures.host_reboots).toEqual([{ host: host.name, count: 1, with_vms: 1 }])
  })

  it('two hosts out at once are seen by the judge', () => {
    evacuate(server)
    evacuate(lab.find.server('idrac-prod-a-02'))
    expect(judged().figures.max_hosts_out['Prod-A']).toBe(2)
    expect(judged().ok).toBe(false)
  })

  it('refuses what is already so', async () => {
    const alone = lab.find.server('idrac-standalone-03')
    expect(lab.lifecycle.power(alone, 'On')).toEqual({ ok: false, message_id: 'PSU501' })
    lab.lifecycle.power(alone, 'GracefulShutdown')
    await until('off', () => alone.power === 'Off')
    expect(lab.lifecycle.power(alone, 'ForceOff')).toEqual({ ok: false, message_id: 'PSU502' })
    expect(lab.lifecycle.power(alone, 'GracefulRestart')).toEqual({ ok: false, message_id: 'PSU502' })
    lab.lifecycle.power(alone, 'On')
    expect(alone.power).toBe('PoweringOn')
    await until('running', () => alone.boot.phase === 'running')
    expect(alone.boot_count).toBe(2)
  })

  it('the image in the other boot bank runs after the boot; vCenter shows it a little later', async () => {
    evacuate(server)
    const host = hostOf(server)
    const next = first(lab.state.depots.flatMap((depot) => depot.profiles).filter((image) => image.version === '8.0.3'))
    const before = host.image
    host.pending_image = next
    lab.lifecycle.rebootHost(host, 'test')
    await until('the new image', () => host.image.build === next.build)
    expect([host.pending_image, host.previous_image?.build]).toEqual([null, before.build])
    await until('connected', () => host.connection === 'connected')
    await until('vCenter', () => host.seen_by_vcenter.build === next.build)
  })

  it('a host that does not return stays in POST', async () => {
    evacuate(server)
    lab.rules.add({ selector: { device: server.name }, action: 'personality', name: 'host_does_not_return' })
    lab.lifecycle.rebootHost(hostOf(server), 'test')
    await until('not responding', () => hostOf(server).connection === 'notResponding')
    await until('nothing left to happen', () => lab.state.agenda.every((item) => item.type !== 'machine.step'))
    expect(server.boot.phase).toBe('post')
  })
})

describe('firmware jobs', () => {
  it('a BIOS update waits for the boot and is in the inventory after it', async () => {
    evacuate(server)
    const facts = factsOf('bios')
    const before = versionOf('bios')
    expect(lab.jobs.applicability(server, facts)).toMatchObject({ ok: true, class: 'host_reboot' })
    const job = lab.jobs.submitFirmware(server, facts, { apply: 'OnReset' })
    await until('Scheduled', () => jobState(job.id) === 'Scheduled')
    expect(versionOf('bios')).toBe(before)
    expect(lab.jobs.applicability(server, facts)).toMatchObject({ ok: false, message_id: 'RED014', job_id: job.id })
    lab.lifecycle.rebootHost(hostOf(server), 'test')
    await until('Completed', () => jobState(job.id) === 'Completed')
    expect(versionOf('bios')).toBe(facts.version)
    expect(server.firmware.find((row) => row.component === 'bios')?.previous_version).toBe(before)
    await until('running', () => server.boot.phase === 'running')
    expect(server.boot_count).toBe(2)
    expect(judged().figures.firmware_submissions).toEqual([
      { service_tag: server.service_tag, component: 'bios', version: facts.version, count: 1 },
    ])
    expect(server.idrac.lifecycle_log.some((entry) => entry.message_id === 'PR36')).toBe(true)
  })

  it('several staged updates share one boot', async () => {
    evacuate(server)
    const jobs = ['bios', 'raid', 'backplane'].map((component) =>
      lab.jobs.submitFirmware(server, factsOf(component), { apply: 'OnReset' }),
    )
    await until('all scheduled', () => jobs.every((job) => jobState(job.id) === 'Scheduled'))
    lab.lifecycle.rebootHost(hostOf(server), 'test')
    await until('all completed', () => jobs.every((job) => jobState(job.id) === 'Completed'))
    await until('running', () => server.boot.phase === 'running')
    expect(server.boot_count).toBe(2)
  })

  it('the iDRAC goes dark for its own update, loses its sessions and comes back with the new version', async () => {
    server.idrac.sessions.push({ id: '1', token: 't', user: 'root', client: '', created_at: 0, last_used_at: 0 })
    const changes: boolean[] = []
    lab.lifecycle.onReachability((device, reachable) => {
      if (device === server.name) changes.push(reachable)
    })
    const facts = factsOf('idrac')
    const job = lab.jobs.submitFirmware(server, facts, { apply: 'Immediate' })
    await until('dark', () => lab.lifecycle.idracState(server) === 'dark')
    expect([versionOf('idrac'), server.idrac.sessions.length]).toEqual(['7.00.30.00', 0])
    await until('ready', () => lab.lifecycle.idracState(server) === 'ready')
    expect([versionOf('idrac'), server.idrac.firmware_version, jobState(job.id)]).toEqual([
      facts.version,
      facts.version,
      'Completed',
    ])
    expect([changes, server.boot_count]).toEqual([[false, true], 1])
  })

  it('Immediate on a BIOS reboots the host by itself', async () => {
    evacuate(server)
    lab.jobs.submitFirmware(server, factsOf('bios'), { apply: 'Immediate' })
    await until('boot', () => server.boot_count === 2)
  })

  it('direct updates need no reboot', async () => {
    const facts = factsOf('diagnostics')
    lab.jobs.submitFirmware(server, facts, { apply: 'Immediate' })
    await until('new version', () => versionOf('diagnostics') === facts.version)
    expect(server.boot_count).toBe(1)
  })

  it('refuses another system, a CPLD beside others, and a missing prerequisite', () => {
    expect(lab.jobs.applicability(server, factsOf('bios', 'PowerEdge R640'))).toMatchObject({ message_id: 'RED017' })
    lab.jobs.submitFirmware(server, factsOf('bios'), { apply: 'OnReset' })
    expect(lab.jobs.applicability(server, factsOf('cpld'))).toMatchObject({ message_id: 'RED149' })
    expect(lab.jobs.applicability(server, factsOf('nic'))).toMatchObject({ message_id: 'RED022' })
    const newest = lab.find.server('idrac-standalone-02')
    expect(lab.jobs.applicability(newest, factsOf('bios', newest.model))).toMatchObject({ message_id: 'RED145' })
  })

  it('a deleted job is no submission that counts against a second one', async () => {
    const facts = factsOf('bios')
    const job = lab.jobs.submitFirmware(server, facts, { apply: 'OnReset' })
    await until('Scheduled', () => jobState(job.id) === 'Scheduled')
    expect(lab.jobs.remove(server, job.id)).toBe(true)
    lab.jobs.submitFirmware(server, facts, { apply: 'OnReset' })
    expect(judged().ok).toBe(true)
    lab.jobs.submitFirmware(server, facts, { apply: 'OnReset' })
    expect(judged().ok).toBe(false)
  })

  it('cutting the power while firmware is applied is a violation', async () => {
    evacuate(server)
    lab.jobs.submitFirmware(server, factsOf('bios'), { apply: 'Immediate' })
    await until('applying', () => server.boot.phase === 'applying')
    lab.lifecycle.power(server, 'ForceOff')
    expect(judged().checks.find((check) => check.name === 'no power cut while firmware is applied')?.ok).toBe(false)
  })

  it.each([
    ['job_fails', 'Failed', false],
    ['failed_but_applied', 'Failed', true],
    ['completed_with_errors', 'CompletedWithErrors', true],
    ['version_unchanged', 'Completed', false],
    ['user_intervention', 'UserIntervention', false],
  ])('personality %s ends %s', async (name, state, applied) => {
    lab.rules.add({ selector: { device: server.name }, action: 'personality', name })
    const facts = factsOf('diagnostics')
    const job = lab.jobs.submitFirmware(server, facts, { apply: 'Immediate' })
    await until(state, () => jobState(job.id) === state)
    expect(versionOf('diagnostics') === facts.version).toBe(applied)
  })

  it('personality job_hangs_at_99: stays there until the iDRAC is restarted', async () => {
    const rule = lab.rules.add({ selector: { device: server.name }, action: 'personality', name: 'job_hangs_at_99' })
    const job = lab.jobs.submitFirmware(server, factsOf('diagnostics'), { apply: 'Immediate' })
    await until('Running', () => jobState(job.id) === 'Running')
    expect(lab.jobs.percent(job)).toBe(99)
    lab.rules.remove(rule.id)
    lab.lifecycle.restartIdrac(server, 'reset')
    await until('Failed', () => jobState(job.id) === 'Failed')
    expect(lab.jobs.find(server, job.id)?.message_id).toBe('JCP052')
  })

  it('personality job_stuck_scheduled: a boot passes it by', async () => {
    evacuate(server)
    lab.rules.add({ selector: { device: server.name }, action: 'personality', name: 'job_stuck_scheduled' })
    const job = lab.jobs.submitFirmware(server, factsOf('bios'), { apply: 'OnReset' })
    await until('Scheduled', () => jobState(job.id) === 'Scheduled')
    lab.lifecycle.rebootHost(hostOf(server), 'test')
    await until('booted', () => server.boot_count === 2 && server.boot.phase === 'running')
    expect(lab.jobs.find(server, job.id)).toMatchObject({ state: 'Scheduled', message_id: 'PR30' })
  })
})

describe('what goes on by itself', () => {
  it('a handler with a bug does not stop the others, and the judge knows', async () => {
    const seen: string[] = []
    lab.agenda.on('test.bug', () => {
      throw new Error('on purpose')
    })
    lab.agenda.on('test.fine', () => {
      seen.push('fine')
    })
    lab.agenda.after(1000, 'test.bug', {})
    lab.agenda.after(2000, 'test.fine', {})
    await until('both', () => seen.length === 1)
    expect(judged().checks.find((check) => check.name === 'no bug of the lab itself')?.ok).toBe(false)
  })

  it('goes on after the state was written and read again', async () => {
    evacuate(server)
    const job = lab.jobs.submitFirmware(server, factsOf('bios'), { apply: 'Immediate' })
    await until('boot', () => server.boot_count === 2)
    lab.clock.stop()
    const copy = JSON.parse(JSON.stringify(lab.snapshot()))
    const next = smallLab({ speed: 0.001 })
    next.replace(copy)
    const same = next.find.server(server.name)
    await stepUntil(next, 'running', () => same.boot.phase === 'running')
    await stepUntil(next, 'connected', () => next.find.host(same.host ?? '').connection === 'connected')
    expect(next.jobs.find(same, job.id)?.state).toBe('Completed')
    expect(same.boot_count).toBe(2)
    next.clock.stop()
  })
})
