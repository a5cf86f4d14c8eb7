import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Pool } from 'pg'
import { auditBody, auditUrl, storableText } from '../audit-body.js'
import type { Db } from '../connect.js'
import { copyRows } from '../copy-rows.js'
import { newId } from '../new-id.js'
import { type Command, idracCommands, type OperationType } from '../schema/audit.js'

/** What a call belongs to. */
export interface CommandContext {
  operation_type: OperationType
  device_kind: 'idrac' | 'vcenter' | 'esxi' | 'openmanage' | 'directory' | 'media_host'
  server_id?: string | null
  vcenter_id?: string | null
  vcenter_host_id?: string | null
  job_id?: string | null
  task_id?: string | null
  initiated_by?: string | null
  credential_set_id?: string | null
  workflow_id?: string | null
  attempt?: number | null
  worker_id?: string | null
  request_id?: string | null
  /** Row of `device_operations` that a mutation belongs to, and its token. */
  operation_id?: string | null
  fencing_token?: number | null
}

/** One call as it is about to be sent; the shape that clients give to their recorder. */
export interface CommandCall {
  protocol: 'redfish' | 'soap' | 'ssh' | 'ldap' | 'ome'
  command_type: string
  endpoint: string
  full_url: string
  request_body?: unknown
  mutation: boolean
}

export interface CommandResult {
  success: boolean
  outcome: 'ok' | 'refused' | 'failed' | 'unknown'
  status_code?: number
  response_time_ms: number
  response_body?: unknown
  message_id?: string
  error_message?: string
  bytes_sent?: number
  bytes_received?: number
}

export interface BodyLimits {
  max_request_body_bytes: number
  max_response_body_bytes: number
  /** Keep the bodies of successful reads too. */
  keep_read_bodies: boolean
}

type NewCommand = typeof idracCommands.$inferInsert

/** Writes the intent of a mutation and returns when it is stored: only then may the first byte leave. */
export async function insertIntent(
  db: Db,
  source: 'api' | 'worker',
  context: CommandContext,
  call: CommandCall,
  limits: BodyLimits,
): Promise<string> {
  const id = newId()
  await db.insert(idracCommands).values(commandRow(id, source, context, call, limits))
  return id
}

/** Writes what came of an open row. A row that is closed already stays as it is. */
export async function closeCommand(db: Db, id: string, result: CommandResult, limits: BodyLimits): Promise<void> {
  await db
    .update(idracCommands)
    .set(resultColumns(result, limits, true))
    .where(and(eq(idracCommands.id, id), eq(idracCommands.outcome, 'intent')))
}

/** Intents that no result followed and whose worker is gone: the outcome is unknown. */
export async function closeAbandoned(db: Db, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(idracCommands)
    .set({
      outcome: 'unknown',
      success: false,
      error_message: 'the process ended before an answer',
      completed_at: sql`now()`,
    })
    .where(and(inArray(idracCommands.id, ids), eq(idracCommands.outcome, 'intent')))
}

export async function getCommand(db: Db, id: string): Promise<Command | null> {
  const [row] = await db.select().from(idracCommands).where(eq(idracCommands.id, id))
  return row ?? null
}

/** Row of a read that has ended: written whole, in a batch. */
export function readRow(
  source: 'api' | 'worker',
  context: CommandContext,
  call: CommandCall,
  result: CommandResult,
  limits: BodyLimits,
): NewCommand {
  const began = new Date(Date.now() - result.response_time_ms).toISOString()
  const row = commandRow(newId(), source, context, call, limits)
  return { ...row, timestamp: began, ...resultColumns(result, limits, limits.keep_read_bodies || !result.success) }
}

/** Inserts many rows: all of them or none. */
export async function insertCommands(pool: Pool, rows: NewCommand[]): Promise<void> {
  await copyRows(pool, idracCommands, rows)
}

function commandRow(
  id: string,
  source: 'api' | 'worker',
  context: CommandContext,
  call: CommandCall,
  limits: BodyLimits,
): NewCommand {
  return {
    ...context,
    id,
    source,
    endpoint: storableText(call.endpoint.slice(0, 1000)),
    command_type: call.command_type,
    full_url: auditUrl(call.full_url).slice(0, 2000),
    request_body: auditBody(call.request_body, limits.max_request_body_bytes),
    outcome: 'intent',
  }
}

function resultColumns(result: CommandResult, limits: BodyLimits, keep_body: boolean) {
  const { response_body, error_message, response_time_ms, ...plain } = result
  return {
    ...plain,
    response_time_ms: Math.round(response_time_ms),
    response_body: keep_body ? auditBody(response_body, limits.max_response_body_bytes) : null,
    error_message: error_message === undefined ? null : storableText(error_message.slice(0, 2000)),
    completed_at: new Date().toISOString(),
  }
}
