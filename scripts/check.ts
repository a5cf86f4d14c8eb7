import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { PROJECT_ROOT } from './embedded/project.js'
import { printSummary } from './testing/summary.js'
import { runGroup } from './testing/vitest-run.js'

/** `npm run check`: what a commit must pass: types, lint and format, then the architecture rules and all unit tests. */
const tool = (...path: string[]) => join(PROJECT_ROOT, 'node_modules', ...path)

function run(title: string, script: string, args: string[]): Promise<boolean> {
  const since = Date.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: PROJECT_ROOT, stdio: 'inherit' })
    child.once('exit', (code) => {
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${title} (${((Date.now() - since) / 1000).toFixed(1)} s)`)
      resolve(code === 0)
    })
  })
}

const [typed, clean] = await Promise.all([
  run('types', tool('typescript', 'bin', 'tsc'), ['--noEmit', '-p', '.']),
  run('lint and format', tool('@biomejs', 'biome', 'bin', 'biome'), ['check', '.']),
])
const code = printSummary([await runGroup({ group: 'unit' })])
process.exitCode = typed && clean ? code : 1
