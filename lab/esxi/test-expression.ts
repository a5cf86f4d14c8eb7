import type { HostFiles } from './host-files.js'

/** Evaluates `test` and `[`: files, strings, integers, `!`, `-a`, `-o`. Answers the exit code: 0 true, 1 false, 2 wrong. */
export function evaluateTest(args: string[], files: HostFiles): number {
  const or = splitAt(args, '-o')
  if (or) return evaluateTest(or[0], files) === 0 || evaluateTest(or[1], files) === 0 ? 0 : 1
  const and = splitAt(args, '-a')
  if (and) return evaluateTest(and[0], files) === 0 && evaluateTest(and[1], files) === 0 ? 0 : 1
  if (args[0] === '!' && args.length > 1) return evaluateTest(args.slice(1), files) === 0 ? 1 : 0
  const result = primary(args, files)
  return result === undefined ? 2 : result ? 0 : 1
}

function splitAt(args: string[], operator: string): [string[], string[]] | undefined {
  const at = args.indexOf(operator)
  return at > 0 && at < args.length - 1 ? [args.slice(0, at), args.slice(at + 1)] : undefined
}

function primary(args: string[], files: HostFiles): boolean | undefined {
  if (args.length === 0) return false
  if (args.length === 1) return args[0] !== ''
  if (args.length === 2) return unary(args[0] ?? '', args[1] ?? '', files)
  const [left = '', operator = '', right = ''] = args
  return args.length === 3 ? binary(left, operator, right) : undefined
}

function unary(operator: string, operand: string, files: HostFiles): boolean | undefined {
  const entry = files.find(operand, operator !== '-L' && operator !== '-h')
  if (operator === '-e') return entry !== undefined
  if (operator === '-f') return entry?.kind === 'file'
  if (operator === '-d') return entry?.kind === 'directory'
  if (operator === '-L' || operator === '-h') return entry?.kind === 'link'
  if (operator === '-s') return entry !== undefined && entry.size > 0
  if (operator === '-r' || operator === '-w' || operator === '-x') return entry !== undefined
  if (operator === '-n') return operand !== ''
  return operator === '-z' ? operand === '' : undefined
}

function binary(left: string, operator: string, right: string): boolean | undefined {
  if (operator === '=' || operator === '==') return left === right
  if (operator === '!=') return left !== right
  const [a, b] = [Number(left), Number(right)]
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined
  const compared: Record<string, boolean> = {
    '-eq': a === b,
    '-ne': a !== b,
    '-gt': a > b,
    '-ge': a >= b,
    '-lt': a < b,
    '-le': a <= b,
  }
  return compared[operator]
}
