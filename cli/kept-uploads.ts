import { mkdirSync, readFileSync, realpathSync, renameSync, type Stats, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Uploads that are under way, so that the same command goes on with them after a Ctrl-C: id by what is sent where. */
export interface KeptUploads {
  find(): string | undefined
  keep(id: string): void
  forget(): void
}

/** A file that was changed meanwhile is another upload: size and time are part of what it is known by. */
export function keptUploads(login_file: string, server: string, path: string, file: Stats): KeptUploads {
  const place = join(dirname(login_file), 'uploads.json')
  const key = [server, realpathSync(path), file.size, file.mtimeMs].join(' ')
  const change = (edit: (all: Record<string, string>) => void) => {
    const all = readAll(place)
    edit(all)
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 })
    const fresh = `${place}.${process.pid}`
    writeFileSync(fresh, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
    renameSync(fresh, place)
  }
  return {
    find: () => readAll(place)[key],
    keep: (id) =>
      change((all) => {
        all[key] = id
      }),
    forget: () =>
      change((all) => {
        delete all[key]
      }),
  }
}

/** None when there is no file, or one that nobody can read: an upload then begins anew. */
function readAll(place: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(place, 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}
