import type { SimDatastore, SimDepot, SimImage } from '../model-vsphere.js'
import type { ProgramContext } from './program.js'

/** What esxcli finds at the path of an offline bundle. */
export type DepotAnswer = { ok: true; profiles: SimImage[] } | { ok: false; text: string }

/**
 * Opens an offline bundle as esxcli does: an absolute path to a zip on a volume. Failures carry esxcli's own words.
 * A relative path is looked for in the log directory, a URL cannot be reached, a zip without an index is no bundle.
 */
export function openDepot(path: string, context: ProgramContext): DepotAnswer {
  if (/^https?:/.test(path)) {
    return failed(
      `Could not download from depot at ${path}, skipping (('${path}', '', '<urlopen error timed out>'))`,
      path,
    )
  }
  const absolute = path.startsWith('/') ? path : `/var/log/vmware/${path}`
  const { files } = context
  const entry = files.find(absolute)
  if (entry?.kind !== 'file') {
    return noIndex(absolute, `[Errno 2] No such file or directory: '${absolute}'`)
  }
  const place = files.datastoreOf(files.resolve(absolute))
  const depot = place && depotAt(context.core.state.depots, place.datastore, place.path)
  if (depot) return { ok: true, profiles: depot.profiles }
  const reason = /\.zip$/i.test(absolute)
    ? `"There is no item named 'index.xml' in the archive"`
    : 'File is not a zip file'
  return noIndex(absolute, reason)
}

/** The bundle at a place; a copy of a known one under another name is the same bundle when it has the same bytes. */
function depotAt(depots: readonly SimDepot[], datastore: SimDatastore, path: string): SimDepot | undefined {
  const exact = depots.find((one) => one.datastore === datastore.name && one.path === path)
  if (exact) return exact
  const copy = datastore.files.find((file) => file.path === path)
  return depots.find((one) => copy !== undefined && one.size_bytes === copy.size_bytes && sameName(one.path, path))
}

const sameName = (a: string, b: string): boolean => a.split('/').at(-1) === b.split('/').at(-1)

function noIndex(path: string, reason: string): DepotAnswer {
  return failed(
    `Could not download from depot at zip:${path}?index.xml, skipping (('zip:${path}?index.xml', '', "Error extracting index.xml from ${path}: ${reason}"))`,
    `zip:${path}?index.xml`,
  )
}

const failed = (text: string, url: string): DepotAnswer => ({
  ok: false,
  text: cliError('MetadataDownloadError', [text], { url }),
})

/** A failure of the image tools: a blank, the class in brackets, text, `key = value` lines, and where the log is. */
export function cliError(errorClass: string, lines: string[], facts: Record<string, string> = {}): string {
  const rows = [
    `[${errorClass}]`,
    ...lines,
    ...Object.entries(facts).map(([name, value]) => `      ${name} = ${value}`.replace(/^ {6}/, '')),
    'Please refer to the log file for more details.',
  ]
  return `${rows.map((row) => ` ${row}`).join('\n')}\n`
}
