/** Starts a whole lab from its configuration and stops it again; main.ts only reads the environment and the signals. */
import { readdress } from './addresses.js'
import type { LabConfig } from './config.js'
import { startControl } from './control.js'
import type { Face, LabCore } from './core.js'
import { createLab, firstSettingsOf, type Lab } from './create-core.js'
import { catalogUrl, depotBase, firmwareUrl } from './depot-url.js'
import { catalogFiles } from './firmware/catalog.js'
import { firmwareFiles } from './firmware/packages.js'
import type { SimSite } from './model.js'
import { buildSite } from './site/build-site.js'
import { forgetState, isKept, type LabFolder, loadState, openFolder, saveState } from './store.js'
import type { SiteExtras } from './views.js'
import { openDepot, type WebDepot } from './web-depot.js'

export type StartFace = (core: LabCore) => Promise<Face>

export interface RunningLab {
  readonly url: string
  readonly lab: Lab
  /** Closes everything and writes the state, within two seconds. */
  stop(): Promise<void>
}

const SAVE_EVERY_MS = 1000

/** Rejects with BadConfig, UnknownSite, NoAddress or the system's error for a port. */
export async function runLab(config: LabConfig, faces: readonly StartFace[]): Promise<RunningLab> {
  const folder = openFolder(config.data_dir)
  const kept = config.embedded && isKept(config.site)
  const saved = kept ? loadState(folder.state, config.site, config.seed) : null
  const depot = await openDepot(saved?.state.shift ?? 0)
  const state = saved ? moved(saved.state, depot.shift) : buildSite(config.site, config.seed, depot.shift, Date.now())
  if (kept && !saved) forgetState(folder)
  const lab = createLab({
    state,
    firstSettings: saved?.first_settings ?? firstSettingsOf(state),
    speed: config.speed,
    files: { keys: folder.keys, ledger: kept ? folder.ledger : null },
  })
  const extras: SiteExtras = { catalogs: serveDepot(depot, state), openmanage: [], directories: [], sinks: [] }
  depot.failBy((method, path) => lab.rules.meet({ device: 'web-depot', kind: 'http', method, path }, 'idle', null))
  const started: Face[] = []
  for (const start of faces) started.push(await start(lab))
  lab.agenda.start()
  const save = (): void => write(lab, folder, kept)
  const control = await startControl(config.port, {
    lab,
    extras: () => Object.assign({}, extras, ...started.map((face) => face.extras?.())),
    messages: () => [],
    reset: async () => {
      lab.replace(buildSite(config.site, config.seed, depot.shift, Date.now()))
      for (const face of started) await face.reset?.()
      save()
    },
  })
  save()
  const timer = setInterval(save, SAVE_EVERY_MS)
  return {
    lab,
    url: `http://127.0.0.1:${control.port}`,
    async stop() {
      clearInterval(timer)
      lab.clock.stop()
      lab.holds.releaseAll()
      await Promise.all([control.close(), depot.close(), ...started.map((face) => face.close())])
      save()
    },
  }
}

function write(lab: Lab, folder: LabFolder, kept: boolean): void {
  lab.keys.flush()
  if (!kept) return
  lab.ledger.flush()
  saveState(folder.state, lab.snapshot(), lab.firstSettings)
}

/** A restored site on other second octets, because another lab has taken the old ones. */
function moved(state: SimSite, shift: number): SimSite {
  if (state.shift === shift) return state
  for (const server of state.servers) server.idrac.address = readdress(server.idrac.address, state.shift, shift)
  for (const vcenter of state.vcenters) vcenter.address = readdress(vcenter.address, state.shift, shift)
  for (const host of state.hosts) {
    host.address = readdress(host.address, state.shift, shift)
    host.ssh.address = host.address
  }
  for (const directory of state.directories) directory.address = readdress(directory.address, state.shift, shift)
  for (const file of state.firmware) file.url = firmwareUrl(shift, file.file_name)
  state.shift = shift
  return state
}

/** Puts packages and catalogue on the web; answers what `/lab/site` says of the catalogue. */
function serveDepot(depot: WebDepot, state: SimSite): SiteExtras['catalogs'] {
  const models = new Set(state.servers.map((server) => server.model))
  const packages = firmwareFiles(models, (name) => firmwareUrl(depot.shift, name))
  const catalogs = catalogFiles(depotBase(depot.shift), packages)
  depot.serve([...packages.map(({ file, bytes }) => ({ file_name: file.file_name, bytes })), ...catalogs])
  return catalogs.map(({ file_name }) => ({ file_name, url: catalogUrl(depot.shift, file_name) }))
}
