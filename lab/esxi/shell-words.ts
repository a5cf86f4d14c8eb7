/** Splits a script into the tokens of a POSIX shell, as far as busybox scripts for ESXi hosts use them. */

/** A piece of a word: literal text, a variable (`?`, `!`, `$`, a name) or a command substitution. */
export type WordPart =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; quoted: boolean }
  | { kind: 'substitution'; script: string; quoted: boolean }

export type Token =
  | { kind: 'word'; parts: WordPart[] }
  | { kind: 'operator'; text: string }
  | { kind: 'redirect'; descriptor: number; mode: '>' | '>>' | '<' | '>&' }

/** The script cannot be read, e.g. a quote that never ends. The message is what busybox prints after `sh: `. */
export class ShellSyntaxError extends Error {}

const OPERATORS = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n']

/** Tokens of a whole script; comments are dropped. Throws ShellSyntaxError. */
export function readTokens(script: string): Token[] {
  const reader = new WordReader(script)
  const tokens: Token[] = []
  while (!reader.atEnd()) {
    const token = reader.next()
    if (token) tokens.push(token)
  }
  return tokens
}

class WordReader {
  private position = 0

  constructor(private readonly source: string) {}

  atEnd(): boolean {
    return this.position >= this.source.length
  }

  next(): Token | undefined {
    const rest = this.source.slice(this.position)
    const skipped = /^(?:[ \t\r]+|\\\n|#[^\n]*)/.exec(rest)
    if (skipped) {
      this.position += skipped[0].length
      return undefined
    }
    return this.redirect(rest) ?? this.operator(rest) ?? { kind: 'word', parts: this.word() }
  }

  private redirect(rest: string): Token | undefined {
    const both = /^&>(>?)/.exec(rest)
    if (both) throw new ShellSyntaxError('syntax error: unexpected redirection')
    const match = /^(\d?)(>>|>&|<&|>\||>|<)/.exec(rest)
    if (!match) return undefined
    this.position += match[0].length
    const sign = match[2] === '>|' ? '>' : match[2] === '<&' ? '>&' : match[2]
    const descriptor = match[1] ? Number(match[1]) : sign === '<' ? 0 : 1
    return { kind: 'redirect', descriptor, mode: sign as '>' | '>>' | '<' | '>&' }
  }

  private operator(rest: string): Token | undefined {
    const found = OPERATORS.find((operator) => rest.startsWith(operator))
    if (found === undefined) return undefined
    this.position += found.length
    return { kind: 'operator', text: found }
  }

  private word(): WordPart[] {
    const parts: WordPart[] = []
    while (!this.atEnd()) {
      const character = this.source[this.position] ?? ''
      if (/[\s;&|()<>]/.test(character)) break
      if (character === "'") parts.push(this.singleQuoted())
      else if (character === '"') parts.push(...this.doubleQuoted())
      else if (character === '\\') parts.push(this.escaped())
      else if (character === '$' || character === '`') parts.push(this.expansion(false))
      else parts.push(this.plain())
    }
    return parts
  }

  private plain(): WordPart {
    const match = /^[^\s;&|()<>'"\\$`]+/.exec(this.source.slice(this.position))
    const found = match?.[0] ?? ''
    this.position += found.length
    return { kind: 'text', text: found, quoted: false }
  }

  private escaped(): WordPart {
    const text = this.source[this.position + 1] ?? '\\'
    this.position += 2
    return { kind: 'text', text: text === '\n' ? '' : text, quoted: true }
  }

  private singleQuoted(): WordPart {
    const end = this.source.indexOf("'", this.position + 1)
    if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string')
    const text = this.source.slice(this.position + 1, end)
    this.position = end + 1
    return { kind: 'text', text, quoted: true }
  }

  private doubleQuoted(): WordPart[] {
    const parts: WordPart[] = [{ kind: 'text', text: '', quoted: true }]
    this.position += 1
    for (;;) {
      const character = this.source[this.position]
      if (character === undefined) throw new ShellSyntaxError('syntax error: unterminated quoted string')
      if (character === '"') break
      if (character === '$' || character === '`') parts.push(this.expansion(true))
      else if (character === '\\' && /["\\$`\n]/.test(this.source[this.position + 1] ?? '')) parts.push(this.escaped())
      else {
        parts.push({ kind: 'text', text: character, quoted: true })
        this.position += 1
      }
    }
    this.position += 1
    return parts
  }

  private expansion(quoted: boolean): WordPart {
    const rest = this.source.slice(this.position)
    if (rest.startsWith('$(') || rest.startsWith('`')) return this.substitution(quoted)
    const match = /^\$(?:\{([A-Za-z_]\w*|[?!$#@*\d])\}|([A-Za-z_]\w*|[?!$#@*\d]))/.exec(rest)
    if (!match) {
      this.position += 1
      return { kind: 'text', text: '$', quoted }
    }
    this.position += match[0].length
    return { kind: 'variable', name: match[1] ?? match[2] ?? '', quoted }
  }

  private substitution(quoted: boolean): WordPart {
    if (this.source[this.position] === '`') {
      const end = this.source.indexOf('`', this.position + 1)
      if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution')
      const script = this.source.slice(this.position + 1, end)
      this.position = end + 1
      return { kind: 'substitution', script, quoted }
    }
    const start = this.position + 2
    const end = closingParenthesis(this.source, start)
    this.position = end + 1
    return { kind: 'substitution', script: this.source.slice(start, end), quoted }
  }
}

/** Index of the parenthesis that closes the one opened before `start`; quotes inside are stepped over. */
function closingParenthesis(source: string, start: number): number {
  let depth = 1
  let quote = ''
  for (let index = start; index < source.length; index += 1) {
    const character = source[index] ?? ''
    if (quote) {
      if (character === '\\' && quote === '"') index += 1
      else if (character === quote) quote = ''
    } else if (character === "'" || character === '"') quote = character
    else if (character === '\\') index += 1
    else if (character === '(') depth += 1
    else if (character === ')') {
      depth -= 1
      if (depth === 0) return index
    }
  }
  throw new ShellSyntaxError('syntax error: unterminated command substitution')
}
