import { request } from 'node:https'
import type { LabIdrac } from './lab-process.js'

/** What somebody else does to an iDRAC of the lab, past the product and its clients. */
export function askIdrac(
  idrac: LabIdrac,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  const { address: host, port, username, password } = idrac
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    ...(payload ? { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(payload)) } : {}),
  }
  const options = { host, port, method, path, headers, rejectUnauthorized: false, agent: false as const }
  return new Promise((resolve, reject) => {
    const asking = request(options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }))
    })
    asking.on('error', reject)
    asking.end(payload)
  })
}
