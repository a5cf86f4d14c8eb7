import type { GroupCount } from './vitest-run.js'

/** Prints one line per group, the failures by name, and as the very last line `N passed, N failed`. Returns the exit code. */
export function printSummary(groups: GroupCount[], print: (line: string) => void = console.log): number {
  print('')
  for (const { group, passed, failed, skipped, seconds } of groups) {
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    print(`${group.padEnd(10)} ${passed} passed, ${failed} failed${tail} (${seconds} s)`)
  }
  for (const { group, failures } of groups) {
    for (const failure of failures) print(`FAILED ${group}: ${failure.split('\n')[0]}`)
  }
  const passed = groups.reduce((sum, group) => sum + group.passed, 0)
  const failed = groups.reduce((sum, group) => sum + group.failed, 0)
  print(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}
