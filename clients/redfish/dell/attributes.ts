import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import { type JsonObject, objectAt } from '../json.js'
import { managerDocument, managerPath } from '../layout.js'
import { linksOf } from '../links.js'
import { readResource } from '../resource.js'

export type AttributeGroup = 'iDRAC' | 'System' | 'LifecycleController'

async function groupPath(client: RedfishClient, group: AttributeGroup): Promise<string | null> {
  const links = linksOf(objectAt(await managerDocument(client), 'Links', 'Oem', 'Dell')?.DellAttributes)
  const link = links.find((one) => one.includes(`/${group}.Embedded.`))
  if (link) return link
  // iDRAC7/8 and old iDRAC9 have only this one, and do not link it.
  return group === 'iDRAC' ? `${await managerPath(client)}/Attributes` : null
}

/**
 * Reads a group of Dell attributes (over a thousand for `iDRAC`). Secrets read as null. One GET.
 * @returns null when this firmware does not offer the group
 */
export async function readAttributes(client: RedfishClient, group: AttributeGroup): Promise<JsonObject | null> {
  const path = await groupPath(client, group)
  if (path === null) return null
  try {
    return objectAt(await readResource(client, path, { timeout_ms: 120_000 }), 'Attributes') ?? null
  } catch (error) {
    if (error instanceof DeviceError && (error.code === 'NotFound' || error.code === 'Unsupported')) return null
    throw error
  }
}

/** Is System Lockdown Mode on? `null`: this firmware does not say (iDRAC7/8 have none). One GET. */
export async function readLockdown(client: RedfishClient): Promise<boolean | null> {
  const attributes = await readAttributes(client, 'iDRAC')
  const value = attributes?.['Lockdown.1.SystemLockdown']
  if (value === 'Enabled') return true
  return value === 'Disabled' ? false : null
}
