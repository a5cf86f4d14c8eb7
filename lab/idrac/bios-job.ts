import type { SimJob } from '../model-server.js'
import { type Answer, refusal } from './answers.js'
import { BIOS_SETTINGS } from './bios-resource.js'
import type { View } from './view.js'

/** The BIOS configuration job that has not ended yet, if there is one: only one may exist. */
export function openBiosJob(view: View): SimJob | undefined {
  return view.server.idrac.jobs.find((job) => job.kind === 'bios_config' && !view.core.jobs.isFinal(job.state))
}

/** When a staged configuration may run: at the next reset, or in a window of simulated time. */
export type Window = {
  apply: 'AtMaintenanceWindowStart' | 'InMaintenanceWindowOnReset'
  starts_at: number
  ends_at: number
}

/** Makes the configuration job of all staged values, or says why not (`BIOS007`, `BIOS008`). */
export function stageBiosJob(view: View, window?: Window): SimJob | Answer {
  const { core, server } = view
  if (openBiosJob(view)) return refusal(view, 400, { id: 'BIOS007' })
  const passwords = server.idrac.face.bios_password_pending
  const defaults = server.idrac.face.reset_bios_pending === true
  if (Object.keys(server.bios_pending).length === 0 && passwords === undefined && !defaults)
    return refusal(view, 400, { id: 'BIOS008' })
  const job = core.jobs.create(server, {
    kind: 'bios_config',
    job_type: 'BIOSConfiguration',
    name: 'Configure: BIOS.Setup.1-1',
    apply: 'OnReset',
    needs_reboot: true,
    payload: {
      attributes: { ...server.bios_pending },
      target_settings_uri: BIOS_SETTINGS,
      ...(defaults ? { defaults: true } : {}),
    },
  })
  server.bios_pending = {}
  if (window) {
    core.agenda.cancelWhere('job.step', (data) => data.server === server.name && data.job === job.id)
    core.agenda.at(window.starts_at, WINDOW_OPENS, {
      server: server.name,
      job: job.id,
      reboots: window.apply === 'AtMaintenanceWindowStart',
    })
    core.agenda.at(window.ends_at, WINDOW_CLOSES, { server: server.name, job: job.id })
  }
  return job
}

/** Makes the job that puts another boot order into force at the next boot; it is a BIOS configuration job like any other. */
export function stageBootOrder(view: View, order: string[]): SimJob | Answer {
  const { core, server } = view
  if (openBiosJob(view)) return refusal(view, 400, { id: 'BIOS006' })
  return core.jobs.create(server, {
    kind: 'bios_config',
    job_type: 'BIOSConfiguration',
    name: 'Configure: BIOS.Setup.1-1',
    apply: 'OnReset',
    needs_reboot: true,
    payload: { boot_order: order, target_settings_uri: BIOS_SETTINGS },
  })
}

/** Agenda types of maintenance windows; their handlers are registered with the other job effects. */
export const WINDOW_OPENS = 'idrac.window_opens'
export const WINDOW_CLOSES = 'idrac.window_closes'
