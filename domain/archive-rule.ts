/** One entry of an archive, as its directory tells it. */
export interface ArchiveEntry {
  name: string
  compressed_bytes: number
  size_bytes: number
  /** A link instead of a file. */
  is_link: boolean
}

/** More than any real archive unpacks to, of its own size. */
const MOST_RATIO = 200

/**
 * Why an archive is not to be trusted; null = it may be looked into. Names may not climb out of it, links are not followed
 * because none may be there, it may not unpack to far more than it is, and its entries may not share their bytes.
 */
export function whyBadArchive(entries: readonly ArchiveEntry[], size_bytes: number): string | null {
  const climbs = entries.find(({ name }) => /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes('..'))
  if (climbs) return 'The archive holds names that climb out of it.'
  if (entries.some(({ is_link }) => is_link)) return 'The archive holds links.'
  const sum = (of: (entry: ArchiveEntry) => number) => entries.reduce((total, entry) => total + of(entry), 0)
  if (sum(({ compressed_bytes }) => compressed_bytes) > size_bytes)
    return 'The entries of the archive share their bytes.'
  if (sum((entry) => entry.size_bytes) > MOST_RATIO * size_bytes)
    return `The archive would unpack to more than ${MOST_RATIO} times its size.`
  return null
}
