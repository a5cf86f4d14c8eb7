import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'

export interface NamespacePlan {
  /** `host:port` */
  address: string
  namespace: string
  /** Paths of PEM files. */
  tls?: { ca: string; certificate?: string; key?: string }
}

/** Numbers of `temporal.api.enums.v1.IndexedValueType`. */
const KEYWORD = 2
const KEYWORD_LIST = 7

/** Search attributes that the product's workflows carry. */
export const SEARCH_ATTRIBUTES: Record<string, number> = {
  JobId: KEYWORD,
  JobType: KEYWORD,
  ClusterId: KEYWORD,
  Site: KEYWORD,
  RequestedBy: KEYWORD,
  ServiceTags: KEYWORD_LIST,
}

const RETENTION_MS = 720 * 3_600_000
const LIMIT_MS = 60_000
const ALREADY_EXISTS = 6

/**
 * Makes namespace, retention (720 h: the development server's own default forgets closed histories after a day) and
 * search attributes. Repeating it changes nothing. For a short while after a namespace was made, search attributes
 * are refused with "Namespace is not found": so everything is tried again until the limit. Throws the last error.
 */
export async function prepareNamespace(plan: NamespacePlan): Promise<void> {
  const connection = await connectPatiently(plan)
  try {
    await patiently(() => ensureNamespace(connection, plan.namespace))
    await patiently(() => ensureSearchAttributes(connection, plan.namespace))
  } finally {
    await connection.close()
  }
}

async function connectPatiently(plan: NamespacePlan): Promise<Connection> {
  const tls = plan.tls ? { tls: await readTls(plan.tls) } : {}
  return patiently(() => Connection.connect({ address: plan.address, connectTimeout: 5_000, ...tls }))
}

async function readTls(files: NonNullable<NamespacePlan['tls']>) {
  const serverRootCACertificate = await readFile(files.ca)
  if (!files.certificate || !files.key) return { serverRootCACertificate }
  return {
    serverRootCACertificate,
    clientCertPair: { crt: await readFile(files.certificate), key: await readFile(files.key) },
  }
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + LIMIT_MS; ; await sleep(100)) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}

async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs(RETENTION_MS)
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod })
  } catch (error) {
    if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod },
    })
  }
}

async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => known.customAttributes?.[name] === undefined)
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) })
}
