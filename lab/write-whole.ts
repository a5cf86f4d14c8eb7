/** Replaces a file as a whole: whoever reads it, also after a crash, sees the old text or the new one. */
import { renameSync, writeFileSync } from 'node:fs'

/** Writes beside it and renames; mode 0600. */
export function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}.new`
  writeFileSync(beside, text, { mode: 0o600 })
  renameSync(beside, file)
}
