import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export interface StorageFacts {
  /** Bytes of everything that the store holds or has promised to uploads. */
  used_bytes: number
  quota_bytes: number
  /** Limit of one file. */
  max_file_bytes: number
  disk_free_bytes: number
  disk_bytes: number
}

const LEAST_FREE_SHARE = 0.05
const GIB = 1024 ** 3

/** Is there room for so many bytes more: limit of one file, quota over everything, and 5 % of the disk left free? */
export function checkRoom(wanted_bytes: number, facts: StorageFacts): Blocker | null {
  const { used_bytes, quota_bytes, max_file_bytes, disk_free_bytes, disk_bytes } = facts
  const gib = (bytes: number) => `${Math.round((bytes / GIB) * 100) / 100} GiB`
  if (wanted_bytes > max_file_bytes)
    return blocker('PayloadTooLarge', `A file may have ${gib(max_file_bytes)}; this one has ${gib(wanted_bytes)}.`)
  if (used_bytes + wanted_bytes > quota_bytes)
    return blocker(
      'StorageFull',
      `The media store holds at most ${gib(quota_bytes)} (ISO_MAX_STORAGE_GB); ${gib(used_bytes)} are taken.`,
    )
  if (disk_free_bytes - wanted_bytes < disk_bytes * LEAST_FREE_SHARE)
    return blocker('StorageFull', `The disk of the media store would have less than 5 % free.`)
  return null
}
