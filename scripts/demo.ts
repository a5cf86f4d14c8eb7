import { ApiClient } from './demo/api-client.js'
import { unleashChaos } from './demo/chaos.js'
import { LabClient, newestFirmware, newestImage } from './demo/lab-client.js'
import { createLiveTable } from './demo/live-table.js'
import { clusterIdOf, onboardSite, takePackage } from './demo/onboard.js'
import { type DemoOptions, OptionError, readOptions } from './demo/options.js'
import { newDataDirectory, removeData, type StartedProduct, startProduct } from './demo/product.js'
import { judgeRun, printVerdict, type Wanted } from './demo/verdict.js'
import { loadConfig } from './embedded/config.js'

/**
 * `npm run demo`: the main job on real wires. Brings the whole system up, discovers the simulated site, and runs a
 * rolling update (ESXi, then BIOS) on its cluster through the REST API. Exit code 0 when the simulated site's own
 * records agree with what the product says.
 */
const CLUSTER = 'Prod-A'
const MAX_UNAVAILABLE = 1
const JOB_LIMIT_MS = 60 * 60_000

const say = (text: string) => console.log(text)
let product: StartedProduct | undefined
/** A folder that the operator named is never removed. */
let temporaryData = false

async function main(options: DemoOptions): Promise<boolean> {
  const started = await bringUp(options)
  product = started
  say(
    `System is up after ${(started.readyAfterMs / 1000).toFixed(1)} s: ${started.endpoints.api} (log: ${started.logFile})`,
  )
  const api = new ApiClient(started.endpoints.api)
  await api.signIn('admin', await started.adminPassword())
  const lab = new LabClient(started.endpoints.lab ?? '')
  const site = await lab.site()
  await onboardSite(api, site, say)

  const tags =
    site.vcenters
      .flatMap((vcenter) => vcenter.clusters)
      .find(({ name }) => name === CLUSTER)
      ?.hosts.map((host) => host.service_tag) ?? []
  const firmware = newestFirmware(site, tags, 'bios')
  const packageId = await takePackage(api, firmware)
  const image = newestImage(site)
  say(
    `To bring: ESXi ${image.version} build ${image.build}, then BIOS ${firmware.version}, to ${tags.length} hosts of ${CLUSTER}\n`,
  )

  const wanted: Wanted = {
    cluster: CLUSTER,
    serviceTags: tags,
    build: String(image.build),
    firmware,
    maxUnavailable: MAX_UNAVAILABLE,
  }
  const before = await lab.state()
  const details = {
    order: 'esxi_first',
    esxi: { depot_path: image.depot_path, profile_name: image.name },
    firmware: { firmware_source: 'local', package_ids: [packageId] },
    max_unavailable: MAX_UNAVAILABLE,
  }
  const job = await roll(api, started, details, options)
  say(`\nVerdict, against the simulated site's own records:`)
  return printVerdict(await judgeRun(job, lab, before, wanted), say)
}

async function bringUp(options: DemoOptions): Promise<StartedProduct> {
  const config = loadConfig()
  const { inherited } = config
  temporaryData = !inherited.DATA_DIR
  const dataDir = temporaryData ? await newDataDirectory('dsm-demo-') : config.DATA_DIR
  const anyPort = { PORT: '0', LAB_PORT: '0', METRICS_PORT: '0', MEDIA_SERVER_PORT: '0', TEMPORAL_UI_PORT: '0' }
  const site = {
    LAB: 'on',
    LAB_SITE: options.hosts === 4 ? 'small' : `small:${options.hosts}`,
    LAB_SPEED: String(options.speed),
  }
  // The demo is about the embedded parts: what points elsewhere is left out.
  const { DATABASE_URL: _1, TEMPORAL_ADDRESS: _2, LAB_URL: _3, ...own } = inherited
  return startProduct({
    dataDir,
    env: { ...own, ...anyPort, ...site, LOG_FORMAT: 'pretty' },
    onLine: (line) => say(`  ${line}`),
  })
}

async function roll(api: ApiClient, started: StartedProduct, details: object, options: DemoOptions) {
  const { id } = await api.createJob('rolling_update', { cluster_ids: [await clusterIdOf(api, CLUSTER)] }, details)
  const table = createLiveTable(process.stdout)
  const chaos = options.chaos ? unleashChaos(started, (text) => say(`\n  ${text}\n`)) : undefined
  const job = await api.waitForEnd(id, JOB_LIMIT_MS, async (seen) =>
    table.draw(seen, await api.list(`/jobs/${id}/tasks`)),
  )
  const kills = await chaos?.end()
  if (kills !== undefined) say(`The worker was killed ${kills} times.`)
  return job
}

async function finish(good: boolean, keep: boolean): Promise<void> {
  if (product && keep) {
    say(`\nThe system keeps running: ${product.endpoints.api}, user admin, password ${await product.adminPassword()}`)
    say(`Stop it with: kill ${await product.pid('start')}`)
  } else if (product) {
    await product.stop()
    if (good && temporaryData) await removeData(product)
    else say(`Data and logs are kept: ${product.dataDir}, ${product.logFile}`)
  }
  process.exit(good ? 0 : 1)
}

try {
  const options = readOptions(process.argv.slice(2))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void finish(false, false))
  const good = await main(options).catch((error: unknown) => {
    say(`\n${error instanceof Error ? error.message : String(error)}`)
    return false
  })
  await finish(good, options.keep)
} catch (error) {
  console.error(error instanceof OptionError ? error.message : error)
  process.exit(2)
}
