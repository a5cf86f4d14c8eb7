import type { EsxiConnection } from '../../clients/esxi/connection.js'
import { openEsxiConnection } from '../../clients/esxi/ssh.js'
import { openDeviceHttp } from '../../clients/http.js'
import { silentRecorder } from '../../clients/recorder.js'
import { openVsphereSession, type VsphereSession } from '../../clients/vsphere/session.js'
import { readTask, taskEnded, waitTaskStep } from '../../clients/vsphere/task.js'
import type { TaskState } from '../../clients/vsphere/task-state.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'

export interface LabHost {
  name: string
  address: string
  service_tag: string
  version: string
  build: string
  ssh: { address: string; port: number; username: string; password: string }
}

export interface LabVcenter {
  name: string
  address: string
  port: number
  username: string
  password: string
  clusters: { name: string; hosts: LabHost[] }[]
}

export interface VsphereSite {
  vcenters: LabVcenter[]
  esxi_depots: { depot_path: string; profiles: { name: string; version: string; build: string }[] }[]
}

export interface LabState {
  hosts: {
    name: string
    cluster: string
    version: string
    build: string
    in_maintenance: boolean
    connection: string
    boot_count: number
    ssh_enabled: boolean
    vms: { name: string; power: string }[]
  }[]
  clusters: { name: string; ha: unknown; admission_control: unknown; drs: unknown; dpm: unknown }[]
}

export interface VsphereLab {
  lab: LabProcess
  site: VsphereSite
  vcenter: LabVcenter
  state(): Promise<LabState>
  login(password?: string): Promise<VsphereSession>
  ssh(host: LabHost, password?: string): Promise<EsxiConnection>
}

/** A simulated site of its own, and the clients under test pointed at it. */
export async function startVsphereLab(env: Record<string, string> = {}): Promise<VsphereLab> {
  const lab = await startLab(env)
  console.log(`lab site ${lab.site.site}, seed ${lab.site.seed}, speed ${lab.site.speed}`)
  const site = await lab.control<VsphereSite>('GET', '/lab/site')
  const vcenter = site.vcenters[0]
  if (vcenter === undefined) throw new Error('the site has no vCenter')
  return {
    lab,
    site,
    vcenter,
    state: () => lab.control<LabState>('GET', '/lab/state'),
    login: (password) =>
      openVsphereSession({
        http: openDeviceHttp({
          address: vcenter.address,
          port: vcenter.port,
          identity: async () => {},
          recorder: silentRecorder,
          max_connections: 4,
        }),
        username: vcenter.username,
        password: password ?? vcenter.password,
      }),
    ssh: (host, password) =>
      openEsxiConnection({
        address: host.ssh.address,
        port: host.ssh.port,
        username: host.ssh.username,
        secret: { kind: 'password', password: password ?? host.ssh.password },
        identity: async () => {},
        recorder: silentRecorder,
      }),
  }
}

/** Follows a task to its end with bounded wait steps, as an activity would. */
export async function endOfTask(session: VsphereSession, moid: string, limitMs = 60_000): Promise<TaskState> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const task = await waitTaskStep(session, moid, 5_000)
    if (taskEnded(task)) return await readTask(session, moid, { with_result: true })
    if (Date.now() > deadline) throw new Error(`task ${moid} did not end: ${JSON.stringify(task)}`)
  }
}
