import { type CliAnswer, type CliFormat, formatAnswer } from './esxcli-format.js'
import { HARDWARE_COMMANDS } from './esxcli-hardware.js'
import { type CliOptions, readOptions } from './esxcli-options.js'
import { SOFTWARE_COMMANDS } from './esxcli-software.js'
import { SYSTEM_COMMANDS } from './esxcli-system.js'
import type { Program, ProgramContext } from './program.js'

/** One command of esxcli. */
export type CliCommand = (options: CliOptions, context: ProgramContext) => CliAnswer | Promise<CliAnswer>

const COMMANDS: Record<string, CliCommand> = { ...SYSTEM_COMMANDS, ...HARDWARE_COMMANDS, ...SOFTWARE_COMMANDS }
const FORMATS = new Set(['json', 'csv', 'keyvalue'])

/**
 * esxcli: global options stand before the namespace, the command's own behind it.
 * Exit code 1 with the reason for anything that it does not do.
 */
export const esxcli: Program = async (args, context) => {
  const { format, rest } = globalOptions(args)
  if (format === undefined) {
    context.streams.err('Error: Unknown formatter\n')
    return 1
  }
  const words = rest.slice(0, rest.findIndex((word) => word.startsWith('-')) >>> 0)
  const name = words.join(' ')
  const command = COMMANDS[name]
  if (!command) {
    context.streams.err(unknown(words))
    return 1
  }
  const answer = await command(readOptions(rest.slice(words.length)), context)
  if (answer.kind === 'failure') {
    context.streams.out(answer.text)
    return 1
  }
  context.streams.out(formatAnswer(answer, format))
  return 0
}

function globalOptions(args: string[]): { format: CliFormat | undefined; rest: string[] } {
  let format: CliFormat | undefined = 'text'
  let index = 0
  for (; index < args.length && args[index]?.startsWith('-'); index += 1) {
    const match = /^--formatter(?:=(.*))?$/.exec(args[index] ?? '')
    if (!match) continue
    if (match[1] === undefined) index += 1
    const wanted = match[1] ?? args[index] ?? ''
    format = FORMATS.has(wanted) ? (wanted as CliFormat) : undefined
  }
  return { format, rest: args.slice(index) }
}

function unknown(words: string[]): string {
  const known = Object.keys(COMMANDS)
  const last = words.findIndex(
    (_, index) => !known.some((name) => `${name} `.startsWith(`${words.slice(0, index + 1).join(' ')} `)),
  )
  if (last < 0) return `Usage: esxcli ${words.join(' ')} {cmd} [cmd options]\n`
  return `Error: Unknown command or namespace ${words.slice(0, last + 1).join(' ')}\n\n`
}
