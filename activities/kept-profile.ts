import { compactProfile, readProfile } from '../clients/redfish/scp-content.js'
import { openScpBackup } from '../db/stores/scp-backups.js'
import { type ProfileContent, selectedPart } from '../domain/profile-content.js'
import type { ProfileImportOrder } from './contracts/profile.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'

/** A profile of the store in clear, for as long as one activity runs. */
export interface OpenedProfile {
  /** As a device takes it. */
  text: string
  /** The part that the chosen components touch. */
  part: ProfileContent
}

/** Opens and reads the profile that an import names. @throws StepFailed `UnknownTarget`; DeviceError `ScpInvalid` */
export async function openProfile(deps: Deps, order: ProfileImportOrder): Promise<OpenedProfile> {
  const backup = await openScpBackup(deps.db, deps.keys, order.scp_backup_id)
  if (!backup) throw new StepFailed('UnknownTarget', `Profile ${order.scp_backup_id} is not in the store any more.`)
  const content = readProfile(backup.content, backup.format)
  return { text: compactProfile(backup.content, backup.format), part: selectedPart(content, order.components) }
}
