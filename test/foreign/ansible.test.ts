import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabState } from '../../scripts/demo/lab-client.js'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'
import { FOREIGN_FOLDER } from './parts/cache.js'
import { type ImageServer, serveImage } from './parts/image-server.js'
import { describeWith, pathOf } from './parts/part.js'
import { ansible } from './parts/python.js'

/** The simulated iDRACs judged by Dell's own Ansible modules, as far as these need no Dell software on the machine. */
const environment = await ansible()

interface Outcome {
  changed: boolean
  failed: boolean
  text: string
}

describeWith([environment], 'dellemc.openmanage and the simulated iDRACs', () => {
  let lab: LabProcess
  let images: ImageServer
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsm-ansible-'))
    images = await serveImage()
    lab = await startLab({ LAB_SITE: 'small' })
  })
  afterAll(async () => {
    await lab?.stop()
    await images?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Runs the playbook and gives each task's outcome by its name. */
  async function play(idrac: object): Promise<Record<string, Outcome>> {
    const bin = join(pathOf(environment), 'bin')
    const report = join(folder, 'report.json')
    const extra = JSON.stringify({ idrac, image: images.url, folder })
    const playbook = join(FOREIGN_FOLDER, 'python', 'idrac.playbook.yml')
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      HOME: folder,
      ANSIBLE_LOCAL_TEMP: folder,
      ANSIBLE_REMOTE_TEMP: folder,
      ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
      ANSIBLE_LOCALHOST_WARNING: 'false',
    }
    const line = `exec ansible-playbook -i localhost, -e "$1" "$2" > "$3"`
    const run = await runCommand('sh', ['-c', line, 'sh', extra, playbook, report], { timeoutMs: 280_000, env })
    const text = await readFile(report, 'utf8')
    if (!text.includes('"plays"')) throw new Error(`ansible-playbook ended with ${run.code}: ${run.output}\n${text}`)
    interface Report {
      plays: { tasks: { task: { name: string }; hosts: Record<string, { changed?: boolean; failed?: boolean }> }[] }[]
    }
    const { plays } = JSON.parse(text.slice(text.indexOf('{'))) as Report
    return Object.fromEntries(
      (plays[0]?.tasks ?? []).map(({ task, hosts }) => {
        const found = hosts.localhost ?? {}
        const { invocation: _arguments, ...told } = found as Record<string, unknown>
        return [
          task.name,
          { changed: found.changed === true, failed: found.failed === true, text: JSON.stringify(told) },
        ]
      }),
    )
  }

  test('power, media, BIOS and profile go as with a real one, and refusals are understood', {
    timeout: 300_000,
  }, async () => {
    const idrac = lab.site.idracs.find((each) => each.generation === '15G' && !each.personality)
    if (!idrac) throw new Error('no ordinary iDRAC')
    const stateOf = async () =>
      (await lab.control<LabState>('GET', '/lab/state')).servers.find((one) => one.service_tag === idrac.service_tag)
    const before = await stateOf()
    const outcome = await play(idrac)
    const summary = Object.fromEntries(
      Object.entries(outcome).map(([name, { changed, failed }]) => [
        name,
        failed ? 'failed' : changed ? 'changed' : 'ok',
      ]),
    )
    expect(summary, JSON.stringify(outcome, null, 1)).toEqual({
      inventory: 'ok',
      'firmware rows': 'ok',
      'power off': 'changed',
      'power off again': 'ok',
      'power on': 'changed',
      insert: 'changed',
      eject: 'changed',
      'stage BIOS': 'changed',
      'clear BIOS': 'changed',
      'export profile': 'ok',
      'firmware that is not there': 'changed',
    })
    expect(outcome['firmware that is not there']?.text).toMatch(/JID_\d+/)
    expect(outcome.inventory?.text).toContain(idrac.service_tag)
    const bios = before?.firmware.find((each) => each.component === 'bios')?.version ?? 'none'
    expect(outcome['firmware rows']?.text).toContain(bios)
    const profile = JSON.parse(await readFile(join(folder, 'profile.json'), 'utf8'))
    expect(profile.SystemConfiguration.ServiceTag).toBe(idrac.service_tag)

    const after = await stateOf()
    expect([after?.power, after?.sessions_open]).toEqual(['On', 0])
    expect(after?.firmware).toEqual(before?.firmware)
    const resets = (await lab.ledger(idrac.name)).filter((line) => /ComputerSystem\.Reset$/.test(line.path))
    expect(resets.map((line) => line.status)).toEqual([204, 204])
  })
})
