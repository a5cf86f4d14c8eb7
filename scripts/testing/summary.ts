import type { GroupCount } from './vitest-run.js'

/**
 * Prints one line per group, what failed and what was skipped by name, and as the very last line `N passed, N failed`, with
 * `, N skipped` behind it when something was. Returns the exit code.
 */
export function printSummary(groups: GroupCount[], print: (line: string) => void = console.log): number {
  print('')
  for (const { group, passed, failed, skipped, seconds } of groups) {
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    print(`${group.padEnd(10)} ${passed} passed, ${failed} failed${tail} (${seconds} s)`)
  }
  for (const { group, skips } of groups) {
    for (const skip of skips) print(`SKIPPED ${group}: ${skip}`)
  }
  for (const { group, failures } of groups) {
    for (const failure of failures) print(`FAILED ${group}: ${failure.split('\n')[0]}`)
  }
  const passed = groups.reduce((sum, group) => sum + group.passed, 0)
  const failed = groups.reduce((sum, group) => sum + group.failed, 0)
  const skipped = groups.reduce((sum, group) => sum + group.skipped, 0)
  print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return failed === 0 && passed > 0 ? 0 : 1
}
