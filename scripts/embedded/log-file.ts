import { closeSync, copyFileSync, fstatSync, openSync, readSync, renameSync, truncateSync } from 'node:fs'

const ROTATE_AT_BYTES = 20 * 1024 * 1024
const KEPT_FILES = 10
const LOOK_EVERY_MS = 150

/**
 * The log file of a child process. Children write into it themselves, so that they outlive a killed supervisor;
 * the supervisor follows it line by line and keeps it small (10 files of 20 MB).
 */
export function openLogFile(path: string, onLine: (line: string) => void) {
  const writeFd = openSync(path, 'a', 0o600)
  const readFd = openSync(path, 'r')
  let position = fstatSync(readFd).size
  let rest = ''
  const recent: string[] = []
  const buffer = Buffer.alloc(64 * 1024)

  const look = () => {
    const size = fstatSync(readFd).size
    if (size < position) position = 0
    while (position < size) {
      const count = readSync(readFd, buffer, 0, buffer.length, position)
      if (count === 0) break
      position += count
      take(buffer.toString('utf8', 0, count))
    }
    if (size > ROTATE_AT_BYTES) rotate()
  }
  const take = (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') continue
      recent.push(line)
      if (recent.length > 30) recent.shift()
      onLine(line)
    }
  }
  const rotate = () => {
    for (let n = KEPT_FILES - 1; n >= 1; n--) {
      try {
        renameSync(`${path}.${n}`, `${path}.${n + 1}`)
      } catch {
        // that one does not exist yet
      }
    }
    copyFileSync(path, `${path}.1`)
    truncateSync(path, 0)
    position = 0
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    /** Descriptor for a child's output; opened for appending, so that cutting the file is safe. */
    fd: writeFd,
    path,
    /** The last lines, for the message about a process that died. */
    tail(count = 10): string[] {
      look()
      return recent.slice(-count)
    },
    close(): void {
      clearInterval(timer)
      look()
      closeSync(readFd)
      closeSync(writeFd)
    },
  }
}

export type LogFile = ReturnType<typeof openLogFile>
