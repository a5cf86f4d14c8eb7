import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { ROOT } from '../helpers/source-files.js'

/** Runs the demo as a user would; its own verdict is its exit code. */
function runDemo(args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const { DATA_DIR: _, ...env } = process.env
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', ...args], { cwd: ROOT, env })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString()
      })
    }
    child.once('exit', (code) => resolve({ code, output }))
  })
}

test('the demo with kills of the worker ends with a good verdict', { timeout: 600_000 }, async () => {
  const { code, output } = await runDemo(['--chaos'])
  expect(output, output.slice(-3_000)).toContain('The worker was killed')
  expect(output).not.toContain('FAIL')
  expect(output.match(/^ok {4}/gm)?.length).toBeGreaterThanOrEqual(12)
  expect(code, output.slice(-3_000)).toBe(0)
})

test('a wrong option is one sentence with the usage', async () => {
  const { code, output } = await runDemo(['--hosts', '1'])
  expect(code).toBe(2)
  expect(output).toContain('--hosts is a number from 2 to 64')
  expect(output).toContain('Usage: npm run demo')
})
