import { ApiClient } from '../../scripts/demo/api-client.js'
import { LabClient } from '../../scripts/demo/lab-client.js'
import { newDataDirectory, removeData, type StartedProduct, startProduct } from '../../scripts/demo/product.js'
import type { ProcessName } from '../../scripts/embedded/data-directory.js'
import { identify } from '../../scripts/embedded/process-identity.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'

/** The whole system, started as a user would, on ports and in a folder of its own. */
export interface TestSystem {
  product: StartedProduct
  lab: LabClient
  /** A client that has signed in as admin. */
  signIn: () => Promise<ApiClient>
  /** SIGKILL to one process, named as its pid file. */
  kill: (name: ProcessName) => Promise<number>
  /** Resolves when the process runs under another pid than `oldPid`. */
  back: (name: ProcessName, oldPid: number) => Promise<number>
  /** SIGKILL to everything but the lab, the supervisor first, so that it repairs nothing. */
  killEverything: () => Promise<void>
  /** Stops it and removes its data; resolves with the supervisor's exit code. */
  end: () => Promise<number | null>
}

const OWN_PORTS = { PORT: '0', LAB_PORT: '0', METRICS_PORT: '0', MEDIA_SERVER_PORT: '0', TEMPORAL_UI_PORT: '0' }

/** Starts the system on the simulated site. Extra variables win over the defaults of tests. */
export async function startSystem(options: { env?: NodeJS.ProcessEnv; dataDir?: string } = {}): Promise<TestSystem> {
  const dataDir = options.dataDir ?? (await newDataDirectory('dsm-test-'))
  const env = {
    ...process.env,
    ...OWN_PORTS,
    LAB: 'on',
    LAB_SITE: 'small',
    LAB_SPEED: '300',
    LOG_FORMAT: 'json',
    ...options.env,
  }
  return systemOf(await startProduct({ dataDir, env }))
}

function systemOf(product: StartedProduct): TestSystem {
  const kill = async (name: ProcessName) => {
    const pid = await waitUntil(() => product.pid(name), 30_000, 100)
    if (!pid) throw new Error(`no running ${name}`)
    process.kill(pid, 'SIGKILL')
    return pid
  }
  const back = async (name: ProcessName, oldPid: number) => {
    const pid = await waitUntil(
      async () => ((await product.pid(name)) === oldPid ? undefined : product.pid(name)),
      60_000,
      50,
    )
    if (!pid) throw new Error(`${name} did not come back`)
    return pid
  }
  return {
    product,
    lab: new LabClient(product.endpoints.lab ?? ''),
    signIn: async () => {
      const api = new ApiClient(product.endpoints.api)
      await api.signIn('admin', await product.adminPassword())
      return api
    },
    kill,
    back,
    killEverything: async () => {
      const pids: number[] = []
      for (const name of ['start', 'api', 'worker', 'temporal', 'postgres'] as const) {
        const pid = await product.pid(name)
        if (pid) pids.push(pid)
      }
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      await waitUntil(() => pids.every((pid) => identify(pid) === undefined), 10_000, 20)
    },
    end: async () => {
      const code = await product.stop()
      await removeData(product)
      return code
    },
  }
}
