import type { LabCore } from '../core.js'
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

/** Registers what the face's own jobs do when they end, and its agenda types. Call once, before the agenda starts. */
export function registerJobEffects(core: LabCore): void {
  registerRestart(core)
  registerWindows(core)
  core.jobs.onDone('scp_export', (server, job) => completeExport(viewOf(core, server), job))
  core.jobs.onDone('scp_import', (server, job) => completeImport(viewOf(core, server), job))
  core.jobs.onDone('other', (_server, job) => {
    const { end_id: id, end_message: message } = job.payload
    if (typeof id !== 'string' || typeof message !== 'string') return
    job.message_id = id
    job.message = message
  })
}
