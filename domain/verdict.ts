import { type Blocker, FAILURES, type FailureCode, type Verdict } from './failures.js'

interface BlockerExtras {
  target?: string
  data?: Record<string, unknown>
  /** What would make the rule say yes; default: the hint of the code. */
  remedy?: string
}

/** Builds a blocker (or a warning, which has the same shape); without an own remedy the hint of its code stands there. */
export function blocker(code: FailureCode, message: string, extras: BlockerExtras = {}): Blocker {
  return {
    code,
    message,
    remedy: extras.remedy ?? FAILURES[code].hint,
    ...(extras.target === undefined ? {} : { target: extras.target }),
    ...(extras.data === undefined ? {} : { data: extras.data }),
  }
}

/** Turns two lists into a rule's answer: any blocker means no. */
export function verdictOf(blockers: Blocker[], warnings: Blocker[] = []): Verdict {
  return blockers.length === 0 ? { ok: true, warnings } : { ok: false, blockers, warnings }
}
