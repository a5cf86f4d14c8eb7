import { readTokens, ShellSyntaxError, type Token, type WordPart } from './shell-words.js'

export interface Redirect {
  descriptor: number
  mode: '>' | '>>' | '<' | '>&'
  target: WordPart[]
}

export type ShellCommand =
  | { kind: 'simple'; assignments: { name: string; value: WordPart[] }[]; words: WordPart[][]; redirects: Redirect[] }
  | { kind: 'group'; body: ShellList; redirects: Redirect[]; subshell: boolean }
  | { kind: 'if'; branches: { condition: ShellList; body: ShellList }[]; otherwise?: ShellList; redirects: Redirect[] }
  | { kind: 'while'; until: boolean; condition: ShellList; body: ShellList; redirects: Redirect[] }
  | { kind: 'for'; variable: string; words: WordPart[][]; body: ShellList; redirects: Redirect[] }

/** Commands joined by `|`; `negated` by a leading `!`. */
export interface Pipeline {
  negated: boolean
  commands: ShellCommand[]
}

/** Pipelines joined by `&&` and `||`, perhaps in the background. */
export interface AndOr {
  first: Pipeline
  rest: { when: '&&' | '||'; pipeline: Pipeline }[]
  background: boolean
}

export type ShellList = AndOr[]

const RESERVED = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', '}', 'esac'])

/** Reads a script into its lists; throws ShellSyntaxError with the text that busybox prints. */
export function parseScript(script: string): ShellList {
  const parser = new Parser(readTokens(script))
  const list = parser.list()
  parser.expectEnd()
  return list
}

class Parser {
  private position = 0

  constructor(private readonly tokens: Token[]) {}

  list(): ShellList {
    const list: ShellList = []
    this.skipSeparators()
    while (this.position < this.tokens.length && !this.atListEnd()) {
      const item = this.andOr()
      if (this.takeOperator('&')) item.background = true
      list.push(item)
      if (!item.background && !this.peekOperator(';', '\n') && !this.atListEnd() && this.peek()) this.unexpected()
      this.skipSeparators()
    }
    return list
  }

  expectEnd(): void {
    if (this.peek()) this.unexpected()
  }

  private andOr(): AndOr {
    const item: AndOr = { first: this.pipeline(), rest: [], background: false }
    for (;;) {
      const when = this.takeOperator('&&') ? '&&' : this.takeOperator('||') ? '||' : undefined
      if (!when) return item
      this.skipNewlines()
      item.rest.push({ when, pipeline: this.pipeline() })
    }
  }

  private pipeline(): Pipeline {
    const negated = this.takeWord('!')
    const commands = [this.command()]
    while (this.takeOperator('|')) {
      this.skipNewlines()
      commands.push(this.command())
    }
    return { negated, commands }
  }

  private command(): ShellCommand {
    if (this.takeOperator('(')) return this.group(true)
    const word = this.plainWord()
    if (word === '{') return this.afterWord(() => this.group(false))
    if (word === 'if') return this.afterWord(() => this.conditional())
    if (word === 'while' || word === 'until') return this.afterWord(() => this.loop(word === 'until'))
    if (word === 'for') return this.afterWord(() => this.forLoop())
    return this.simple()
  }

  private afterWord(read: () => ShellCommand): ShellCommand {
    this.position += 1
    return read()
  }

  private group(subshell: boolean): ShellCommand {
    const body = this.list()
    if (subshell ? !this.takeOperator(')') : !this.takeWord('}')) this.unexpected()
    return { kind: 'group', body, subshell, redirects: this.redirects() }
  }

  private conditional(): ShellCommand {
    const branches: { condition: ShellList; body: ShellList }[] = []
    do {
      const condition = this.list()
      this.expectWord('then')
      branches.push({ condition, body: this.list() })
    } while (this.takeWord('elif'))
    const otherwise = this.takeWord('else') ? this.list() : undefined
    this.expectWord('fi')
    return { kind: 'if', branches, ...(otherwise ? { otherwise } : {}), redirects: this.redirects() }
  }

  private loop(until: boolean): ShellCommand {
    const condition = this.list()
    this.expectWord('do')
    const body = this.list()
    this.expectWord('done')
    return { kind: 'while', until, condition, body, redirects: this.redirects() }
  }

  private forLoop(): ShellCommand {
    const variable = this.plainWord() ?? this.unexpected()
    this.position += 1
    const words: WordPart[][] = []
    if (this.takeWord('in')) for (let word = this.takeAnyWord(); word; word = this.takeAnyWord()) words.push(word)
    this.skipSeparators()
    this.expectWord('do')
    const body = this.list()
    this.expectWord('done')
    return { kind: 'for', variable, words, body, redirects: this.redirects() }
  }

  private simple(): ShellCommand {
    const command: ShellCommand & { kind: 'simple' } = { kind: 'simple', assignments: [], words: [], redirects: [] }
    for (;;) {
      const token = this.peek()
      if (token?.kind === 'redirect') command.redirects.push(this.redirect())
      else if (token?.kind === 'word') {
        this.position += 1
        const assignment = command.words.length === 0 ? readAssignment(token.parts) : undefined
        if (assignment) command.assignments.push(assignment)
        else command.words.push(token.parts)
      } else break
    }
    if (command.words.length + command.assignments.length + command.redirects.length === 0) this.unexpected()
    return command
  }

  private redirects(): Redirect[] {
    const redirects: Redirect[] = []
    while (this.peek()?.kind === 'redirect') redirects.push(this.redirect())
    return redirects
  }

  private redirect(): Redirect {
    const token = this.tokens[this.position]
    if (token?.kind !== 'redirect') return this.unexpected()
    this.position += 1
    const target = this.takeAnyWord() ?? this.unexpected()
    return { descriptor: token.descriptor, mode: token.mode, target }
  }

  private peek(): Token | undefined {
    return this.tokens[this.position]
  }

  private plainWord(): string | undefined {
    const token = this.peek()
    const part = token?.kind === 'word' && token.parts.length === 1 ? token.parts[0] : undefined
    return part?.kind === 'text' && !part.quoted ? part.text : undefined
  }

  private takeAnyWord(): WordPart[] | undefined {
    const token = this.peek()
    if (token?.kind !== 'word') return undefined
    this.position += 1
    return token.parts
  }

  private takeWord(word: string): boolean {
    if (this.plainWord() !== word) return false
    this.position += 1
    return true
  }

  private expectWord(word: string): void {
    if (!this.takeWord(word)) this.unexpected()
  }

  private peekOperator(...texts: string[]): boolean {
    const token = this.peek()
    return token?.kind === 'operator' && texts.includes(token.text)
  }

  private takeOperator(text: string): boolean {
    if (!this.peekOperator(text)) return false
    this.position += 1
    return true
  }

  private atListEnd(): boolean {
    const word = this.plainWord()
    return this.peekOperator(')', ';;') || (word !== undefined && RESERVED.has(word))
  }

  private skipSeparators(): void {
    while (this.peekOperator(';', '\n')) this.position += 1
  }

  private skipNewlines(): void {
    while (this.peekOperator('\n')) this.position += 1
  }

  private unexpected(): never {
    const token = this.peek()
    if (!token) throw new ShellSyntaxError('syntax error: unexpected end of file')
    if (token.kind === 'operator' && token.text === '\n') throw new ShellSyntaxError('syntax error: unexpected newline')
    if (token.kind === 'operator') throw new ShellSyntaxError(`syntax error: unexpected "${token.text}"`)
    if (token.kind === 'redirect') throw new ShellSyntaxError('syntax error: unexpected redirection')
    throw new ShellSyntaxError(`syntax error: unexpected word${this.plainWord() ? ` "${this.plainWord()}"` : ''}`)
  }
}

function readAssignment(parts: WordPart[]): { name: string; value: WordPart[] } | undefined {
  const first = parts[0]
  const match = first?.kind === 'text' && !first.quoted ? /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text) : null
  if (!match || first?.kind !== 'text') return undefined
  return { name: match[1] ?? '', value: [{ ...first, text: match[2] ?? '' }, ...parts.slice(1)] }
}
