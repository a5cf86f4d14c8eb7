import { accountReaders } from './accounts.js'
import { attributeReaders } from './attributes.js'
import { biosReaders } from './bios-resource.js'
import { bootReaders } from './boot.js'
import { chassisReaders } from './chassis.js'
import { hardwareReaders } from './hardware.js'
import { inventoryReaders } from './inventory.js'
import { jobReaders } from './job-resource.js'
import { logReaders } from './logs.js'
import { managerReaders } from './manager.js'
import { networkReaders } from './network.js'
import type { JsonObject } from './recorded.js'
import { rootReaders } from './root.js'
import { storageReaders } from './storage.js'
import { systemReaders } from './system.js'
import { updateServiceReaders } from './update-service.js'
import { type Reader, sample, type View } from './view.js'
import { virtualMediaReaders } from './virtual-media.js'

/** A path pattern and what makes its body. */
export type Resource = [pattern: RegExp, read: Reader]

const RESOURCES: Resource[] = [
  ...rootReaders,
  ...systemReaders,
  ...bootReaders,
  ...biosReaders,
  ...managerReaders,
  ...attributeReaders,
  ...accountReaders,
  ...jobReaders,
  ...logReaders,
  ...inventoryReaders,
  ...updateServiceReaders,
  ...chassisReaders,
  ...hardwareReaders,
  ...storageReaders,
  ...networkReaders,
  ...virtualMediaReaders,
]

/** A path as it is compared: percent signs decoded, double slashes and a trailing slash gone, without fragment. */
export function normalPath(path: string): string {
  const bare = (path.split('#')[0] ?? '').replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}

/**
 * The body of the resource at a path as it is now: made from the state where the state knows, else the recorded
 * machine's body in this server's words; undefined when this generation has no such resource.
 */
export function resourceAt(view: View, path: string): JsonObject | undefined {
  for (const [pattern, read] of RESOURCES) {
    const match = pattern.exec(path)
    if (match) return read(view, match.slice(1))
  }
  return sample(view, path)
}
