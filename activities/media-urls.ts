import { randomBytes } from 'node:crypto'
import { readMediaSettings } from '../db/stores/settings.js'
import { servedName } from '../domain/media-slots.js'
import type { Deps } from './deps.js'

/** A path part that nobody guesses. */
export const newMediaToken = (): string => randomBytes(24).toString('base64url')

/** Where devices reach the media server: the setting, else the configuration of this process; null when neither says. */
export async function mediaBaseUrl(deps: Deps): Promise<string | null> {
  const { base_url } = await readMediaSettings(deps.db)
  return base_url?.replace(/\/+$/, '') ?? deps.media.base_url
}

/** The address of a file of ours, under its own token or that of a grant. */
export function mediaUrl(base_url: string, token: string, filename: string, kind: string): string {
  return `${base_url}/m/${token}/${encodeURIComponent(servedName(filename, kind))}`
}

/** The token in an address of ours, as a device shows it; null when it is none of ours. */
export function tokenIn(url: string | null): string | null {
  return /\/m\/([A-Za-z0-9_-]{20,100})\/[^/]+$/.exec(url ?? '')?.[1] ?? null
}

/** Where our media server serves a file of the store to devices; null where this site has none. */
export async function servedUrl(deps: Deps, token: string, filename: string, kind: string): Promise<string | null> {
  const base_url = await mediaBaseUrl(deps)
  return base_url === null ? null : mediaUrl(base_url, token, filename, kind)
}
