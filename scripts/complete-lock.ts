import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT_ROOT } from './embedded/project.js'
import { completeLock, type LockFile, missingOptionals } from './testing/lock-file.js'

/** Run after `npm install` where the registry holds only some platforms: else `npm ci` refuses the lock file everywhere. */
const path = join(PROJECT_ROOT, 'package-lock.json')
const lock = JSON.parse(await readFile(path, 'utf8')) as LockFile
const missing = missingOptionals(lock)
await writeFile(path, `${JSON.stringify(completeLock(lock), null, 2)}\n`)
console.log(
  missing.length === 0 ? 'The lock file is complete.' : `Added: ${missing.map(({ name }) => name).join(', ')}`,
)
