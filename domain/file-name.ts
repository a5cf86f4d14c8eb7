const MOST_CHARACTERS = 200

/** A client's name for a file, made harmless: its last part, in letters that no system reads as more. It is only shown. */
export function cleanFileName(name: string): string {
  const last = name.replaceAll('\\', '/').replace(/\/+$/, '').split('/').at(-1) ?? ''
  const clean = last.replace(/[^A-Za-z0-9._ ()+-]/g, '_').replace(/^\.+/, '')
  return clean.slice(0, MOST_CHARACTERS) || 'upload'
}
