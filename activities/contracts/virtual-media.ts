import type { Blocker } from '../../domain/failures.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export type SlotWord = 'auto' | 'cd' | 'usb'

export interface MountWish {
  context: WorkContext
  server_id: string
  iso_image_id: string
  slot: SlotWord
  /** Empty an occupied slot first. */
  replace: boolean
}

export interface MediaJudgement {
  /** `already`: the image is there; `insert`: it can be inserted; `refused`: the blockers say why not. */
  decision: 'already' | 'insert' | 'refused'
  slot: string | null
  blockers: Blocker[]
  /** What is in the slots, without the secret part of addresses. */
  slots: { slot: string; inserted: boolean | null; image: string | null }[]
  /** Host and port that the iDRAC would read from; null when this site has no media server. */
  url_host: string | null
}

export interface MountedMedia {
  slot: string
  inserted: boolean
  changed: boolean
  url_host: string
  /** When the iDRAC may no longer read it from our media server. */
  expires_at: string
  /** How long it is to stay, in ms of real time; 0 = until somebody ejects it. */
  eject_in_ms: number
}

export interface EjectedMedia {
  ejected: { slot: string; image: string }[]
  boot_once_cleared: boolean
}

export interface VirtualMediaActivities {
  /** What mounting would do now: slots by generation, gates, what is in them. Reads only. */
  judgeMount(input: MountWish): Promise<MediaJudgement>
  /**
   * Inserts the image (V): nothing when it is there already; reads back what the iDRAC holds. With `eject_after_minutes` it
   * is recorded as borrowed before.
   */
  mountMedia(input: MountWish & { write_protected: boolean; eject_after_minutes: number }): Promise<MountedMedia>
  /** Sets the virtual CD for the next boot only (V). */
  bootFromMedia(input: { context: WorkContext; server_id: string }): Promise<void>
  /**
   * Ejects (V): nothing inserted is fine. Ends the grants of what was ejected, takes back a one-time boot from CD that a
   * mount job set, and settles what was borrowed for it.
   */
  ejectMedia(input: {
    context: WorkContext
    server_id: string
    slot: 'all' | 'cd' | 'usb'
    only_iso_image_id: string | null
    clear_boot_once: boolean
    dry_run: boolean
  }): Promise<EjectedMedia>
}
