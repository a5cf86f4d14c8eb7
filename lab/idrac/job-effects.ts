import type { LabCore } from '../core.js'
import type { SimJob, SimServer } from '../model-server.js'
import { WINDOW_CLOSES, WINDOW_OPENS } from './bios-job.js'
import { completeExport } from './configuration-profile.js'
import { registerRestart } from './power.js'
import { completeImport } from './profile-import.js'
import { viewOf } from './view.js'

function registerWindows(core: LabCore): void {
  core.agenda.on(WINDOW_OPENS, ({ server: name, job: id, reboots }) => {
    const server = core.find.server(String(name))
    const job = core.jobs.find(server, String(id))
    if (!job || core.jobs.isFinal(job.state)) return
    job.state = 'Scheduled'
    job.message_id = 'JCP001'
    job.message = 'Task successfully scheduled.'
    if (reboots === true) core.lifecycle.power(server, server.power === 'Off' ? 'On' : 'GracefulRestart')
  })
  core.agenda.on(WINDOW_CLOSES, ({ server: name, job: id }) => {
    const server = core.find.server(String(name))
    const job = core.jobs.find(server, String(id))
    if (job?.state === 'Scheduled' || job?.state === 'New')
      core.jobs.finish(server, job, 'Failed', 'JCP004', 'Time elapsed - Job Failed.')
  })
}

function completeBios(server: SimServer, job: SimJob): void {
  const { face } = server.idrac
  if (job.payload.defaults === true) server.bios_attributes = {}
  delete face.reset_bios_pending
  const pending = face.bios_password_pending
  if (typeof pending === 'object' && pending !== null && !Array.isArray(pending)) {
    const kept = typeof face.bios_passwords === 'object' ? face.bios_passwords : {}
    face.bios_passwords = { ...kept, ...pending }
    delete face.bios_password_pending
  }
  Object.assign(server.bios_attributes, job.payload.attributes)
  const { boot_order: order } = job.payload
  if (Array.isArray(order)) server.boot_order = order.filter((name) => typeof name === 'string')
}

/** Registers what the face's own jobs do when they end, and its agenda types. Call once, before the agenda starts. */
export function registerJobEffects(core: LabCore): void {
  registerRestart(core)
  registerWindows(core)
  core.jobs.onDone('bios_config', completeBios)
  core.jobs.onDone('scp_export', (server, job) => completeExport(viewOf(core, server), job))
  core.jobs.onDone('scp_import', (server, job) => completeImport(viewOf(core, server), job))
  core.jobs.onDone('other', (_server, job) => {
    const { end_id: id, end_message: message } = job.payload
    if (typeof id !== 'string' || typeof message !== 'string') return
    job.message_id = id
    job.message = message
  })
}
