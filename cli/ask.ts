import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { usage } from './exit-codes.js'

/** A password out of a file (`-` is the standard input), or asked for without showing it. Never an argument. */
export async function readPassword(question: string, file?: string): Promise<string> {
  if (file !== undefined) return passwordOfFile(file)
  if (!process.stdin.isTTY) throw usage('There is no terminal to ask for the password; use --password-file FILE.')
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await reader.question('')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}

function passwordOfFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw usage(`The password file cannot be read: ${(error as Error).message}`)
  }
}

/** Asks before something that cannot be taken back; --yes answers. @throws {Refusal} when the answer is no */
export async function confirm(yes: boolean, question: string): Promise<void> {
  if (yes) return
  if (!process.stdin.isTTY) throw usage(`${question} Say so with --yes.`)
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const said = await reader.question(`${question} [y/N] `)
  reader.close()
  if (!/^y(es)?$/i.test(said.trim())) throw usage('Nothing was done.')
}
