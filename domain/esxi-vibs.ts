/** The name inside `vendor_bootbank_name_version`; an id of another form is its own name. */
function nameOf(vib: string): string {
  return /^[^_]+_[^_]+_(.+)_[^_]+$/.exec(vib)?.[1] ?? vib
}

/**
 * The packages that are gone after an update: the tool also calls removed what it replaces by another version of the same
 * name, and that is no loss.
 */
export function vibsGone(removed: readonly string[], installed: readonly string[]): string[] {
  const replaced = new Set(installed.map(nameOf))
  return removed.filter((vib) => !replaced.has(nameOf(vib)))
}
