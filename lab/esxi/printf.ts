const ESCAPED: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '0': '\0' }

/** printf of the shell: `%s`, `%d`, `%%` and the usual escapes; the format is used again while arguments are left. */
export function readPrintf([format = '', ...args]: string[]): string {
  const text = format.replace(/\\([ntr\\0])/g, (_match, letter: string) => ESCAPED[letter] ?? letter)
  const rest = [...args]
  let out = ''
  do {
    out += text.replace(/%[sd%]/g, (directive) => {
      if (directive === '%%') return '%'
      const value = rest.shift() ?? ''
      return directive === '%d' ? String(Math.trunc(Number(value)) || 0) : value
    })
  } while (rest.length > 0 && /%[sd]/.test(text))
  return out
}
