import pg from 'pg'

/** A text that comes this often is worth a plan of its own. */
const WORTH_A_NAME = 5
/** Plans per connection cost memory of the server, texts memory of ours: lists of changing length make ever new ones. */
const MOST_NAMES = 200
const MOST_TEXTS = 2_000

const seen = new Map<string, number>()
const names = new Map<string, string>()

/** The name under which a statement is prepared; undefined while it is not known to come again. */
function nameOf(text: string): string | undefined {
  const name = names.get(text)
  if (name !== undefined || names.size >= MOST_NAMES) return name
  const times = (seen.get(text) ?? 0) + 1
  if (times < WORTH_A_NAME) {
    // What comes rarely must not keep out what begins to come often.
    if (seen.size >= MOST_TEXTS) seen.clear()
    seen.set(text, times)
    return undefined
  }
  seen.delete(text)
  names.set(text, `dsm_${names.size + 1}`)
  return names.get(text)
}

/**
 * A connection that prepares what it is asked again and again, so that Postgres parses and plans it once per connection:
 * half of what a short statement costs it. Statements without parameters and those with a name of their own stay as they are.
 * Columns are always named, never `*`: the result of a prepared statement must not change when a table does.
 */
export class StatementClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg gives this method eight signatures; each goes through unchanged
  override query(config: any, values?: any, callback?: any): any {
    const text: unknown = typeof config === 'string' ? config : config?.name === undefined ? config?.text : undefined
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined
    if (name === undefined) return super.query(config, values, callback)
    return super.query({ ...(typeof config === 'string' ? { text } : config), name }, values, callback)
  }
}
