import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { newDataDirectory } from '../../scripts/demo/product.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'
import { ROOT } from './source-files.js'

/** A simulated site in a process of its own, which no test of the product kills. */
export interface OwnLab {
  url: string
  end: () => Promise<void>
}

/** Starts `npm run lab`'s own program on a free port. Throws with what it printed when it is not ready in a minute. */
export async function startOwnLab(env: NodeJS.ProcessEnv = {}): Promise<OwnLab> {
  const dataDir = await newDataDirectory('dsm-own-lab-')
  const child = spawn(process.execPath, ['--import', 'tsx', 'lab/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir, LAB_PORT: '0', LAB_SITE: 'small', LAB_SPEED: '300', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const url = await waitUntil(() => /LAB READY (http:\S+)/.exec(text)?.[1], 60_000)
  if (!url) throw new Error(`no LAB READY: ${text}`)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  return {
    url,
    end: async () => {
      child.kill('SIGTERM')
      await exited
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
