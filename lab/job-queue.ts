/** The Lifecycle Controller's job queue at work; jobs.ts says what it promises. */
import { applicabilityOf, matchingRows } from './applicability.js'
import type { LabCore } from './core.js'
import { configurationOutcome, install, outcomeOf, rollBack } from './firmware-result.js'
import { installMs, SECOND } from './hardware/model-facts.js'
import type { JobQueue, JobSpec } from './jobs.js'
import { type DellJobState, FINAL_JOB_STATES, type PackageFacts, type SimJob, type SimServer } from './model-server.js'

const NEW_MS = 3 * SECOND
const DOWNLOAD_MS = 12 * SECOND
const DOWNLOADED_MS = 4 * SECOND
/** pause between a staged job's Scheduled and the reboot that an iDRAC does by itself for Immediate */
const OWN_REBOOT_MS = 10 * SECOND
const OTHER_RUN_MS = 60 * SECOND
const MAX_JOBS = 256
/** what a device shows of its progress */
const COARSE_PERCENT = [99, 67, 34, 1, 0] as const

type Texts = Record<string, [messageId: string, message: string]>
const TEXTS: Texts = {
  New: ['PR22', 'The job is being prepared.'],
  Downloading: ['RED003', 'Downloading the package.'],
  Downloaded: ['RED002', 'Package successfully downloaded.'],
  Scheduled: ['JCP001', 'Task successfully scheduled.'],
  Running: ['PR20', 'Job in progress.'],
}

/** Makes the queue and registers its agenda types; needs `core.lifecycle` when it runs. */
export function createJobQueue(core: LabCore): JobQueue {
  const handlers = new Map<SimJob['kind'], ((server: SimServer, job: SimJob) => void)[]>()
  const find = (server: SimServer, id: string): SimJob | undefined => server.idrac.jobs.find((job) => job.id === id)
  const isFinal = (state: DellJobState): boolean => FINAL_JOB_STATES.includes(state)
  const later = (server: SimServer, job: SimJob, ms: number, step: string): void => {
    core.agenda.after(ms, 'job.step', { server: server.name, job: job.id, step })
  }
  const finish: JobQueue['finish'] = (server, job, state, messageId, message) => {
    const now = core.clock.now()
    Object.assign(job, {
      state,
      message_id: messageId,
      message,
      percent: 100,
      ends_at: null,
      started_at: job.started_at ?? now,
      ended_at: now,
    })
    job.task_purged = core.flags(server.name).task_vanishes
  }
  const run: JobQueue['run'] = (server, job) => {
    const now = core.clock.now()
    setState(job, 'Running')
    job.started_at = now
    const { job_hangs_at_percent: hang, percent_stuck } = core.flags(server.name)
    job.payload.percent_stuck = percent_stuck
    if (hang > 0) {
      job.percent = hang
      job.ends_at = null
      return
    }
    const ms = runMs(job)
    job.ends_at = now + ms
    if (job.class === 'host_reboot' || job.class === 'cpld') {
      core.lifecycle.log(server, {
        message_id: 'SUP0516',
        message: `Updating firmware for ${job.name.replace('Firmware Update: ', '')} to version ${job.target_version ?? ''}.`,
        category: 'Updates',
      })
    }
    later(server, job, ms, 'end')
  }
  const step = (server: SimServer, job: SimJob, name: string): void => {
    if (name === 'end') {
      end(core, server, job, finish, handlers)
      return
    }
    if (name === 'reboot') {
      core.lifecycle.power(server, server.power === 'Off' ? 'On' : 'GracefulRestart')
      return
    }
    if (isFinal(job.state)) return
    if (name === 'download') {
      setState(job, 'Downloading')
      later(server, job, DOWNLOAD_MS, 'downloaded')
    } else if (name === 'downloaded') {
      setState(job, 'Downloaded')
      if (job.apply !== 'OnStartUpdateRequest') later(server, job, DOWNLOADED_MS, 'ready')
    } else if (name === 'ready') ready(core, server, job, run, later)
  }
  core.agenda.on('job.step', (data) => {
    const server = core.find.server(String(data.server))
    const job = find(server, String(data.job))
    if (job) step(server, job, String(data.step))
  })
  core.agenda.on('firmware.rolled_back', (data) => {
    const server = core.find.server(String(data.server))
    const job = find(server, String(data.job))
    if (job) rollBack(server, job)
  })

  return {
    find,
    isFinal,
    finish,
    run,
    applicability: applicabilityOf,
    submitFirmware(server, facts, { apply, rollback }) {
      const job = firmwareJob(core, server, facts, apply, rollback ?? false)
      add(server, job)
      if (job.component) core.judge.firmwareSubmitted(server.service_tag, job.component, facts.version)
      later(server, job, NEW_MS, 'download')
      return job
    },
    create(server, spec) {
      const job = otherJob(core, server, spec)
      add(server, job)
      if (!isFinal(job.state)) later(server, job, NEW_MS, 'ready')
      return job
    },
    startHeld(server) {
      const held = server.idrac.jobs.filter((job) => job.apply === 'OnStartUpdateRequest' && job.state === 'Downloaded')
      for (const job of held) {
        job.apply = 'Immediate'
        later(server, job, DOWNLOADED_MS, 'ready')
      }
      return held.length
    },
    percent: (job) => percentOf(job, core.clock.now()),
    remove(server, id) {
      const job = find(server, id)
      if (!job || (job.state === 'Running' && job.ends_at !== null)) return false
      server.idrac.jobs.splice(server.idrac.jobs.indexOf(job), 1)
      if (!isFinal(job.state)) withdrawn(core, server, job)
      return true
    },
    staged(server) {
      if (core.flags(server.name).job_stuck_scheduled) return stuck(server)
      return server.idrac.jobs.filter((job) => job.state === 'Scheduled' && job.payload.stuck !== true)
    },
    interrupted(server) {
      for (const job of server.idrac.jobs) interrupt(core, server, job, finish)
    },
    coldBoot(server) {
      for (const job of server.idrac.jobs.filter((one) => one.state === 'UserIntervention')) {
        install(core, server, job)
        finish(server, job, 'Completed', 'RED001', 'Job completed successfully.')
      }
    },
    onDone(kind, apply) {
      handlers.set(kind, [...(handlers.get(kind) ?? []), apply])
    },
  }
}

type Later = (server: SimServer, job: SimJob, ms: number, step: string) => void

function setState(job: SimJob, state: DellJobState): void {
  job.state = state
  const text = TEXTS[state]
  if (text) [job.message_id, job.message] = text
}

/** Downloaded: staged work waits for a boot, the rest runs now. */
function ready(core: LabCore, server: SimServer, job: SimJob, run: JobQueue['run'], later: Later): void {
  const waits = job.payload.needs_reboot === true
  if (!waits) {
    run(server, job)
    return
  }
  setState(job, 'Scheduled')
  // QUIRK iDRAC9 5.x and newer: Immediate on a host component reboots the host by itself. Seen: the reboot. Source: vendor scripts' notes.
  if (job.apply === 'Immediate' && job.kind === 'firmware' && !core.flags(server.name).job_stuck_scheduled)
    later(server, job, OWN_REBOOT_MS, 'reboot')
}

/** A job has run its time. */
function end(
  core: LabCore,
  server: SimServer,
  job: SimJob,
  finish: JobQueue['finish'],
  handlers: Map<SimJob['kind'], ((server: SimServer, job: SimJob) => void)[]>,
): void {
  if (job.state !== 'Running') return
  if (job.kind === 'firmware') endFirmware(core, server, job, finish)
  else {
    const outcome = configurationOutcome(core, server, job)
    finish(server, job, outcome.state, outcome.message_id, outcome.message)
    if (outcome.applied) for (const apply of handlers.get(job.kind) ?? []) apply(server, job)
  }
  if (job.payload.needs_reboot === true) core.lifecycle.bootContinues(server)
}

function endFirmware(core: LabCore, server: SimServer, job: SimJob, finish: JobQueue['finish']): void {
  if (job.class === 'idrac') {
    core.lifecycle.restartIdrac(server, 'update')
    return
  }
  finishFirmware(core, server, job, finish)
  if (job.class === 'cpld') core.lifecycle.restartIdrac(server, 'cpld')
}

/** State, message, version and log of a firmware job that ran. */
function finishFirmware(core: LabCore, server: SimServer, job: SimJob, finish: JobQueue['finish']): void {
  const outcome = outcomeOf(core, server)
  finish(server, job, outcome.state, outcome.message_id, outcome.message)
  if (outcome.applied) install(core, server, job)
  else if (outcome.state === 'Failed') withdrawn(core, server, job)
  const done = outcome.state === 'Failed' ? 'SUP0517' : 'SUP0518'
  const subject = job.name.replace('Firmware Update: ', '')
  const message =
    outcome.state === 'Failed'
      ? `Unable to update the ${subject} firmware.`
      : `Successfully updated the ${subject} firmware to version ${job.target_version ?? ''}.`
  core.lifecycle.log(server, { message_id: done, message, category: 'Updates' })
  if (core.flags(server.name).rolled_back)
    core.agenda.after(60 * SECOND, 'firmware.rolled_back', { server: server.name, job: job.id })
}

function interrupt(core: LabCore, server: SimServer, job: SimJob, finish: JobQueue['finish']): void {
  if (job.payload.stuck === true && job.state === 'Scheduled') {
    job.payload.stuck = false
    setState(job, 'Scheduled')
    return
  }
  const ownUpdate = job.class === 'idrac' && job.state === 'Running' && job.ends_at !== null
  if (ownUpdate) finishFirmware(core, server, job, finish)
  else if (job.state === 'Running' && job.ends_at === null) {
    finish(server, job, 'Failed', 'JCP052', 'The job made no progress in the allotted time.')
    withdrawn(core, server, job)
    if (job.payload.needs_reboot === true) core.lifecycle.bootContinues(server)
  } else if (job.state === 'New' || job.state === 'Downloading') {
    finish(
      server,
      job,
      'Failed',
      job.state === 'New' ? 'RED114' : 'RED115',
      'The job was interrupted by a restart of the iDRAC.',
    )
    withdrawn(core, server, job)
  }
}

function withdrawn(core: LabCore, server: SimServer, job: SimJob): void {
  if (job.kind === 'firmware' && job.component && job.target_version) {
    core.judge.firmwareWithdrawn(server.service_tag, job.component, job.target_version)
  }
}

/** Personality `job_stuck_scheduled`: the boot passes the job by. */
function stuck(server: SimServer): SimJob[] {
  for (const job of server.idrac.jobs) {
    if (job.state !== 'Scheduled') continue
    job.message_id = 'PR30'
    job.message = 'Unable to begin processing of the job.'
    job.payload.stuck = true
  }
  return []
}

function runMs(job: SimJob): number {
  if (typeof job.payload.run_ms === 'number') return job.payload.run_ms
  return job.kind === 'firmware' && job.component ? installMs(job.component) : OTHER_RUN_MS
}

function percentOf(job: SimJob, now: number): number {
  if (job.state !== 'Running' || job.started_at === null || job.ends_at === null) return job.percent
  if (job.payload.percent_stuck === true) return 0
  const share = (100 * (now - job.started_at)) / Math.max(1, job.ends_at - job.started_at)
  return COARSE_PERCENT.find((mark) => share >= mark) ?? 0
}

function add(server: SimServer, job: SimJob): void {
  const { jobs } = server.idrac
  jobs.push(job)
  const oldest = jobs.findIndex((one) => FINAL_JOB_STATES.includes(one.state))
  if (jobs.length > MAX_JOBS && oldest >= 0) jobs.splice(oldest, 1)
}

/** `JID_` and twelve digits, each only once per server. */
function newId(core: LabCore, server: SimServer, prefix: 'JID' | 'RID'): string {
  const count = (core.state.dice[`jobs ${server.name}`] ?? 0) + 1
  core.state.dice[`jobs ${server.name}`] = count
  const base = 400_000_000_000 + (Number.parseInt(server.service_tag, 36) % 900_000) * 100_000
  return `${prefix}_${base + count}`
}

function emptyJob(core: LabCore, id: string): Omit<SimJob, 'kind' | 'job_type' | 'name' | 'apply'> {
  return {
    id,
    state: 'New',
    percent: 0,
    message: 'The job is being prepared.',
    message_id: 'PR22',
    message_args: [],
    created_at: core.clock.now(),
    started_at: null,
    ends_at: null,
    ended_at: null,
    component: null,
    fqdds: [],
    target_version: null,
    from_version: null,
    class: null,
    rollback: false,
    task_purged: false,
    payload: {},
  }
}

/** Throws when the package has no row in the inventory: ask applicability() first. */
function firmwareJob(
  core: LabCore,
  server: SimServer,
  facts: PackageFacts,
  apply: SimJob['apply'],
  rollback: boolean,
): SimJob {
  const rows = matchingRows(server, facts)
  const first = rows[0]
  if (!first) throw new Error(`${server.name} has no component ${facts.component_id}`)
  return {
    ...emptyJob(core, newId(core, server, 'JID')),
    kind: 'firmware',
    job_type: 'FirmwareUpdate',
    name: `Firmware Update: ${facts.name}`,
    apply,
    component: first.component,
    fqdds: rows.map((row) => row.fqdd),
    target_version: facts.version,
    from_version: first.version,
    class: first.class,
    rollback,
    payload: { needs_reboot: first.class === 'host_reboot' || first.class === 'cpld' },
  }
}

function otherJob(core: LabCore, server: SimServer, spec: JobSpec): SimJob {
  const job = emptyJob(core, newId(core, server, spec.kind === 'reboot' ? 'RID' : 'JID'))
  return {
    ...job,
    kind: spec.kind,
    job_type: spec.job_type,
    name: spec.name,
    apply: spec.apply ?? 'Immediate',
    state: spec.state ?? job.state,
    message: spec.message ?? job.message,
    message_id: spec.message_id ?? job.message_id,
    payload: {
      ...spec.payload,
      needs_reboot: spec.needs_reboot ?? false,
      ...(spec.run_ms === undefined ? {} : { run_ms: spec.run_ms }),
    },
  }
}
