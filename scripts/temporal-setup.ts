import { prepareNamespace } from './embedded/temporal-namespace.js'

/**
 * One-shot process: makes the namespace of the product ready on a Temporal server (namespace, retention, search
 * attributes). May be repeated. Arguments: address, namespace, and for TLS the files of CA, certificate and key.
 */
const [address, namespace, ca, certificate, key] = process.argv.slice(2)
if (!address || !namespace) {
  console.error('usage: temporal-setup.ts HOST:PORT NAMESPACE [CA_FILE [CERT_FILE KEY_FILE]]')
  process.exit(2)
}
try {
  const tls = ca === undefined ? {} : { tls: { ca, ...(certificate && key ? { certificate, key } : {}) } }
  await prepareNamespace({ address, namespace, ...tls })
  process.exit(0)
} catch (error) {
  console.error(`Temporal at ${address}: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
