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
