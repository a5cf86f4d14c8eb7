import type { ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { loadConfig } from './embedded/config.js'
import { findTemporalBinary, findTestServerBinary } from './embedded/temporal-binary.js'
import { runInLanes } from './testing/lanes.js'
import { printSummary } from './testing/summary.js'
import { runGroup } from './testing/vitest-run.js'

/**
 * `npm test [-- GROUP…]`: all groups that run on one machine, or the named ones (`crash` and `foreign` only when named).
 * As many groups side by side as there are cores, at most three: beyond that the labs' address ranges and the memory of a
 * small build machine become the limit. Arguments that begin with a dash go to vitest. Last line: `N passed, N failed`.
 */
const EVERY_RUN = ['unit', 'lab', 'clients', 'db', 'workflows', 'api', 'e2e']
const MOST_LANES = 3
const NEED_TEMPORAL = new Set(['workflows', 'api', 'e2e', 'crash', 'foreign'])

const given = process.argv.slice(2)
const named = given.filter((argument) => !argument.startsWith('-'))
const options = given.filter((argument) => argument.startsWith('-'))
const groups = named.length > 0 ? named : EVERY_RUN

if (groups.some((group) => NEED_TEMPORAL.has(group))) await fetchServers()
const lanes = Math.min(groups.length, availableParallelism(), MOST_LANES)
const running = new Set<ChildProcess>()
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt(signal))

const counts = await runInLanes({
  groups,
  lanes,
  stopped: () => interrupted,
  run: (group) => {
    console.log(`\n# ${group}`)
    return runGroup({ group, extra: options, onStart: track, ...(lanes > 1 ? { print: console.log } : {}) })
  },
})
const code = printSummary(counts)
process.exitCode = interrupted ? 130 : code

function track(child: ChildProcess): void {
  running.add(child)
  child.once('close', () => running.delete(child))
}

/** Nothing further begins; what runs is told and waited for, so that no server of a test stays behind unseen. */
function interrupt(signal: NodeJS.Signals): void {
  interrupted = true
  for (const child of running) child.kill(signal)
}

/** Before the first test, so that no test's time limit has to pay for a download. */
async function fetchServers(): Promise<void> {
  const config = loadConfig()
  const onAttempt = (text: string) => console.log(text)
  const search = { cliPath: config.TEMPORAL_CLI_PATH, searchPath: config.inherited.PATH, onAttempt }
  const server = await findTemporalBinary(search)
  console.log(`Temporal server: ${server.version} (${server.source})`)
  try {
    const testServer = await findTestServerBinary({ onAttempt })
    console.log(`Time-skipping test server: ${testServer.version} (${testServer.source})`)
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error))
  }
}
