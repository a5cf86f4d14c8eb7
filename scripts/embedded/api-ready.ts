import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { SupervisorConfig } from './config.js'

/** The address at which people on this machine reach the API. */
export function apiUrl(config: SupervisorConfig, port: number): string {
  const scheme = config.TLS_CERT_FILE ? 'https' : 'http'
  const wildcard = config.HOST === '0.0.0.0' || config.HOST === '::'
  const host = wildcard ? '127.0.0.1' : config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
  return `${scheme}://${host}:${port}`
}

export interface Readiness {
  ready: boolean
  /** What is missing, in the words of /readyz. */
  missing: string
}

/** Asks /readyz once. Never throws: an API that does not answer is not ready. */
export async function askReadiness(config: SupervisorConfig, url: string): Promise<Readiness> {
  try {
    const { status, body } = config.TLS_CERT_FILE ? await getOverTls(url, config.TLS_CERT_FILE) : await getPlain(url)
    return { ready: status === 200, missing: body.slice(0, 600) }
  } catch (error) {
    return {
      ready: false,
      missing: `the API does not answer (${error instanceof Error ? error.message : String(error)})`,
    }
  }
}

async function getPlain(url: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })
  return { status: answer.status, body: await answer.text() }
}

/** Our own certificate is the only one accepted; its name need not be the loopback address. */
function getOverTls(url: string, certificateFile: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { ca: readFileSync(certificateFile), checkServerIdentity: () => undefined, timeout: 5_000 }
    const call = request(`${url}/readyz`, options, (answer) => {
      let body = ''
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    call.on('timeout', () => call.destroy(new Error('no answer in 5 s')))
    call.on('error', reject)
    call.end()
  })
}
