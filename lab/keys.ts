import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { selfSigned } from './certificate.js'
import { writeWhole } from './write-whole.js'

/**
 * Certificates and SSH host keys of the devices. They lie in `DATA_DIR/lab` and survive every restart and reset, so
 * that pins hold. EC P-256 for TLS, made when a device is first asked for its key (about a millisecond each).
 */
export interface TlsIdentity {
  /** PEM */
  key: string
  /** PEM, self-signed */
  cert: string
}

export interface Keys {
  /** Certificate of a device, by name; made once. `commonName` and addresses only count when it is made. */
  tls(device: string, facts: { common_name: string; addresses: string[]; organisation?: string }): TlsIdentity
  /** A new certificate instead of the old one (personality `certificate_changes`). */
  renewTls(device: string, facts: { common_name: string; addresses: string[]; organisation?: string }): TlsIdentity
  /** SSH host key (OpenSSH or PEM text that ssh2 reads), by host name; made once. */
  sshHostKey(host: string): string
  /** A new host key instead of the old one. */
  renewSshHostKey(host: string): string
  /** Writes new keys to disk. */
  flush(): void
}

interface KeyFile {
  tls: Record<string, TlsIdentity>
  ssh: Record<string, string>
}

const DAY_MS = 86_400_000

/** Makes the keys kept in `file` (JSON, readable by its owner only); null keeps them in memory. */
export function createKeys(file: string | null): Keys {
  const keys: KeyFile =
    file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KeyFile) : { tls: {}, ssh: {} }
  let dirty = false
  /** Soon, not at the next save: a client pins a certificate at first sight, so a killed lab must not lose it. */
  const changed = (): void => {
    if (!dirty) setImmediate(flush)
    dirty = true
  }
  const flush = (): void => {
    if (!file || !dirty) return
    dirty = false
    writeWhole(file, JSON.stringify(keys))
  }

  const renewTls: Keys['renewTls'] = (device, facts) => {
    const identity = selfSigned({ organisation: 'Dell Inc.', ...facts, not_before: new Date(Date.now() - DAY_MS) })
    keys.tls[device] = identity
    changed()
    return identity
  }
  const renewSshHostKey: Keys['renewSshHostKey'] = (host) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const pem = privateKey.export({ type: 'sec1', format: 'pem' }).toString()
    keys.ssh[host] = pem
    changed()
    return pem
  }
  return {
    tls: (device, facts) => keys.tls[device] ?? renewTls(device, facts),
    renewTls,
    sshHostKey: (host) => keys.ssh[host] ?? renewSshHostKey(host),
    renewSshHostKey,
    flush,
  }
}
