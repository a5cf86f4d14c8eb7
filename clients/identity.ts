/** Who answered: what a certificate or host key says, before any secret is sent. */
export interface SeenIdentity {
  protocol: 'tls' | 'ssh'
  /** SHA-256 of the DER certificate or of the SSH public key blob, lower-case hex. */
  sha256: string
  algorithm?: string
  subject?: string
  issuer?: string
  not_before?: string
  not_after?: string
  /** True when a configured CA signed it and the name fits (TLS only). */
  trusted_by_ca: boolean
}

/**
 * Decides about the peer after the handshake and before the first byte of a request.
 * Resolves when the peer may be spoken to; throws a `DeviceError` (`TlsIdentityChanged`, `TlsIdentityPending`,
 * `SshIdentityChanged`, `SshIdentityPending`) when not. Mandatory: there is no client without it.
 */
export type IdentityCheck = (seen: SeenIdentity) => Promise<void>
