import type { RedfishClient } from '../client.js'
import { dellLinksOf, type JsonObject, objectAt, textAt } from '../json.js'
import { managerDocument, managerPath, remembered } from '../layout.js'
import { lastPart, linksOf } from '../links.js'
import { generationOf } from '../manager.js'
import { readIfThere } from '../resource.js'

export type AttributeGroup = 'iDRAC' | 'System' | 'LifecycleController'

/** How a group is told: by the end of its path or its id, else by attributes that only it has. */
const GROUPS: Record<AttributeGroup, { called: RegExp; holds: RegExp }> = {
  iDRAC: { called: /^iDRAC(\.|Attributes$)/i, holds: /^(Info|IPv4|Users|WebServer)\.1\./ },
  System: { called: /^System(\.|Attributes$)/i, holds: /^(ServerInfo|ServerOS|ServerPwr|ThermalSettings)\.1\./ },
  LifecycleController: { called: /^(LifecycleController\.|LC\.|LCAttributes$)/i, holds: /^LCAttributes\.1\./ },
}

/**
 * Where a group of attributes is, by the Manager's links.
 * QUIRK iDRAC7/8, old iDRAC9: the Manager links none of them; the iDRAC's own group is `…/Attributes` below it, where it is
 * there at all. Source: Dell's scripts; recording R630 2.81.81.81.
 */
function groupPath(client: RedfishClient, group: AttributeGroup): Promise<string | null> {
  return remembered(client, `path:attributes:${group}`, async () => {
    const manager = await managerDocument(client)
    const links = linksOf(dellLinksOf(manager)?.DellAttributes)
    if (links.length > 0) return groupAmong(client, links, group)
    const unlinked = ['idrac7', 'idrac8', 'idrac9'].includes(generationOf(textAt(manager, 'Model')))
    return group === 'iDRAC' && unlinked ? `${await managerPath(client)}/Attributes` : null
  })
}

async function groupAmong(client: RedfishClient, links: string[], group: AttributeGroup): Promise<string | null> {
  const { called, holds } = GROUPS[group]
  const plain = links.find((link) => called.test(lastPart(link)))
  if (plain) return plain
  for (const link of links) {
    const body = await readIfThere(client, link, { timeout_ms: 120_000 })
    if (!body) continue
    const names = Object.keys(objectAt(body, 'Attributes') ?? {})
    if (called.test(textAt(body, 'Id') ?? '') || names.some((name) => holds.test(name))) return link
  }
  return null
}

/**
 * Reads a group of Dell attributes (over a thousand for `iDRAC`). Secrets read as null. One GET.
 * @returns null when this firmware does not offer the group
 */
export async function readAttributes(client: RedfishClient, group: AttributeGroup): Promise<JsonObject | null> {
  const path = await groupPath(client, group)
  if (path === null) return null
  const body = await readIfThere(client, path, { timeout_ms: 120_000 })
  return objectAt(body, 'Attributes') ?? null
}

/** Is System Lockdown Mode on? `null`: this firmware does not say (iDRAC7/8 have none). One GET. */
export async function readLockdown(client: RedfishClient): Promise<boolean | null> {
  const attributes = await readAttributes(client, 'iDRAC')
  const value = attributes?.['Lockdown.1.SystemLockdown']
  if (value === 'Enabled') return true
  return value === 'Disabled' ? false : null
}
