import { configOf, type StoredDirectory } from '../../clients/ldap/config.js'
import type { DirectoryAccess } from '../../clients/ldap/connection.js'
import { pinnedIdentity } from '../../clients/ldap/failures.js'
import { createCommandLog } from '../../db/command-log.js'
import { judgeIdentity } from '../../db/stores/identities.js'
import { readActivitySettings } from '../../db/stores/settings.js'
import type { Services } from '../services.js'

export interface Asking {
  user_id: string | null
  request_id: string
}

/** Asks the directory from the API: what is sent goes on record, who answers is judged by CA or pin. */
export async function withDirectoryAccess<T>(
  services: Services,
  stored: StoredDirectory,
  bind_password: string | null,
  asking: Asking,
  body: (access: DirectoryAccess) => Promise<T>,
): Promise<T> {
  const { db } = services.database
  const settings = await readActivitySettings(db)
  const commands = createCommandLog(services.database, { source: 'api', limits: () => settings })
  const context = { operation_type: 'directory', device_kind: 'directory' } as const
  const { port } = stored
  try {
    return await body({
      config: configOf(stored, bind_password),
      identity: (address) =>
        pinnedIdentity(`${address}:${port}`, async (seen) => {
          const place = { device_kind: 'directory', address, port, protocol: 'tls' } as const
          return (await judgeIdentity(db, place, seen, { first_contact: settings.first_contact })).verdict
        }),
      recorder: commands.recorder({ ...context, initiated_by: asking.user_id, request_id: asking.request_id }),
    })
  } finally {
    await commands.close()
  }
}
