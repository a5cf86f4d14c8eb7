import { EXIT, type ExitCode } from '../exit-codes.js'
import type { Printer } from '../output/print.js'
import { printAnswers } from './answers.js'
import type { Job } from './order.js'

const MOST_FAILURES = 20

/** The exit code of a job that has ended. */
export function verdictCode(job: Pick<Job, 'status' | 'needs_attention' | 'result'>): ExitCode {
  if (job.status === 'failed') return EXIT.job_failed
  if (job.status === 'cancelled') return EXIT.job_cancelled
  if (job.needs_attention) return EXIT.attention_open
  return saysNo(job.result) ? EXIT.says_no : EXIT.done
}

/** Went the job well, and is its answer a no? A dry run that would not start, a cluster that is not safe, a blocked host. */
function saysNo(result: Job['result']): boolean {
  const { plan, safe, ok, targets } = (result ?? {}) as Record<string, unknown>
  const verdicts = Array.isArray(targets) ? targets.map((target: { verdict?: string }) => target.verdict) : []
  const started = (plan as { would_start?: boolean } | null | undefined)?.would_start
  return started === false || safe === false || ok === false || verdicts.includes('blocked')
}

/** Says how a job ended: counts, what failed and why, what a person must look at. */
export function printVerdict(print: Printer, job: Job, { answers = true } = {}): void {
  if (job.dry_run && job.status === 'completed') print.line(`${job.job_type}: dry run`)
  else print.line(`${job.job_type} ${job.status}${countsOf(job)}`)
  if (job.error) {
    print.line(`${job.error.code}: ${job.error.message}`)
    if (job.error.hint) print.line(`  ${job.error.hint}`)
  }
  // The error of a job with one failure is that failure: it is said once.
  const bad = failures(job).filter(({ message }) => message === '' || !job.error?.message.includes(message))
  for (const { target, code, message } of bad.slice(0, MOST_FAILURES)) {
    print.line(`  ${target}: ${[code, message].filter(Boolean).join(': ')}`)
  }
  if (bad.length > MOST_FAILURES) print.line(`  and ${bad.length - MOST_FAILURES} more: dsm jobs tasks ${job.id}`)
  for (const { target, message, next_action } of job.attention) {
    print.line(`ATTENTION ${target.name ?? ''}: ${message} Next: ${next_action}`)
  }
  if (answers && !job.dry_run) printAnswers(print, job)
}

interface TargetEntry {
  target?: { name?: string }
  outcome?: string
  code?: string
  message?: string
}

function failures(job: Job): { target: string; code: string; message: string }[] {
  const targets = (job.result?.targets ?? []) as TargetEntry[]
  return targets
    .filter(({ outcome }) => ['failed', 'unknown', 'not_started', 'skipped'].includes(outcome ?? ''))
    .map(({ target, outcome, code, message }) => ({
      target: target?.name ?? '?',
      code: code ?? outcome ?? '',
      message: message ?? '',
    }))
}

function countsOf(job: Job): string {
  const summary = (job.result?.summary ?? {}) as Record<string, number>
  const counts = Object.entries(summary).filter(([name, count]) => name !== 'total' && count > 0)
  return counts.length === 0
    ? ''
    : `: ${counts.map(([name, count]) => `${count} ${name.replace('_', ' ')}`).join(', ')}`
}
