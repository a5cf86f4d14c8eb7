import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../embedded/project.js'
import { printPrefixed } from './prefixed-lines.js'

/** What one group of tests came to. */
export interface GroupCount {
  group: string
  passed: number
  failed: number
  skipped: number
  seconds: number
  /** Files or names that failed, for the summary. */
  failures: string[]
  /** Names of what was skipped, each group of tests once, with the reason that its name gives. */
  skips: string[]
}

interface VitestReport {
  numPassedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: Array<{
    name: string
    status: string
    message?: string
    assertionResults: Array<{ fullName: string; status: string; ancestorTitles: string[] }>
  }>
}

export interface GroupRun {
  group: string
  /** Further arguments, for vitest. */
  extra?: readonly string[]
  /** Given where groups run side by side: their lines go there behind the group's name. Else vitest has our console. */
  print?: (line: string) => void
  /** Gets the process, so that a signal can be passed on to it. */
  onStart?: (child: ChildProcess) => void
}

/** Runs one vitest group and counts what happened. */
export async function runGroup({ group, extra = [], print, onStart }: GroupRun): Promise<GroupCount> {
  const folder = await mkdtemp(join(tmpdir(), 'dsm-vitest-'))
  const report = join(folder, 'report.json')
  const since = Date.now()
  try {
    const args = ['run', '--project', group, '--passWithNoTests', '--reporter=default', '--reporter=json']
    const child = startVitest([...args, `--outputFile.json=${report}`, ...extra], print !== undefined)
    onStart?.(child)
    const code = await endOf(child, `${group.padEnd(9)} | `, print)
    const counted = countReport(JSON.parse(await readFile(report, 'utf8').catch(() => 'null')) as VitestReport | null)
    return { group, ...judge(counted, code), seconds: Math.round((Date.now() - since) / 1000) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Counted = Omit<GroupCount, 'group' | 'seconds'>

function startVitest(args: string[], piped: boolean): ChildProcess {
  const vitest = join(PROJECT_ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  return spawn(process.execPath, [vitest, ...args], {
    cwd: PROJECT_ROOT,
    stdio: piped ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
}

async function endOf(child: ChildProcess, prefix: string, print: GroupRun['print']): Promise<number> {
  const streams = print ? [child.stdout, child.stderr].filter((stream) => stream !== null) : []
  const printed = streams.map((stream) => printPrefixed(stream, prefix, print as (line: string) => void))
  const code = await new Promise<number>((resolve) => {
    child.once('close', (exit) => resolve(exit ?? 1))
    child.once('error', () => resolve(1))
  })
  await Promise.all(printed)
  return code
}

/** Counts a report; a file that could not even be loaded counts as one failure. */
export function countReport(report: VitestReport | null): Counted {
  if (!report) return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] }
  const failures = report.testResults.flatMap((file) => {
    const names = file.assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName)
    if (names.length === 0 && file.status === 'failed')
      return [`${file.name}: ${file.message ?? 'could not be loaded'}`]
    return names.map((name) => `${file.name}: ${name}`)
  })
  const skipped = report.numPendingTests + report.numTodoTests
  return { passed: report.numPassedTests, failed: failures.length, skipped, failures, skips: skipsOf(report) }
}

const NOT_RUN = new Set(['skipped', 'pending', 'todo'])

function skipsOf(report: VitestReport): string[] {
  const names = report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => NOT_RUN.has(test.status))
      .map((test) => test.ancestorTitles[0] ?? test.fullName),
  )
  return [...new Set(names)]
}

/** A bad exit with nothing counted as failed (a crash, an unhandled error) is a failure all the same. */
function judge(counted: Counted, exitCode: number): Counted {
  if (exitCode === 0 || counted.failed > 0) return counted
  return { ...counted, failed: 1, failures: [`vitest ended with exit code ${exitCode}`] }
}
