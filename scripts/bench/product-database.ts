import type { StartedProduct } from '../demo/product.js'
import { openCluster } from '../embedded/postgres-cluster.js'

/** Database URL of a system that a benchmark started, with the password from its data folder; as `postgres`, who may COPY. */
export async function databaseUrl(product: StartedProduct): Promise<string> {
  const { passwords } = await openCluster(product.dataDir)
  const url = new URL(product.endpoints.database)
  url.username = 'postgres'
  url.password = passwords.postgres
  return url.toString()
}
