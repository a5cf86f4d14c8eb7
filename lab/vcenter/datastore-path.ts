/** A glob of `*` and `?` as a test for file names, whatever the case where the search says so. */
export function globMatches(pattern: string, name: string, ignoreCase: boolean): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '').test(name)
}

/** `[ds] dir/sub/` → datastore and folder without slashes at its ends; undefined where it is no datastore path. */
export function readDatastorePath(path: string): { datastore: string; folder: string } | undefined {
  const match = /^\[([^\]]+)\]\s*(.*)$/.exec(path.trim())
  if (!match) return undefined
  return { datastore: match[1] ?? '', folder: (match[2] ?? '').replace(/^\/+|\/+$/g, '') }
}

/** Folder part of a path below the datastore; empty for the root. */
export const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/')

/** `[ds] dir/` as a real vCenter prints a folder. */
export const printFolder = (datastore: string, folder: string): string =>
  folder === '' ? `[${datastore}]` : `[${datastore}] ${folder}/`
