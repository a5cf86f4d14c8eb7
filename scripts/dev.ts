import { type ChildProcess, spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig } from './embedded/config.js'
import { runFolder } from './embedded/data-directory.js'
import { PROJECT_ROOT } from './embedded/project.js'

/**
 * `npm run dev`: as `npm start`; a changed file ends the process that uses it, and the supervisor starts it again on
 * the same port. The lab is never restarted: the state of its devices would be a surprise.
 */
const USERS: Record<string, Array<'api' | 'worker'>> = {
  api: ['api'],
  workers: ['worker'],
  activities: ['worker'],
  clients: ['worker'],
  workflows: ['api', 'worker'],
  domain: ['api', 'worker'],
  db: ['api', 'worker'],
}
const SETTLE_MS = 200

const config = loadConfig()
const supervisor: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
  cwd: PROJECT_ROOT,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => supervisor.kill(signal))
supervisor.once('exit', (code) => process.exit(code ?? 1))

const due = new Set<'api' | 'worker'>()
let timer: NodeJS.Timeout | undefined
for (const [folder, users] of Object.entries(USERS)) {
  watch(join(PROJECT_ROOT, folder), { recursive: true }, (_, file) => {
    if (!file?.endsWith('.ts')) return
    for (const user of users) due.add(user)
    clearTimeout(timer)
    timer = setTimeout(() => void restartDue(`${folder}/${file}`), SETTLE_MS)
  })
}

async function restartDue(cause: string): Promise<void> {
  const names = [...due]
  due.clear()
  console.log(`${cause} changed: ${names.join(' and ')} start again`)
  for (const name of names) {
    const pid = Number(await readFile(join(runFolder(config.DATA_DIR), `${name}.pid`), 'utf8').catch(() => ''))
    if (pid > 1) process.kill(pid, 'SIGTERM')
  }
}
