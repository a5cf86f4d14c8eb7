import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabState } from '../../scripts/demo/lab-client.js'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'
import { goProgram } from './parts/go.js'
import { describeWith, pathOf } from './parts/part.js'

/** The simulated vCenter judged by the commands of govmomi. */
const govc = await goProgram('govc')

describeWith([govc], 'govc and the simulated vCenter', () => {
  let lab: LabProcess
  let environment: NodeJS.ProcessEnv
  beforeAll(async () => {
    lab = await startLab({ LAB_SITE: 'small' })
    const vcenter = lab.site.vcenters[0]
    environment = {
      ...process.env,
      GOVC_URL: `https://${vcenter?.address}:${vcenter?.port}/sdk`,
      GOVC_USERNAME: vcenter?.username,
      GOVC_PASSWORD: vcenter?.password,
      GOVC_INSECURE: '1',
      GOVC_PERSIST_SESSION: 'false',
      // govc speaks its newest version of the API unless told; this vCenter refuses versions that it does not know.
      GOVC_VIM_VERSION: '8.0.3.0',
    }
  })
  afterAll(() => lab?.stop())

  const tryRun = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    runCommand(pathOf(govc), args, { timeoutMs: 40_000, env: { ...environment, ...env } })
  const run = async (...args: string[]): Promise<string> => {
    const { code, output } = await tryRun(args)
    if (code !== 0) throw new Error(`govc ${args.join(' ')}: ${code} ${output}`)
    return output
  }
  const json = async <T>(command: string, ...args: string[]) => JSON.parse(await run(command, '-json', ...args)) as T
  const hostOfLab = async (name: string) =>
    (await lab.control<LabState>('GET', '/lab/state')).hosts.find((each) => each.name === name)

  test('it says who it is, and refuses a wrong password and an unknown certificate', async () => {
    const { about } = await json<{ about: Record<string, string> }>('about')
    expect(about).toMatchObject({ name: 'VMware vCenter Server', apiType: 'VirtualCenter', apiVersion: '8.0.3.0' })
    expect((await tryRun(['about'], { GOVC_PASSWORD: 'wrong' })).output).toMatch(/incorrect user name or password/i)
    expect((await tryRun(['about'], { GOVC_INSECURE: '0' })).output).toMatch(/x509/)
  })

  test('the inventory is the site', async () => {
    const clusters = lab.site.vcenters[0]?.clusters ?? []
    const wanted = clusters.flatMap((each) => each.hosts.map((host) => `/DC-01/host/${each.name}/${host.name}`))
    expect((await run('find', '/', '-type', 'h')).trim().split('\n').sort()).toEqual(wanted.sort())
    expect((await run('ls', '/DC-01/host')).trim().split('\n').sort()).toEqual(
      clusters.map((each) => `/DC-01/host/${each.name}`).sort(),
    )
    const host = clusters[0]?.hosts[0]
    interface HostAnswer {
      hostSystems: {
        config: { product: { version: string; build: string } }
        hardware: { systemInfo: { serialNumber: string } }
      }[]
    }
    const { hostSystems } = await json<HostAnswer>('host.info', host?.name ?? '')
    expect(hostSystems[0]?.config.product).toMatchObject({ version: host?.version, build: host?.build })
    expect(hostSystems[0]?.hardware.systemInfo.serialNumber).toBe(host?.service_tag)
  })

  test('the datastore shows the depots', async () => {
    const [, , , store = '', folder = ''] = lab.site.esxi_depots[0]?.depot_path.split('/') ?? []
    const files = (await run('datastore.ls', '-ds', store, folder)).trim().split('\n')
    expect(files.sort()).toEqual(lab.site.esxi_depots.map((each) => each.depot_path.split('/').at(-1)).sort())
  })

  test('a host goes into maintenance and back, and the tasks tell of it', async () => {
    const host = lab.site.vcenters[0]?.clusters[0]?.hosts[1]?.name ?? ''
    expect(await run('host.maintenance.enter', '-evacuate=true', host)).toMatch(/OK/)
    expect((await hostOfLab(host))?.in_maintenance).toBe(true)
    expect((await hostOfLab(host))?.vms.filter((vm) => vm.power === 'poweredOn')).toEqual([])
    expect(await run('host.maintenance.exit', host)).toMatch(/OK/)
    expect((await hostOfLab(host))?.in_maintenance).toBe(false)
    const lines = (await run('tasks')).split('\n').filter((line) => line.includes(host))
    expect(lines.map((line) => /(enter|exit)Maintenance/i.exec(line)?.[1]?.toLowerCase())).toEqual(['enter', 'exit'])
  })
})
