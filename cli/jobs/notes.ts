/** A blocker or a warning of a plan. */
export interface Note {
  code?: string
  message?: string
  target?: string | null
  remedy?: string
}

const MOST_NAMES = 2

/** Each sentence once, with whom it is about: the same one over 32 hosts is one line with their number. */
export function groupedNotes(notes: readonly Note[], { codes = true } = {}): string[] {
  const groups = new Map<string, { note: Note; names: Set<string> }>()
  for (const note of notes) {
    const key = `${note.code ?? ''}\n${withoutName(note)}\n${note.remedy ?? ''}`
    const group = groups.get(key) ?? { note, names: new Set<string>() }
    if (note.target) group.names.add(note.target)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ note, names }) => {
    const sentence = names.size > 1 ? withoutName(note) : (note.message ?? '')
    const who = names.size === 0 || (names.size === 1 && sentence.includes([...names][0] ?? '')) ? '' : about(names)
    const code = codes && note.code ? `${note.code}: ` : ''
    return `${code}${sentence}${note.remedy ? ` ${note.remedy}` : ''}${who}`
  })
}

/** The sentence with its own target's name taken out of its beginning, so that sentences over many targets are the same. */
function withoutName({ message = '', target }: Note): string {
  return target && message.startsWith(`${target}: `) ? message.slice(target.length + 2) : message
}

function about(names: Set<string>): string {
  if (names.size > MOST_NAMES) return ` (${names.size} targets)`
  return ` (${[...names].join(', ')})`
}
