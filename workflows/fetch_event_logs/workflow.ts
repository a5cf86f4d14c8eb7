import type { LogPiece } from '../../activities/contracts/records.js'
import { type EntrySeverity, type EventLog, worstSeverity } from '../../domain/event-logs.js'
import { failure } from '../lib/failure.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  logs: EventLog[]
  since: string
  max_entries: number
  concurrency: number
}

/** Copies the logs of each server, newest first, up to what the last fetch brought. */
export async function fetchEventLogs(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: input.details.concurrency }, (task) => fetchOne(run, task))
    return { targets, ...(input.dry_run ? { plan: { would_start: true, blockers: [] } } : {}) }
  })
}

async function fetchOne(run: JobRun<Details>, task: TaskRun): Promise<TargetAnswer> {
  const { logs } = run.input.details
  const pieces: { log: EventLog; piece: LogPiece }[] = []
  for (const [index, log] of logs.entries()) {
    const note = `Reading the ${log === 'sel' ? 'system event' : 'Lifecycle'} log of ${task.target.name}.`
    const progress = Math.round((90 * (index + 1)) / (logs.length + 1))
    const piece = await task.step('precheck', `log:${log}`, note, progress, () => fetchLog(run, task, log))
    pieces.push({ log, piece })
  }
  if (pieces.every(({ piece }) => piece.missing))
    throw failure('Unsupported', `${task.target.name} has no ${logs.join(' and no ')} log.`)
  return { outcome: 'answered', ...summaryOf(pieces) }
}

/** Piece by piece; a cancel ends the reading between two, and the mark stays where it was. */
async function fetchLog(run: JobRun<Details>, task: TaskRun, log: EventLog): Promise<LogPiece> {
  const { redfish } = devices(run.input.site)
  const { since, max_entries } = run.input.details
  const { context, target } = task
  const fixed = { context, server_id: target.id, log, since, max_entries, store: !run.input.dry_run }
  let piece = await redfish.fetchLogPiece({ ...fixed, reading: null })
  while (!piece.done) {
    run.controls.throwIfCancelled()
    const { next, fetched, new: stored, worst_severity, newest } = piece
    piece = await redfish.fetchLogPiece({
      ...fixed,
      reading: { next, fetched, new: stored, worst_severity, newest },
    })
  }
  return piece
}

function summaryOf(pieces: { log: EventLog; piece: LogPiece }[]) {
  const severities = pieces.map(({ piece }) => piece.worst_severity).filter((one): one is EntrySeverity => one !== null)
  const sum = (of: (piece: LogPiece) => number) => pieces.reduce((total, { piece }) => total + of(piece), 0)
  return {
    fetched: sum((piece) => piece.fetched),
    new: sum((piece) => piece.new),
    worst_severity: worstSeverity(severities),
    truncated: pieces.some(({ piece }) => piece.truncated),
    logs: Object.fromEntries(
      pieces.map(({ log, piece }) => [
        log,
        piece.missing
          ? { supported: false }
          : {
              supported: true,
              fetched: piece.fetched,
              new: piece.new,
              worst_severity: piece.worst_severity,
              truncated: piece.truncated,
            },
      ]),
    ),
  }
}
