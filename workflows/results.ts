import { z } from 'zod'

/* The common shape of `result`; each job type adds its own fields to the entries or beside them. */

export const summary = z.strictObject({
  total: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  skipped: z.int(),
  unchanged: z.int(),
  not_started: z.int(),
})

const outcome = z.enum(['changed', 'unchanged', 'answered', 'staged', 'failed', 'skipped', 'not_started', 'unknown'])

export const targetEntry = z.looseObject({
  target: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  outcome,
  code: z.string().optional(),
  message: z.string().optional(),
})

/** `summary`, `targets[]`, the plan of a dry run, and what the type adds. */
export function resultOf<Shape extends z.ZodRawShape>(extra: Shape) {
  return z.looseObject({ summary, targets: z.array(targetEntry), plan: z.unknown().optional(), ...extra })
}
