import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { benchAudit } from './bench/audit-bench.js'
import { benchCatalog } from './bench/catalog-bench.js'
import { benchCpu } from './bench/cpu-bench.js'
import { benchFleet } from './bench/fleet-bench.js'
import { benchInventory } from './bench/inventory-bench.js'
import { benchJobs } from './bench/jobs-bench.js'
import { benchList } from './bench/list-bench.js'
import { benchOverhead } from './bench/overhead-bench.js'
import { benchStart } from './bench/start-bench.js'
import { benchSweep } from './bench/sweep-bench.js'
import { PROJECT_ROOT } from './embedded/project.js'

/** `npm run bench [-- NAME…]`: figures as ratios to a reference of the same run, printed and written as JSON. */
const BENCHES: Record<string, () => Promise<Record<string, unknown>>> = {
  start: benchStart,
  jobs: benchJobs,
  overhead: benchOverhead,
  fleet: benchFleet,
  inventory: benchInventory,
  cpu: benchCpu,
  audit: benchAudit,
  list: benchList,
  sweep: benchSweep,
  catalog: benchCatalog,
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const unknown = wanted.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const folder = join(PROJECT_ROOT, 'bench-results')
await mkdir(folder, { recursive: true })
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`# ${name}`)
  const figures = await bench()
  const record = { bench: name, at: new Date().toISOString(), node: process.version, cores: cpus().length, ...figures }
  for (const [key, value] of Object.entries(figures)) console.log(`${key.padEnd(24)} ${JSON.stringify(value)}`)
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`)
}
process.exit(0)
