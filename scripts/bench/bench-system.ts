import { ApiClient } from '../demo/api-client.js'
import { LabClient, type LabSite } from '../demo/lab-client.js'
import { onboardSite } from '../demo/onboard.js'
import { newDataDirectory, removeData, type StartedProduct, startProduct } from '../demo/product.js'
import { loadConfig } from '../embedded/config.js'

export interface BenchSystem {
  product: StartedProduct
  api: ApiClient
  lab: LabClient
  site: LabSite
}

const ANY_PORT = { PORT: '0', LAB_PORT: '0', METRICS_PORT: '0', MEDIA_SERVER_PORT: '0', TEMPORAL_UI_PORT: '0' }

/** Starts a system of its own on the simulated site and signs in; `onboard` also registers the site's devices. */
export async function startBenchSystem(labSite: string, labSpeed: number, onboard: boolean): Promise<BenchSystem> {
  const { DATABASE_URL: _1, TEMPORAL_ADDRESS: _2, LAB_URL: _3, ...own } = loadConfig().inherited
  const env = { ...own, ...ANY_PORT, LAB: 'on', LAB_SITE: labSite, LAB_SPEED: String(labSpeed), LOG_LEVEL: 'warn' }
  const product = await startProduct({ dataDir: await newDataDirectory('dsm-bench-'), env })
  const api = new ApiClient(product.endpoints.api)
  await api.signIn('admin', await product.adminPassword())
  const lab = new LabClient(product.endpoints.lab ?? '')
  const site = await lab.site()
  if (onboard) await onboardSite(api, site, () => {})
  return { product, api, lab, site }
}

/** Stops a system of a benchmark and removes what it left. */
export async function endBenchSystem({ product }: BenchSystem): Promise<void> {
  await product.stop()
  await removeData(product)
}
