import type { Import } from './source-files.js'

/** What a part of the product may import. Entries are path prefixes of ours, package names, or `node`. */
interface Rule {
  part: string
  files: RegExp
  byValue: string[]
  byType: string[]
}

/** Definitions of job types: data with zod, no workflow code. */
const DEFINITIONS = [
  'workflows/define.ts',
  'workflows/catalog.ts',
  'workflows/fields.ts',
  'workflows/parts.ts',
  'workflows/results.ts',
]
const DEFINITION_FILES = new RegExp(
  `^(workflows/[^/]+/job\\.ts|${DEFINITIONS.map((path) => path.replace('.', '\\.')).join('|')})$`,
)

/** Stands for every file under workflows/ that is no definition. */
const WORKFLOW_CODE = 'workflow code'

/** The first rule whose `files` fit decides. Test files may import anything. */
const RULES: Rule[] = [
  { part: 'domain', files: /^domain\//, byValue: ['domain/'], byType: [] },
  { part: 'config', files: /^config\//, byValue: ['config/', 'domain/', 'zod', 'node'], byType: [] },
  {
    part: 'job definitions',
    files: DEFINITION_FILES,
    byValue: ['domain/', 'zod', ...DEFINITIONS, 'workflows/*/job.ts'],
    byType: [],
  },
  {
    part: 'workflow code',
    files: /^workflows\//,
    byValue: ['domain/', WORKFLOW_CODE, '@temporalio/workflow', '@temporalio/common'],
    byType: [...DEFINITIONS, 'workflows/*/job.ts', 'activities/', 'zod'],
  },
  {
    part: 'clients',
    files: /^clients\//,
    byValue: ['domain/', 'clients/', 'undici', 'ssh2', 'ldapts', 'fast-xml-parser', 'zod', 'node'],
    byType: [],
  },
  {
    part: 'db',
    files: /^db\//,
    byValue: ['domain/', 'db/', 'drizzle-orm', 'pg', 'pg-copy-streams', 'node', '@temporalio/common'],
    byType: [...DEFINITIONS, 'workflows/*/job.ts'],
  },
  {
    part: 'activities',
    files: /^activities\//,
    byValue: [
      'domain/',
      'clients/',
      'db/',
      'activities/',
      '@temporalio/activity',
      '@temporalio/common',
      'zod',
      'node',
      'undici',
    ],
    byType: [...DEFINITIONS, 'workflows/', '@temporalio/client'],
  },
  {
    part: 'workers',
    files: /^workers\//,
    byValue: [
      'workers/',
      'config/',
      'activities/',
      'clients/',
      'db/',
      'domain/',
      ...DEFINITIONS,
      '@temporalio/worker',
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/activity',
      'pino',
      'prom-client',
      'send',
      'zod',
      'node',
    ],
    byType: ['workflows/'],
  },
  {
    part: 'api',
    files: /^api\//,
    byValue: [
      'api/',
      'config/',
      'domain/',
      'db/',
      ...DEFINITIONS,
      'workflows/signals.ts',
      'clients/ldap/',
      '@tus/file-store',
      '@tus/server',
      '@temporalio/client',
      '@temporalio/common',
      'croner',
      'express',
      'express-rate-limit',
      'helmet',
      'zod',
      'zod-openapi',
      '@node-rs/argon2',
      'ipaddr.js',
      'drizzle-orm',
      'pg',
      'pino',
      'prom-client',
      'send',
      'node',
    ],
    byType: ['workflows/'],
  },
  { part: 'lab', files: /^lab\//, byValue: ['lab/', 'ssh2', 'saxes', 'selfsigned', 'node'], byType: [] },
  { part: 'command line client', files: /^cli\//, byValue: ['cli/', 'commander', 'openapi-fetch', 'node'], byType: [] },
  {
    part: 'benchmarks',
    files: /^scripts\/bench\//,
    byValue: [
      'scripts/',
      'activities/',
      'clients/',
      'db/',
      'domain/',
      '@temporalio/client',
      '@temporalio/worker',
      '@temporalio/workflow',
      'express',
      'fast-xml-parser',
      'pg',
      'undici',
      'node',
    ],
    byType: [],
  },
  {
    part: 'scripts',
    files: /^scripts\//,
    byValue: [
      'scripts/',
      ...DEFINITIONS,
      'api/openapi.ts',
      'db/migrate.ts',
      'db/crypto.ts',
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/testing',
      '@temporalio/workflow',
      '@temporalio/worker',
      'pg',
      'zod',
      'typescript',
      'openapi-typescript',
      'node',
    ],
    byType: ['db/', 'workflows/'],
  },
]

/** Nobody imports these but tests (and each of them itself). */
const fits = (to: string, entry: string): boolean => {
  if (entry === WORKFLOW_CODE) return to.startsWith('workflows/') && !DEFINITION_FILES.test(to)
  if (entry.endsWith('/')) return to.startsWith(entry)
  if (entry.includes('*')) return new RegExp(`^${entry.replaceAll('.', '\\.').replace('*', '[^/]+')}$`).test(to)
  return to === entry
}

/** Says in one sentence what is wrong with an import, or undefined when it is allowed. */
export function judgeImport(found: Import): string | undefined {
  const rule = RULES.find(({ files }) => files.test(found.from))
  if (!rule)
    return found.from.startsWith('test/') || !found.from.includes('/')
      ? undefined
      : `${found.from}: no rule for this folder`
  const allowed = found.typeOnly ? [...rule.byValue, ...rule.byType] : rule.byValue
  if (allowed.some((entry) => fits(found.to, entry))) return undefined
  return `${found.from}:${found.line}: ${rule.part} may not import ${found.to} ${found.typeOnly ? 'even by type' : 'by value'}`
}

/** Circles of value imports among our files, each as its chain of paths. */
export function importCircles(imports: Import[]): string[] {
  const edges = new Map<string, string[]>()
  for (const one of imports)
    if (one.ours && !one.typeOnly) edges.set(one.from, [...(edges.get(one.from) ?? []), one.to])
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (at: string, chain: string[]) => {
    const before = chain.indexOf(at)
    if (before >= 0) {
      circles.push([...chain.slice(before), at].join(' -> '))
      return
    }
    if (done.has(at)) return
    for (const next of edges.get(at) ?? []) visit(next, [...chain, at])
    done.add(at)
  }
  for (const start of edges.keys()) visit(start, [])
  return circles
}
