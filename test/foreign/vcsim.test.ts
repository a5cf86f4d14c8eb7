import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeviceHttp } from '../../clients/http.js'
import { silentRecorder } from '../../clients/recorder.js'
import type { ClusterFacts } from '../../clients/vsphere/cluster-facts.js'
import { readClusterOverview } from '../../clients/vsphere/cluster-overview.js'
import { readBrowseResult, startBrowse } from '../../clients/vsphere/datastore-browse.js'
import type { DatastoreFacts } from '../../clients/vsphere/datastore-facts.js'
import { readHost } from '../../clients/vsphere/host.js'
import type { HostFacts } from '../../clients/vsphere/host-facts.js'
import { enterMaintenance, exitMaintenance } from '../../clients/vsphere/host-maintenance.js'
import { readInventory } from '../../clients/vsphere/inventory.js'
import { openVsphereSession, type VsphereSession } from '../../clients/vsphere/session.js'
import { readTask } from '../../clients/vsphere/task.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'
import { endOfTask } from '../clients/vsphere-lab-site.js'
import { makeCertificate, type TestCertificate } from '../helpers/certificate.js'
import { pinTo } from '../helpers/redfish-client.js'
import { goProgram } from './parts/go.js'
import { describeWith, pathOf } from './parts/part.js'

/** Our vSphere client on the simulator of govmomi: another reading of the same API than the lab's. */
const vcsim = await goProgram('vcsim')
const LOGIN = { username: 'reader@vsphere.local', password: 'p<a>&"ss' }

describeWith([vcsim], 'our vSphere client and vcsim', () => {
  let folder: string
  let child: ChildProcess
  let port: number
  let certificate: TestCertificate
  let session: VsphereSession
  const hosts: HostFacts[] = []
  const clusters: ClusterFacts[] = []
  const datastores: DatastoreFacts[] = []

  const login = (change: Partial<typeof LOGIN & { sha256: string }> = {}) =>
    openVsphereSession({
      http: openDeviceHttp({
        address: '127.0.0.1',
        port,
        identity: pinTo(change.sha256 ?? certificate.sha256),
        recorder: silentRecorder,
        max_connections: 4,
      }),
      ...LOGIN,
      ...(change.password ? { password: change.password } : {}),
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsm-vcsim-'))
    certificate = await makeCertificate()
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    await writeFile(cert, certificate.cert)
    await writeFile(key, certificate.key)
    const args = ['-cert', cert, '-key', key, '-username', LOGIN.username, '-password', LOGIN.password]
    child = spawn(pathOf(vcsim), args, { stdio: ['pipe', 'pipe', 'inherit'] })
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    port = Number(await waitUntil(() => /READY 127\.0\.0\.1:(\d+)/.exec(text)?.[1], 30_000))
    session = await login()
    await readInventory(session, async (page) => {
      hosts.push(...page.hosts)
      clusters.push(...page.clusters)
      datastores.push(...page.datastores)
    })
  })
  afterAll(async () => {
    await session?.close()
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.stdin?.end()
    await ended
    await rm(folder, { recursive: true, force: true })
  })

  test('a wrong password and another certificate are refused, each in its own words', async () => {
    await expect(login({ password: 'wrong' })).rejects.toMatchObject({ code: 'AuthFailed' })
    await expect(login({ sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'TlsIdentityChanged' })
  })

  test('the inventory is read in full: one cluster, four hosts, one datastore', () => {
    expect(session.about.api_type).toBe('VirtualCenter')
    expect(clusters.map((each) => [each.name, each.host_moids?.length])).toEqual([['DC0_C0', 4]])
    expect(hosts.map((each) => each.name).sort()).toEqual(['DC0_C0_H0', 'DC0_C0_H1', 'DC0_C0_H2', 'DC0_C0_H3'])
    for (const host of hosts)
      expect(host).toMatchObject({
        cluster_moid: clusters[0]?.moid,
        connection_state: 'connected',
        in_maintenance_mode: false,
        power_state: 'poweredOn',
      })
    expect(datastores.map((each) => each.name)).toEqual(['LocalDS_0'])
  })

  test('the picture for the rules shows the VMs', async () => {
    const overview = await readClusterOverview(session, clusters[0]?.moid ?? '')
    expect(overview?.hosts.length).toBe(4)
    expect(overview?.vms.filter((vm) => vm.power_state === 'poweredOn').length).toBe(6)
  })

  test('a host that is not there is null, a task that is not there has vanished', async () => {
    expect(await readHost(session, 'host-999999')).toBeNull()
    expect(await readTask(session, 'task-999999')).toMatchObject({ state: 'vanished' })
  })

  test('a host goes into maintenance and back', async () => {
    const moid = hosts[0]?.moid ?? ''
    const options = { timeout_seconds: 60, evacuate_powered_off: false }
    const entered = await endOfTask(session, await enterMaintenance(session, moid, options))
    expect(entered).toMatchObject({ state: 'success', error: null })
    expect(await readHost(session, moid)).toMatchObject({ in_maintenance_mode: true })
    expect(await endOfTask(session, await exitMaintenance(session, moid, { timeout_seconds: 60 }))).toMatchObject({
      state: 'success',
    })
    expect(await readHost(session, moid)).toMatchObject({ in_maintenance_mode: false })
  })

  test('a search of the datastore ends with a list of files', async () => {
    const store = datastores[0]
    const request = {
      browser_moid: store?.browser_moid ?? '',
      datastore: store?.name ?? '',
      path: '',
      patterns: ['*'],
      recursive: true,
    }
    const files = readBrowseResult(await endOfTask(session, await startBrowse(session, request)))
    expect(files?.map((each) => each.host_path).join()).toMatch(/\.vmx/)
  })
})
