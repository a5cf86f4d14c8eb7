import { loadConfig } from './embedded/config.js'
import { findTemporalBinary, findTestServerBinary } from './embedded/temporal-binary.js'
import { printSummary } from './testing/summary.js'
import { type GroupCount, runGroup } from './testing/vitest-run.js'

/**
 * `npm test [-- GROUP…]`: all groups that run on one machine, or the named ones (`crash` and `foreign` only when named).
 * Arguments that begin with a dash go to vitest. Last line: `N passed, N failed`.
 */
const EVERY_RUN = ['unit', 'lab', 'clients', 'db', 'workflows', 'api', 'e2e']
const NEED_TEMPORAL = new Set(['workflows', 'api', 'e2e', 'crash', 'foreign'])

const given = process.argv.slice(2)
const named = given.filter((argument) => !argument.startsWith('-'))
const options = given.filter((argument) => argument.startsWith('-'))
const groups = named.length > 0 ? named : EVERY_RUN

if (groups.some((group) => NEED_TEMPORAL.has(group))) await fetchServers()
const counts: GroupCount[] = []
for (const group of groups) {
  console.log(`\n# ${group}`)
  counts.push(await runGroup(group, options))
}
process.exitCode = printSummary(counts)

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
