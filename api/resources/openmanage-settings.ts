import { z } from 'zod'
import type { Db } from '../../db/connect.js'
import { openmanageSettings } from '../../db/schema/settings.js'
import {
  isConfigured,
  type OpenmanagePatch,
  readOpenmanageSettings,
  updateOpenmanageSettings,
} from '../../db/stores/openmanage-settings.js'
import { Problem } from '../errors.js'
import type { Route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { settingsPair } from '../settings-routes.js'

const host = z.union([
  z.ipv4(),
  z.string().regex(/^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*$/),
])

const patch = z.strictObject(
  z
    .object({
      enabled: z.boolean(),
      host: host.nullable(),
      port: z.int().min(1).max(65_535),
      username: z.string().min(1).max(255).nullable(),
      password: z.string().min(1).max(1000).nullable().meta({ writeOnly: true }),
      sync_enabled: z.boolean(),
      sync_interval_minutes: z.int().min(15).max(1440),
    })
    .partial().shape,
)
const output = rowSchema(openmanageSettings, ['id'], { has_password: z.boolean() }).meta({ id: 'OpenmanageSettings' })

/** Where OpenManage Enterprise is and which account reads it; the password is write-only. */
export function openmanageSettingsRoutes(services: Services): Route[] {
  return settingsPair(services.database.db, {
    name: 'openmanage',
    summary: { read: 'Settings of OpenManage, without the password', change: 'Changes the settings of OpenManage' },
    output,
    patch,
    read: shown,
    check: (db, given) => refuseHalf(db, given as OpenmanagePatch),
    update: async (tx, given) => {
      await updateOpenmanageSettings(tx, services.keys, given as OpenmanagePatch)
      return shown(tx)
    },
    secrets: ['password'],
  })
}

async function shown(db: Db) {
  const { id: _one, ...settings } = await readOpenmanageSettings(db)
  return settings
}

/** What is switched on must be complete; a password for another host is not sent there by accident. */
async function refuseHalf(db: Db, given: OpenmanagePatch): Promise<void> {
  const before = await readOpenmanageSettings(db)
  const moved = given.host !== undefined && before.host !== null && given.host !== before.host
  if (moved && before.has_password && given.password === undefined)
    throw refusal('password', 'another host needs the password again')
  const has_password = given.password === undefined ? before.has_password : given.password !== null
  const after = { ...before, ...given, has_password }
  if (!after.enabled || isConfigured(after)) return
  const missing = !after.host ? 'host' : after.username ? 'password' : 'username'
  throw refusal(missing, 'needed when OpenManage is enabled')
}

const refusal = (name: string, detail: string) =>
  new Problem('InvalidRequest', `${name}: ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] })
