import type { DryRunResult } from './update-state.js'
import { readUpdateFailure, readUpdateResult } from './update-text.js'

/** Lines before the result, where the tool puts warnings that it went past. */
function warningsBefore(text: string): string[] {
  const end = text.search(/^\s*(Update|Installation) Result\s*$/m)
  return text
    .slice(0, Math.max(0, end))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /warning/i.test(line))
}

/**
 * What an update or its trial run came to, from exit code and both streams together. Success needs both code 0 and a result
 * header; code 0 without a header is a failure, a header with another code too.
 */
export function readUpdateOutcome(exitCode: number | null, text: string): DryRunResult {
  const result = readUpdateResult(text)
  if (exitCode === 0 && result !== null) return { ok: true, result, warnings: warningsBefore(text) }
  return { ok: false, failure: readUpdateFailure(text) }
}
