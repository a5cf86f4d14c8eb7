import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256Of } from '../../scripts/embedded/project.js'
import { findTemporalBinary, usableCacheFile } from '../../scripts/embedded/temporal-binary.js'
import { type BinaryPin, pinOf } from '../../scripts/embedded/temporal-pins.js'
import { temporalArguments } from '../../scripts/embedded/temporal-server.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsm-binary-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function program(name: string, words: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\necho '${words}'\n`)
  await chmod(path, 0o755)
  return path
}

test('TEMPORAL_CLI_PATH wins over PATH, and one that does not start is an error that says so', async () => {
  await program('temporal', 'temporal version 9 (on PATH)')
  const explicit = await program('mine', 'temporal version 8 (mine)')
  expect(await findTemporalBinary({ cliPath: explicit, searchPath: folder })).toEqual({
    path: explicit,
    source: 'TEMPORAL_CLI_PATH',
    version: 'temporal version 8 (mine)',
  })
  expect(await findTemporalBinary({ searchPath: `/nowhere:${folder}` })).toMatchObject({
    source: 'PATH',
    path: join(folder, 'temporal'),
  })
  await expect(findTemporalBinary({ cliPath: '/nowhere/temporal' })).rejects.toThrow(
    /TEMPORAL_CLI_PATH: \/nowhere\/temporal does not start/,
  )
})

const pin = (sum: string): BinaryPin => ({
  name: 'temporal',
  requirement: 'x==1',
  version: '1',
  wheel_sha256: sum,
  path_in_wheel: 'x',
  binary_sha256: sum,
})

test('a cached file is used when its sum is right, and deleted when it is wrong', async () => {
  const path = await program('temporal-1', 'temporal version 1')
  expect(await usableCacheFile(path, pin(await sha256Of(path)))).toEqual({
    path,
    source: 'cache',
    version: 'temporal version 1',
  })
  expect(await usableCacheFile(path, pin('0'.repeat(64)))).toBeUndefined()
  expect(existsSync(path)).toBe(false)
})

test('what the SDK or Go left earlier is used without a sum, under another name', async () => {
  await program('temporal-1.go', 'temporal version 0.0.0-DEV')
  expect(await usableCacheFile(join(folder, 'temporal-1'), pin('0'.repeat(64)))).toMatchObject({
    path: join(folder, 'temporal-1.go'),
  })
})

test('pins are there for the platform they were computed on, and for no other', () => {
  expect(pinOf('temporal', 'linux-x64')?.binary_sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(pinOf('temporal-test-server', 'linux-x64')?.wheel_sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(pinOf('temporal', 'darwin-arm64')).toBeUndefined()
})

test('timers are short only while devices live faster than real time', () => {
  const plan = {
    binary: { path: 't', source: '', version: '' },
    dataDir: '/d',
    namespace: 'default',
    ports: { grpc: 1, ui: 2, metrics: 3, http: 4 },
    codecEndpoint: 'http://127.0.0.1:8080/codec',
  }
  expect(temporalArguments({ ...plan, shortTimers: true })).toContain('history.timerProcessorMaxTimeShift="10ms"')
  expect(temporalArguments({ ...plan, shortTimers: false }).join(' ')).not.toContain('timerProcessor')
  expect(temporalArguments({ ...plan, shortTimers: false })).toContain('127.0.0.1')
})
