import { join } from 'node:path'
import { lastLine, runCommand } from '../../../scripts/embedded/run-command.js'
import { FOREIGN_CACHE, FOREIGN_FOLDER, installed } from './cache.js'
import { had, missing, type Part } from './part.js'

const SOURCE = join(FOREIGN_FOLDER, 'go')
const PINS = ['go.mod', 'go.sum', 'govc/main.go', 'vcsim/main.go'].map((file) => join(SOURCE, file))
const BUILD_MS = 900_000

/** The programs of the module `go/`, which brings govmomi in the version and with the checksums of its go.sum. */
async function goPrograms(): Promise<Part> {
  return installed({
    name: 'govmomi',
    folder: 'go-bin',
    pins: PINS,
    install: async (folder) => {
      const asked = await runCommand('go', ['env', 'GOPROXY'], { timeoutMs: 20_000 })
      if (asked.code !== 0) return `no Go (${lastLine(asked.output)})`
      // After a miss Go would ask the hosts of the sources themselves, which hangs where only a proxy is reachable.
      const proxy = asked.output.trim().split(/[,|]/)[0] || 'off'
      const cache = join(FOREIGN_CACHE, 'go')
      const build = await runCommand('go', ['build', '-p', '2', '-trimpath', '-o', `${folder}/`, './...'], {
        cwd: SOURCE,
        timeoutMs: BUILD_MS,
        env: {
          ...process.env,
          GOPROXY: proxy,
          GOFLAGS: '-modcacherw -buildvcs=false -mod=readonly',
          GOTOOLCHAIN: 'local',
          GOMODCACHE: join(cache, 'mod'),
          GOCACHE: join(cache, 'build'),
        },
      })
      return build.code === 0 ? null : `go build: ${lastLine(build.output)}`
    },
  })
}

/** A program of the module by its name: `govc` or `vcsim`. */
export async function goProgram(name: 'govc' | 'vcsim'): Promise<Part> {
  const built = await goPrograms()
  return built.ready ? had(name, join(built.path, name)) : missing(name, built.reason)
}
