import { z } from 'zod'
import { FAILURES } from '../domain/failures.js'
import { rolesAllowed } from '../domain/permissions.js'
import { catalog } from '../workflows/catalog.js'
import type { JobDefinition } from '../workflows/define.js'
import { type Field, fieldsOf } from './docs-fields.js'
import type { Route } from './route.js'

const htmlText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
code,pre{font-family:ui-monospace,monospace;font-size:13px}pre{background:#8882;padding:.7rem;overflow:auto;border-radius:4px}
details{border-bottom:1px solid #8884;padding:.35rem 0}summary{cursor:pointer}summary code{display:inline-block;min-width:26rem}
details>div{padding:.3rem 0 1rem 1.2rem}nav a{margin-right:1rem}h3{margin:1.2rem 0 .3rem}.quiet{opacity:.7}`

/** A readable page about the API, made here and complete in itself: nothing is fetched from anywhere. */
export function docsPage(routes: readonly Route[], version: string): string {
  const tags = [...new Set(routes.map(tagOf))].sort()
  const codes = Object.entries(FAILURES).map(
    ([code, kind]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${kind.http_status}</td><td>${htmlText(kind.hint)}</td></tr>`,
  )
  return page(
    `<h1>Dell Server Manager ${htmlText(version)}: REST API</h1>
<nav><a href="#routes">Routes</a><a href="#job-types">Job types</a><a href="#manners">Manners</a><a href="#codes">Failure codes</a>
<a href="/api/v1/openapi.json">openapi.json</a></nav>
${MANNERS}
<h2 id="routes">Routes</h2>${tags.map((tag) => tagSection(tag, routes)).join('')}
<h2 id="job-types">Job types</h2><p>Ordered with <code>POST /api/v1/jobs</code>; the machine-readable schemas are at
<code>/api/v1/job-types/{job_type}</code>.</p>${Object.values(catalog).map(jobSection).join('')}
<h2 id="codes">Failure codes</h2>${table(['Code', 'HTTP', 'What to do'], codes)}`,
  )
}

const MANNERS = `<h2 id="manners">Manners</h2><ul>
<li>Base <code>/api/v1</code>. JSON, snake_case, times RFC 3339 in UTC, ids UUID.</li>
<li><code>POST /sessions</code> gives a token; <code>POST /tokens</code> one for scripts. Both go into <code>Authorization: Bearer …</code>.</li>
<li>Errors are <code>application/problem+json</code> with a stable <code>code</code>, a sentence, a hint, and <code>errors[]</code> with a pointer for each bad field.</li>
<li>Lists take <code>limit</code> (50, at most 200), <code>cursor</code>, <code>sort</code>, <code>count</code> and their filters, and answer <code>{items, next_cursor, total?}</code>.
An unknown query parameter is a 400.</li>
<li>Writes take <code>Idempotency-Key</code>: the same key and body get the same answer. Single resources send an <code>ETag</code>;
<code>PATCH</code> and <code>DELETE</code> honour <code>If-Match</code>.</li>
<li>A job that is ordered answers 202 at once. Follow it with <code>GET /jobs/{id}</code>, or as events with <code>GET /jobs/{id}/events</code>
(<code>Last-Event-ID</code> resumes without a gap).</li></ul>`

const tagOf = (line: Route) => line.path.split('/')[1] ?? ''

function tagSection(tag: string, routes: readonly Route[]): string {
  return `<h3>${htmlText(tag)}</h3>${routes
    .filter((line) => tagOf(line) === tag)
    .map(routeEntry)
    .join('')}`
}

function routeEntry(line: Route): string {
  const who = line.permission === 'open' ? 'everybody' : rolesAllowed(line.permission).join(', ')
  const parts = [
    `<p class="quiet">Roles: ${who}. Success: ${line.status}.</p>`,
    line.query ? fieldTable('Query', line.query) : '',
    line.path === '/jobs' && line.method === 'POST'
      ? '<p>The body is that of its <a href="#job-types">job type</a>.</p>'
      : '',
    line.body && line.method !== 'GET' ? fieldTable('Body', line.body) : '',
    line.output ? fieldTable('Answer', line.output, 'output') : '',
  ]
  return `<details><summary><code>${line.method} /api/v1${htmlText(line.path)}</code> ${htmlText(line.summary)}</summary><div>${parts.join('')}</div></details>`
}

function jobSection(job: JobDefinition): string {
  const targets = [...job.target_scope, ...(job.via_host ? ['host_ids', 'cluster_ids'] : [])]
  const order = JSON.stringify({ job_type: job.job_type, ...job.example }, null, 2)
  const head = `Role: ${job.role}. Risk: ${job.risk}. Targets: ${[...new Set(targets)].join(', ') || 'none'}. Controls: ${job.controls.join(', ')}.`
  return `<details id="job-${job.job_type}"><summary><code>${job.job_type}</code> ${htmlText(job.summary)}</summary><div>
<p class="quiet">${htmlText(head)}${job.admin_options.length > 0 ? ` Only admins: ${htmlText(job.admin_options.join(', '))}.` : ''}</p>
<pre>POST /api/v1/jobs\n${htmlText(order)}</pre>${fieldTable('Details', job.details)}${fieldTable('Result', job.result, 'output')}</div></details>`
}

function fieldTable(title: string, schema: z.ZodType, io: 'input' | 'output' = 'input'): string {
  const fields = fieldsOf(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
  if (fields.length === 0) return ''
  return `<p><b>${title}</b></p>${table(['Field', 'Type', 'Default', 'Meaning'], fields.map(fieldRow))}`
}

const fieldRow = ({ name, type, preset, meaning, required }: Field) =>
  `<tr><td><code>${htmlText(name)}</code>${required ? ' *' : ''}</td><td>${htmlText(type)}</td><td>${htmlText(preset)}</td><td>${htmlText(meaning)}</td></tr>`

const table = (titles: string[], rows: string[]) =>
  `<table><thead><tr>${titles.map((title) => `<th>${title}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`

/** What a problem type means; `type` of a problem document leads here. */
export function problemPage(slug: string): string | null {
  const code = Object.keys(FAILURES).find((name) => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase() === slug)
  if (!code) return null
  const { http_status, hint } = FAILURES[code as keyof typeof FAILURES]
  return page(
    `<h1>${code}</h1><p>HTTP status ${http_status}.</p><p>${htmlText(hint)}</p><p><a href="/api/docs#codes">All codes</a></p>`,
  )
}

const page = (body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Dell Server Manager API</title><style>${STYLE}</style></head><body>${body}</body></html>`
