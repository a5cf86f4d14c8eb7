/**
 * The append-only record of every request that a device received: the judge of what really happened. A row is made
 * when the whole request is there (status 0), and gets its status and effect when they are known, so that a client
 * that was killed leaves its row too.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'

export type DeviceKind = 'redfish' | 'soap' | 'ssh' | 'ome' | 'ldap' | 'http'

export interface LedgerRow {
  seq: number
  /** real time, RFC 3339 */
  at: string
  /** simulated time, RFC 3339 */
  sim_at: string
  /** the device's name in `/lab/site` */
  device: string
  kind: DeviceKind
  /** HTTP method; `POST` for SOAP, `EXEC` for SSH */
  method: string
  /** Redfish path; for SOAP the operation, for SSH the command */
  path: string
  /** changes the device or the vCenter, whatever the method */
  mutation: boolean
  /** HTTP status, exit code for SSH; 0 = no answer was made (yet) */
  status: number
  /** what it changed, one short line */
  effect?: string
}

export type NewLedgerRow = Pick<LedgerRow, 'device' | 'kind' | 'method' | 'path' | 'mutation'> & {
  status?: number
  effect?: string
}

export interface Ledger {
  /** Appends a row; the object stays live: set `status` and `effect` through `settle`. */
  append(row: NewLedgerRow): LedgerRow
  /** Sets what came out of it. */
  settle(row: LedgerRow, status: number, effect?: string): void
  /** Rows with seq > since, oldest first, filtered. */
  read(filter: { since: number; device?: string; mutations?: boolean }): LedgerRow[]
  /** The highest seq there is. */
  readonly last: number
  /** Writes what is new to disk, if the ledger is persistent. */
  flush(): void
  /** Forgets everything (reset). */
  clear(): void
}

interface LedgerOptions {
  /** JSON lines; null = in memory only */
  file: string | null
  simIso: () => string
}

/** Makes a ledger; with a file it begins with what the file holds. */
export function createLedger({ file, simIso }: LedgerOptions): Ledger {
  const rows: LedgerRow[] = file ? load(file) : []
  const firstSeq = rows[0]?.seq ?? 1
  let last = rows.at(-1)?.seq ?? 0
  const dirty = new Set<LedgerRow>()

  return {
    get last() {
      return last
    },
    append(row) {
      last += 1
      const full: LedgerRow = {
        seq: last,
        at: new Date().toISOString(),
        sim_at: simIso(),
        ...row,
        status: row.status ?? 0,
      }
      rows.push(full)
      if (file) dirty.add(full)
      return full
    },
    settle(row, status, effect) {
      row.status = status
      if (effect !== undefined) row.effect = effect
      if (file) dirty.add(row)
    },
    read({ since, device, mutations }) {
      const from = Math.max(0, Math.floor(since) - firstSeq + 1)
      return rows.slice(from).filter((row) => (!device || row.device === device) && (!mutations || row.mutation))
    },
    flush() {
      if (!file || dirty.size === 0) return
      const text = [...dirty].map((row) => `${JSON.stringify(row)}\n`).join('')
      dirty.clear()
      appendFileSync(file, text)
    },
    clear() {
      rows.length = 0
      dirty.clear()
      last = 0
      if (file) rmSync(file, { force: true })
    },
  }
}

/** Reads JSON lines; a later line of the same seq replaces the earlier one; a torn last line is left out. */
function load(file: string): LedgerRow[] {
  if (!existsSync(file)) return []
  const bySeq = new Map<number, LedgerRow>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line) continue
    try {
      const row = JSON.parse(line) as LedgerRow
      bySeq.set(row.seq, row)
    } catch {
      // a line that was being written when the process was killed
    }
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}
