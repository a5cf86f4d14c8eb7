import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { catalog, findJob, type JobType } from '../workflows/catalog.js'
import type { JobDefinition } from '../workflows/define.js'
import * as workflows from '../workflows/index.js'
import { ROOT } from './helpers/source-files.js'

/** Workflows that are no job type: the child of host jobs, the schedules that repair rows and read in the background, and what they start. */
const INTERNAL = ['host_update', 'reconcile_jobs', 'background_work', 'clean_up', 'eject_left_media']

interface JsonSchema {
  description?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  required?: string[]
}

const entries = Object.entries(catalog) as [JobType, JobDefinition][]

/** Dotted paths of the properties at any depth that say nothing about themselves. */
function undescribed(schema: JsonSchema, path = ''): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const here = path === '' ? name : `${path}.${name}`
    return [...(property.description ? [] : [here]), ...undescribed(property, here)]
  })
  const nested = [schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? []), ...(schema.oneOf ?? [])]
  return [...own, ...nested.flatMap((part) => (part ? undescribed(part, path) : []))]
}

/** Every property path of a schema, for checks that name one. */
function paths(schema: JsonSchema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const here = path === '' ? name : `${path}.${name}`
    return [here, ...paths(property, here)]
  })
}

const inputSchema = (job: JobDefinition) => z.toJSONSchema(job.details, { io: 'input' }) as JsonSchema

describe('the catalogue', () => {
  test('has at least the job types of the stage before', () => {
    expect(entries.length).toBeGreaterThanOrEqual(17)
    expect(entries.filter(([name, job]) => name !== job.job_type)).toEqual([])
    expect(findJob('toString')).toBeUndefined()
    expect(findJob('rolling_update')).toBe(catalog.rolling_update)
  })

  test('has one folder per job type and no other', () => {
    const folders = readdirSync(join(ROOT, 'workflows')).filter((name) =>
      statSync(join(ROOT, 'workflows', name)).isDirectory(),
    )
    expect(folders.filter((name) => name !== 'lib').sort()).toEqual([...Object.keys(catalog), ...INTERNAL].sort())
  })

  test('names every workflow function after its type and exports nothing else', () => {
    expect(Object.keys(workflows).sort()).toEqual([...Object.keys(catalog), ...INTERNAL].sort())
  })

  test('finds a property that is not described, at any depth', () => {
    const bad = z.strictObject({
      given: z.int().describe('Said'),
      block: z.strictObject({ silent: z.int() }).describe('A block'),
      list: z.array(z.strictObject({ mute: z.string() })).describe('A list'),
    })
    expect(undescribed(z.toJSONSchema(bad) as JsonSchema)).toEqual(['block.silent', 'list.mute'])
  })
})

describe.each(entries)('%s', (name, job) => {
  test('has a job.ts, a workflow function and a test of its workflow', () => {
    expect(existsSync(join(ROOT, 'workflows', name, 'job.ts'))).toBe(true)
    expect(existsSync(join(ROOT, 'workflows', name, 'workflow.ts'))).toBe(true)
    expect(new Map<string, unknown>(Object.entries(workflows)).get(name)).toBeTypeOf('function')
    const file = `test/workflows/${name.replaceAll('_', '-')}.test.ts`
    expect(existsSync(join(ROOT, file)), file).toBe(true)
  })

  test('says what it is and who may start it', () => {
    expect(job.title).toMatch(/^[A-Z].{4,}/)
    expect(job.summary).toMatch(/^[A-Z].{20,}\.$/)
    expect(['operator', 'admin']).toContain(job.role)
    expect(['read', 'change', 'disruptive']).toContain(job.risk)
    expect(job.controls).toContain('cancel')
  })

  test('describes every field of its details, at every depth', () => {
    expect(undescribed(inputSchema(job))).toEqual([])
  })

  test('has schemas that can be told as JSON Schema', () => {
    expect(Object.keys(inputSchema(job).properties ?? {}).length).toBeGreaterThan(0)
    expect(() => z.toJSONSchema(job.result, { io: 'output', unrepresentable: 'any' })).not.toThrow()
  })

  test('has an example of its order that its schema takes: `example` in job.ts', () => {
    expect(job.example, `${name}: give defineJob an example: { target_scope, details }`).toBeDefined()
    expect(job.details.safeParse(job.example.details).error?.issues ?? []).toEqual([])
    const named = Object.keys(job.example.target_scope)
    const taken = [...job.target_scope, ...(job.via_host ? ['host_ids', 'cluster_ids'] : [])]
    expect(named.filter((key) => !taken.includes(key))).toEqual([])
    expect(named.length > 0).toBe(job.task_target !== 'none')
  })

  test('reserves for admins only fields that are there', () => {
    const known = paths(inputSchema(job))
    expect(job.admin_options.filter((option) => !known.includes(option))).toEqual([])
  })

  test('refuses a field that it does not know', () => {
    const refused = job.details.safeParse({ no_such_field: 1 })
    const codes = refused.error?.issues.map((issue) => issue.code) ?? []
    expect(codes).toContain('unrecognized_keys')
  })
})
