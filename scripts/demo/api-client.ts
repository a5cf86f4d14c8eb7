import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** An answer that was not expected: status and the problem document. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    message: string,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

export interface JobView {
  id: string
  job_type: string
  status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
  phase: string | null
  progress?: number
  waiting_for: Array<{ code: string; message: string }>
  attention?: Array<{ target?: string; message?: string; next_action?: string }>
  result: Record<string, unknown> | null
  error: { code: string; message: string; hint?: string } | null
  created_at: string
  started_at: string | null
  completed_at: string | null
}

export interface TaskView {
  target_label: string
  status: string
  progress: number
  phase: string | null
  phase_since: string | null
  started_at: string | null
  completed_at: string | null
  outcome: string | null
  waiting_for: Array<{ code: string; message: string }>
  error: { code: string; message: string } | null
}

const PATIENCE_MS = 120_000
const FINAL = new Set(['completed', 'failed', 'cancelled'])

/** A small client of the REST API, as a script of an operator would have it. */
export class ApiClient {
  private token: string | undefined

  constructor(private readonly base: string) {}

  /** Signs in; throws {@link ApiError}. */
  async signIn(username: string, password: string): Promise<void> {
    const session = await this.send<{ token: string }>('POST', '/sessions', { username, password })
    this.token = session.token
  }

  /** One request; throws {@link ApiError} for anything but success. */
  async send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      headers: { ...this.headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return this.read<T>(method, path, answer)
  }

  private headers(): Record<string, string> {
    return { accept: 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) }
  }

  private async read<T>(method: string, path: string, answer: Response): Promise<T> {
    const text = await answer.text()
    if (answer.ok) return (text === '' ? null : JSON.parse(text)) as T
    const problem = text.startsWith('{') ? (JSON.parse(text) as { code?: string; detail?: string; title?: string }) : {}
    const words = problem.detail ?? problem.title ?? text.slice(0, 200)
    throw new ApiError(
      answer.status,
      problem.code,
      `${method} ${path}: ${answer.status} ${problem.code ?? ''} ${words}`,
    )
  }

  /** A read that outlasts a restart of the API: connection errors and 5xx are tried again for two minutes. */
  async readPatiently<T>(path: string): Promise<T> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(250)) {
      try {
        return await this.send<T>('GET', path)
      } catch (error) {
        const lasting = error instanceof ApiError && error.status < 500
        if (lasting || Date.now() > end) throw error
      }
    }
  }

  /** All items of a list, page by page. */
  async list<T>(path: string): Promise<T[]> {
    const items: T[] = []
    for (let cursor = ''; ; ) {
      const page = await this.readPatiently<{ items: T[]; next_cursor: string | null }>(
        `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`,
      )
      items.push(...page.items)
      if (!page.next_cursor) return items
      cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`
    }
  }

  /** Posts a job; repeating the request by mistake would not make a second one. */
  createJob(jobType: string, targetScope: object, details: object): Promise<JobView> {
    const body = { job_type: jobType, target_scope: targetScope, details }
    return this.send<JobView>('POST', '/jobs', body, { 'idempotency-key': randomUUID() })
  }

  /** Waits for the end of a job, telling each look at it. Throws when `limitMs` is over. */
  async waitForEnd(id: string, limitMs: number, onLook?: (job: JobView) => void | Promise<void>): Promise<JobView> {
    for (const end = Date.now() + limitMs; ; await sleep(250)) {
      const job = await this.readPatiently<JobView>(`/jobs/${id}`)
      await onLook?.(job)
      if (FINAL.has(job.status)) return job
      if (Date.now() > end)
        throw new Error(`${job.job_type} is still ${job.status} (${job.phase}) after ${Math.round(limitMs / 1000)} s`)
    }
  }

  /** Posts a job and waits for it; throws with its error unless it completes. */
  async runJob(jobType: string, targetScope: object, details: object, limitMs = 300_000): Promise<JobView> {
    const { id } = await this.createJob(jobType, targetScope, details)
    const job = await this.waitForEnd(id, limitMs)
    if (job.status === 'completed') return job
    throw new Error(
      `${jobType} ended ${job.status}: ${job.error?.code ?? ''} ${job.error?.message ?? JSON.stringify(job.result)}`,
    )
  }

  /** Uploads a file; returns the id of the upload. */
  async upload(fileName: string, bytes: Uint8Array): Promise<string> {
    const path = `/uploads/${encodeURIComponent(fileName)}`
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method: 'PUT',
      headers: {
        ...this.headers(),
        'content-type': 'application/octet-stream',
        'content-length': String(bytes.byteLength),
      },
      body: Buffer.from(bytes),
    })
    return (await this.read<{ upload_id: string }>('PUT', path, answer)).upload_id
  }
}
