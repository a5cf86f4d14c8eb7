import { X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export interface TestCertificate {
  key: string
  cert: string
  /** SHA-256 of the DER, lower-case hex. */
  sha256: string
}

/** A throw-away certificate for 127.0.0.1. Each call gives another one. */
export async function makeCertificate(): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: 'idrac-TEST' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const sha256 = new X509Certificate(made.cert).fingerprint256.replaceAll(':', '').toLowerCase()
  return { key: made.private, cert: made.cert, sha256 }
}
