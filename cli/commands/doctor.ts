import type { Command } from 'commander'
import type { Api } from '../api/client.js'
import { readText, sendHttp } from '../api/http.js'
import { type ListPath, listAll, type Query } from '../api/lists.js'
import { run } from '../context.js'
import { EXIT, Refusal } from '../exit-codes.js'
import { tableLines } from '../output/table.js'

interface Finding {
  check: string
  /** Only `error` is about the product itself; findings about devices and jobs are warnings. */
  outcome: 'ok' | 'warning' | 'error'
  detail: string
}

/** `doctor`: is the product itself well, and what waits for a person. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Is the product well? Exit 1 only when it is not itself; findings about devices and jobs are warnings')
    .action(
      run(async ({ api, print }) => {
        const findings = [...(await readiness(api)), ...(await warnings(api))]
        const ok = findings.every(({ outcome }) => outcome !== 'error')
        if (print.json) print.body({ ok, checks: findings })
        else {
          for (const line of tableLines(
            [
              ['CHECK', (one) => one.check],
              ['OUTCOME', (one) => one.outcome],
              ['DETAIL', (one) => one.detail],
            ],
            findings,
          )) {
            print.line(line)
          }
        }
        return ok ? EXIT.done : EXIT.error
      }),
    )
}

/** What the product says about its own parts. @throws {Refusal} when it does not answer at all */
async function readiness(api: Api): Promise<Finding[]> {
  const url = `${api.server}/readyz`
  const answer = await sendHttp({ method: 'GET', url, headers: { accept: 'application/json' }, ca: api.ca })
  const parts = parsed(await readText(answer, url))
  const found = Object.entries(parts)
    .filter(([name]) => name !== 'status')
    .map(([check, said]): Finding => ({ check, outcome: said === 'ok' ? 'ok' : 'error', detail: String(said) }))
  if (found.length > 0) return found
  return [{ check: 'product', outcome: 'error', detail: `${url} answered ${answer.statusCode}` }]
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** What waits for a person: needs a sign-in; without one that is said and nothing else. */
async function warnings(api: Api): Promise<Finding[]> {
  const count = async (check: string, path: ListPath, query: Query, what: string): Promise<Finding> => {
    const rows = await listAll(api, path, query)
    const found = rows.length > 0
    return { check, outcome: found ? 'warning' : 'ok', detail: found ? `${rows.length} ${what}` : 'none' }
  }
  try {
    return [
      await count(
        'jobs',
        '/api/v1/jobs',
        { needs_attention: true },
        'job(s) need a person: dsm jobs list needs_attention=true',
      ),
      await count(
        'server health',
        '/api/v1/servers',
        { health_status: 'Critical,Warning' },
        'server(s) are not well: dsm servers list health_status=Critical,Warning',
      ),
      await count(
        'credentials',
        '/api/v1/servers',
        { credential_state: 'rejected,missing,password_change_required' },
        'server(s) cannot be opened: dsm servers list credential_state=rejected,missing,password_change_required',
      ),
      await count(
        'hosts',
        '/api/v1/hosts',
        { connection_state: 'disconnected,notResponding' },
        'host(s) do not answer their vCenter: dsm hosts list connection_state=disconnected,notResponding',
      ),
    ]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const detail =
      error.exit === EXIT.not_allowed ? `devices and jobs were not looked at: ${error.message}` : error.message
    return [{ check: 'inventory', outcome: 'warning', detail }]
  }
}
