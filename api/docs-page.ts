import { FAILURES } from '../domain/failures.js'
import { rolesAllowed } from '../domain/permissions.js'
import { catalog } from '../workflows/catalog.js'
import type { Route } from './route.js'

const htmlText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
code{font-family:ui-monospace,monospace}`

/** A readable page about the API, made here and complete in itself: nothing is fetched from anywhere. */
export function docsPage(routes: readonly Route[], version: string): string {
  const rows = routes.map(
    (line) =>
      `<tr><td><code>${line.method}</code></td><td><code>/api/v1${htmlText(line.path)}</code></td><td>${htmlText(line.summary)}</td><td>${
        line.permission === 'open' ? 'everybody' : rolesAllowed(line.permission).join(', ')
      }</td></tr>`,
  )
  const types = Object.values(catalog).map(
    (d) =>
      `<tr><td><code>${d.job_type}</code></td><td>${htmlText(d.summary)}</td><td>${d.role}</td><td>${d.risk}</td></tr>`,
  )
  const codes = Object.entries(FAILURES).map(
    ([code, kind]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${kind.http_status}</td><td>${htmlText(kind.hint)}</td></tr>`,
  )
  return page(
    `<h1>Dell Server Manager ${htmlText(version)}: REST API</h1>
<p>Base <code>/api/v1</code>. JSON, snake_case, times RFC 3339 in UTC. The machine-readable document is
<a href="/api/v1/openapi.json">openapi.json</a>; the schemas of a job type are at <code>/api/v1/job-types/{job_type}</code>.</p>
<h2>Routes</h2><table><thead><tr><th>Method</th><th>Path</th><th>What it does</th><th>Roles</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<h2>Job types</h2><table><thead><tr><th>Type</th><th>What it does</th><th>Least role</th><th>Risk</th></tr></thead><tbody>${types.join('')}</tbody></table>
<h2>Failure codes</h2><table><thead><tr><th>Code</th><th>HTTP</th><th>What to do</th></tr></thead><tbody>${codes.join('')}</tbody></table>`,
  )
}

/** What a problem type means; `type` of a problem document leads here. */
export function problemPage(slug: string): string | null {
  const code = Object.keys(FAILURES).find((name) => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase() === slug)
  if (!code) return null
  const { http_status, hint } = FAILURES[code as keyof typeof FAILURES]
  return page(
    `<h1>${code}</h1><p>HTTP status ${http_status}.</p><p>${htmlText(hint)}</p><p><a href="/api/docs">All codes</a></p>`,
  )
}

const page = (body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Dell Server Manager API</title><style>${STYLE}</style></head><body>${body}</body></html>`
