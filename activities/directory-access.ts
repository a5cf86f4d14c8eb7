import { configOf, type StoredDirectory } from '../clients/ldap/config.js'
import type { DirectoryAccess } from '../clients/ldap/connection.js'
import { type Directory, openDirectory } from '../clients/ldap/directory.js'
import {
  openBindPassword,
  type PublicDirectorySettings,
  readDirectorySettings,
} from '../db/stores/directory-settings.js'
import { auditOf } from './audit-scope.js'
import type { Deps } from './deps.js'
import { identityCheck } from './device-identity.js'
import { StepFailed } from './failures.js'

/** How a job asks the directory: who answers is judged by CA or pin, each question is on record under the job. */
export function directoryAccess(
  deps: Deps,
  job_id: string,
  stored: StoredDirectory,
  bind_password: string | null,
): DirectoryAccess {
  const context = { operation_type: 'directory', device_kind: 'directory' } as const
  const { port } = stored
  return {
    config: configOf(stored, bind_password),
    identity: (address) => identityCheck(deps, { device_kind: 'directory', address, port, device_id: null, job_id }),
    recorder: deps.commands.recorder(auditOf({ job_id, task_id: null }, deps.worker_id, context)),
  }
}

/** Opens the directory of the settings for a piece of work. @throws StepFailed `DirectoryMisconfigured`, DeviceError */
export async function withDirectory<T>(
  deps: Deps,
  job_id: string,
  body: (directory: Directory, settings: PublicDirectorySettings) => Promise<T>,
): Promise<T> {
  const settings = await readDirectorySettings(deps.db)
  if (!settings.enabled)
    throw new StepFailed('DirectoryMisconfigured', 'The company directory is switched off in the settings.')
  const password = await openBindPassword(deps.db, deps.keys)
  const directory = await openDirectory(directoryAccess(deps, job_id, settings, password))
  try {
    return await body(directory, settings)
  } finally {
    await directory.close()
  }
}
