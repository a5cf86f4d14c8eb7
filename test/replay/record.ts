import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { HISTORIES, historyToText } from './histories.js'
import { SCENARIOS, type Scenario } from './scenarios.js'

/**
 * Records the stored histories anew: `node --import tsx test/replay/record.ts [name …]`. Only on purpose: a history that no
 * longer replays means that jobs which run at this moment would break at the next deployment. See README.md here.
 */
const wanted = process.argv.slice(2)

async function record(bench: Bench, scenario: Scenario): Promise<void> {
  const running = await bench.start(scenario.job_type, scenario.play())
  await scenario.during?.(bench, running)
  await running.end()
  await keep(bench, running.handle.workflowId, scenario.name)
  for (const host of scenario.children ?? [])
    await keep(bench, `${running.handle.workflowId}/host/${host}`, `${scenario.name}.host-${host}`)
}

async function keep(bench: Bench, workflow_id: string, name: string): Promise<void> {
  const history = await bench.env.client.workflow.getHandle(workflow_id).fetchHistory()
  const text = historyToText(history)
  writeFileSync(join(HISTORIES, `${name}.json`), text)
  console.log(`${name}: ${history.events?.length ?? 0} events, ${Math.round(text.length / 1024)} KiB`)
}

mkdirSync(HISTORIES, { recursive: true })
if (wanted.length === 0) for (const name of readdirSync(HISTORIES)) rmSync(join(HISTORIES, name))
const bench = await startBench('real')
try {
  for (const scenario of SCENARIOS)
    if (wanted.length === 0 || wanted.includes(scenario.name)) await record(bench, scenario)
} finally {
  await bench.close()
}
