import type { z } from 'zod'
import { type Db, lockText } from '../db/connect.js'
import type { Permission } from '../domain/permissions.js'
import { auditDeed } from './audit-trail.js'
import { type Route, route } from './route.js'

/** Who wants the change. */
export interface Asking {
  user_id: string
  request_id: string
}

/** One kind of settings: one row that is always there. */
export interface SettingsKind<Row extends { version: number }, Patch extends z.ZodType> {
  /** Last part of the path and id in the audit trail. */
  name: string
  /** Summaries for the document: what reading shows, what a change does. */
  summary: { read: string; change: string }
  output: z.ZodType
  patch: Patch
  read(db: Db): Promise<Row>
  /** Gets only the fields that were given; seals secrets itself. */
  update(db: Db, patch: z.output<Patch>): Promise<Row>
  /** Who may read; everybody who is signed in, if nothing else is said. */
  reader?: Permission
  /** Looks at a change before it is made, outside of any transaction; throws a Problem to refuse it. */
  check?(db: Db, patch: z.output<Patch>, asking: Asking): Promise<void>
  /** Write-only fields: the audit trail says that they were given, never what they are. */
  secrets?: readonly string[]
}

/** GET and PATCH of one kind of settings: everybody may read where nothing else is said, an admin may change; `If-Match` is honoured, the deed audited. */
export function settingsPair<Row extends { version: number }, Patch extends z.ZodType>(
  db: Db,
  kind: SettingsKind<Row, Patch>,
): Route[] {
  const path = `/settings/${kind.name}`
  return [
    route({
      method: 'GET',
      path,
      permission: kind.reader ?? 'signed_in',
      summary: kind.summary.read,
      output: kind.output,
      handler: async () => answerOf(await kind.read(db)),
    }),
    route({
      method: 'PATCH',
      path,
      permission: 'admin',
      summary: kind.summary.change,
      body: kind.patch,
      output: kind.output,
      handler: async (context) => {
        const body = given(context.body as object)
        context.checkVersion((await kind.read(db)).version)
        const { user, request_id } = context
        await kind.check?.(db, body as z.output<Patch>, { user_id: user.user_id, request_id })
        const settings = await db.transaction(async (tx) => {
          // One after another: the second of two sees the version that the first one made.
          await lockText(tx, path)
          context.checkVersion((await kind.read(tx)).version)
          await auditDeed(tx, context, {
            action: 'settings.update',
            object_kind: 'settings',
            object_id: kind.name,
            after: withoutSecrets(body, kind.secrets ?? []),
          })
          return kind.update(tx, body as z.output<Patch>)
        })
        return answerOf(settings)
      },
    }),
  ]
}

const answerOf = <Row extends { version: number }>(settings: Row) => ({ body: settings, version: settings.version })

const given = (body: object) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))

const withoutSecrets = (body: Record<string, unknown>, secrets: readonly string[]) =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, secrets.includes(name) ? 'given' : value]))
