import { join } from 'node:path'
import type { ChildDeps } from './child.js'
import { WatchedProcess } from './child.js'
import { childEnvironment, type Wiring } from './child-environment.js'
import type { SupervisorConfig } from './config.js'
import { logFolder } from './data-directory.js'
import { openLogFile } from './log-file.js'
import { PROJECT_ROOT } from './project.js'

const PROGRAMS = { api: 'api/main.ts', worker: 'workers/main.ts' } as const
/** The worker may need a moment to hand back what it holds; what it does not hand back, its successor reads from the device. */
const STOP_MS = { api: 3_000, worker: 6_000 } as const

/** Prepares the API or the worker as a watched process; `start()` is the caller's. */
export function service(
  name: 'api' | 'worker',
  config: SupervisorConfig,
  wiring: Wiring,
  deps: Omit<ChildDeps, 'log'>,
): WatchedProcess {
  const log = openLogFile(join(logFolder(config.DATA_DIR), `${name}.log`), (line) => deps.console.child(name, line))
  const spec = {
    name,
    command: process.execPath,
    args: ['--import', 'tsx', PROGRAMS[name]],
    env: childEnvironment(config, wiring, name),
    cwd: PROJECT_ROOT,
    stopSignal: 'SIGTERM' as const,
    stopMs: STOP_MS[name],
  }
  return new WatchedProcess(spec, { ...deps, log })
}
