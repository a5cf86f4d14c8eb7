import type { EsxiConnection } from '../../clients/esxi/connection.js'
import { openEsxiConnection } from '../../clients/esxi/ssh.js'
import { openDeviceHttp } from '../../clients/http.js'
import { silentRecorder } from '../../clients/recorder.js'
import { openVsphereSession, type VsphereSession } from '../../clients/vsphere/session.js'
import { readTask, taskEnded, waitTaskStep } from '../../clients/vsphere/task.js'
import type { TaskState } from '../../clients/vsphere/task-state.js'
import type { LabHost, LabSite, LabState, LabVcenter } from '../../scripts/demo/lab-client.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'

export interface VsphereLab {
  lab: LabProcess
  site: LabSite
  vcenter: LabVcenter
  state(): Promise<LabState>
  login(password?: string): Promise<VsphereSession>
  ssh(host: LabHost, password?: string): Promise<EsxiConnection>
}

/** A simulated site of its own, and the clients under test pointed at it. */
export async function startVsphereLab(env: Record<string, string> = {}): Promise<VsphereLab> {
  const lab = await startLab(env)
  console.log(`lab site ${lab.site.site}, seed ${lab.site.seed}, speed ${lab.site.speed}`)
  const { site } = lab
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
