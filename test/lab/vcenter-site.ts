import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEsxiFace } from '../../lab/esxi/face.js'
import { type RunningLab, runLab } from '../../lab/run-lab.js'
import { startVcenterFace } from '../../lab/vcenter/face.js'
import { child } from '../../lab/vcenter/xml-read.js'
import { VcenterClient } from './vcenter-client.js'

/** A running small site with its vCenter and ESXi faces, and a client that is logged in. */
export interface VsphereSite {
  running: RunningLab
  client: VcenterClient
  vcenter: RunningLab['lab']['state']['vcenters'][number]
  /** Waits for a task's end and answers its state, and the fault type if it failed. */
  taskEnd(task: string): Promise<{ state: string; fault?: string }>
  stop(): Promise<void>
  restart(): Promise<void>
}

/** Starts it; the state is kept in a folder, so that it can be started again. */
export async function vsphereSite(speed = 1000): Promise<VsphereSite> {
  const dir = mkdtempSync(join(tmpdir(), 'lab-vsphere-'))
  const start = () =>
    runLab({ site: 'small', speed, seed: 1, port: 0, data_dir: dir, embedded: true }, [startVcenterFace, startEsxiFace])
  const site = { running: await start() } as VsphereSite
  const connect = async (): Promise<void> => {
    const vcenter = site.running.lab.state.vcenters[0]
    if (!vcenter) throw new Error('the site has no vCenter')
    site.vcenter = vcenter
    site.client = new VcenterClient(vcenter.address, vcenter.port)
    await site.client.login(vcenter.username, vcenter.password)
  }
  await connect()
  return Object.assign(site, {
    async taskEnd(task: string) {
      for (;;) {
        const { info } = await site.client.properties('Task', task, ['info'])
        const state = child(info, 'state')?.text ?? ''
        const fault = child(child(info, 'error'), 'fault')?.xsiType
        if (state === 'success' || state === 'error') return { state, ...(fault ? { fault } : {}) }
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    async restart() {
      await site.running.stop()
      site.running = await start()
      await connect()
    },
    async stop() {
      await site.running.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  })
}
