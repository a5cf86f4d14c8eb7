import { getTableColumns } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'

/** The documented shape of a row: every column of the table but the omitted ones. Secret columns are never in it. */
export function rowSchema(table: PgTable, omit: readonly string[] = [], extra: z.ZodRawShape = {}): z.ZodObject {
  const shape: Record<string, z.ZodType> = {}
  for (const [name, column] of Object.entries(getTableColumns(table))) {
    if (omit.includes(name) || name.endsWith('_encrypted')) continue
    const value = columnSchema(column as PgColumn)
    // JSON of any shape may be null anyhow.
    shape[name] = column.notNull || value instanceof z.ZodUnknown ? value : value.nullable()
  }
  return z.object({ ...shape, ...extra })
}

function columnSchema(column: PgColumn): z.ZodType {
  const type = column.getSQLType()
  if (type.endsWith('[]')) return z.array(z.string())
  if (type === 'uuid') return z.uuid()
  if (type.startsWith('timestamp')) return z.iso.datetime()
  if (type === 'boolean') return z.boolean()
  if (type === 'jsonb') return z.unknown()
  if (['integer', 'smallint', 'bigint'].includes(type)) return z.number().int()
  return z.string()
}
