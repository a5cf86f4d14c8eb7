import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundleWorkflows } from '../workers/bundle.js'
import { importCircles, judgeImport } from './helpers/import-rules.js'
import {
  environmentReads,
  functionSizes,
  importsOf,
  ROOT,
  readSources,
  type SourceFile,
} from './helpers/source-files.js'

const FOLDERS = [
  'domain',
  'config',
  'clients',
  'db',
  'activities',
  'workflows',
  'workers',
  'api',
  'lab',
  'cli',
  'scripts',
].filter((name) => existsSync(join(ROOT, name)))
const sources = readSources(FOLDERS)
const imports = sources.flatMap(importsOf)

/** Made by `npm run gen` from the document of the API. */
const GENERATED = 'cli/api/schema.ts'
const MAX_FILE_LINES = 500
const MAX_FUNCTION_LINES = 80
const violations = (files: SourceFile[]) =>
  files
    .flatMap(importsOf)
    .map(judgeImport)
    .filter((wrong) => wrong !== undefined)

describe('who may import whom', () => {
  test('every import is in the table', () => {
    expect(violations(sources)).toEqual([])
  })
  test('no circle of value imports', () => {
    expect(importCircles(imports)).toEqual([])
  })
  test.each([
    ['domain/x.ts', `import { z } from 'zod'`],
    ['domain/x.ts', `import { readFileSync } from 'node:fs'`],
    ['domain/x.ts', `export { Pool } from 'pg'`],
    ['workflows/power_action/workflow.ts', `import { createIdrac } from '../../activities/idrac.js'`],
    ['workflows/power_action/workflow.ts', `import { powerAction } from './job.js'`],
    ['workflows/lib/x.ts', `const a = await import('node:crypto')`],
    ['clients/x.ts', `import { openDatabase } from '../db/connect.js'`],
    ['lab/x.ts', `import { FAILURES } from '../domain/failures.js'`],
    ['lab/x.ts', `import { XMLParser } from 'fast-xml-parser'`],
    ['db/x.ts', `import { startApi } from '../api/main.js'`],
    ['api/x.ts', `import { createIdrac } from '../activities/idrac.js'`],
    ['cli/x.ts', `import { FAILURES } from '../domain/failures.js'`],
    ['cli/x.ts', `import { fetch } from 'undici'`],
    ['activities/x.ts', `import { start } from '../workers/main.js'`],
  ])('a planted violation is found: %s, %s', (path, text) => {
    expect(violations([{ path, text }])).toHaveLength(1)
  })
  test('an import by type is told from one by value', () => {
    const path = 'workflows/power_action/workflow.ts'
    expect(violations([{ path, text: `import type { Idrac } from '../../activities/index.js'` }])).toEqual([])
    expect(violations([{ path, text: `import { type Idrac } from '../../activities/index.js'` }])).toEqual([])
    expect(violations([{ path, text: `import { type Idrac, make } from '../../activities/index.js'` }])).toHaveLength(1)
  })
  test('a planted circle is found', () => {
    const circle = [
      { path: 'domain/a.ts', text: `import { b } from './b.js'` },
      { path: 'domain/b.ts', text: `import { a } from './a.js'` },
    ]
    expect(importCircles(circle.flatMap(importsOf))).toEqual(['domain/a.ts -> domain/b.ts -> domain/a.ts'])
  })
})

describe('sizes', () => {
  test(`no file is longer than ${MAX_FILE_LINES} lines`, () => {
    const long = sources
      .filter(({ path }) => path !== GENERATED)
      .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
      .filter(({ lines }) => lines > MAX_FILE_LINES)
    expect(long).toEqual([])
  })
  test(`no function is longer than ${MAX_FUNCTION_LINES} lines`, () => {
    expect(sources.flatMap(functionSizes).filter(({ lines }) => lines > MAX_FUNCTION_LINES)).toEqual([])
  })
  test('a planted long function is found', () => {
    const text = `export const f = () => {\n${'  g()\n'.repeat(90)}}\n`
    expect(functionSizes({ path: 'domain/x.ts', text })).toMatchObject([{ name: 'f', lines: 92 }])
    const factory = `export function make() {\n  const f = () => {\n${'    g()\n'.repeat(50)}  }\n${'  h()\n'.repeat(20)}}\n`
    expect(functionSizes({ path: 'domain/x.ts', text: factory }).map(({ name, lines }) => [name, lines])).toEqual([
      ['make', 23],
      ['f', 52],
    ])
  })
})

describe('configuration', () => {
  test('only config.ts reads the environment', () => {
    const readers = sources.filter((file) => !file.path.endsWith('/config.ts') && environmentReads(file).length > 0)
    expect(readers.map(({ path }) => path)).toEqual([])
  })
  test('a planted read is found', () => {
    expect(environmentReads({ path: 'domain/x.ts', text: `const a = 1\nconst b = process.env.HOME\n` })).toEqual([2])
    expect(
      environmentReads({ path: 'lab/main.ts', text: `run(readConfig(process.env))\nrun(process.env.HOME)\n` }),
    ).toEqual([2])
  })
})

const WORKFLOWS = join(ROOT, 'workflows', 'index.ts')
/** Of the whole bundle as a worker loads it. */
const MAX_BUNDLE_BYTES = 1.9 * 1024 * 1024
const BARRED = ['pg', 'undici', 'drizzle-orm', 'zod', 'ssh2', 'fast-xml-parser', 'express']

describe.runIf(existsSync(WORKFLOWS))('workflow bundle', () => {
  test('holds no package that does I/O or is large, and stays small', async () => {
    const logger = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }
    const { code } = await bundleWorkflows(logger)
    expect(BARRED.filter((name) => code.includes(`node_modules/${name}/`))).toEqual([])
    expect(code.includes('node_modules/@temporalio/workflow/')).toBe(true)
    expect(code.length).toBeGreaterThan(100_000)
    expect(Buffer.byteLength(code)).toBeLessThan(MAX_BUNDLE_BYTES)
  }, 60_000)
})
