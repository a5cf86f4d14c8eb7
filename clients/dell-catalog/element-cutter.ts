import { CatalogInvalid } from './catalog-invalid.js'

const MOST_DEPTH = 64
/** Characters of one element below the root; a bundle of a whole server line has far less. */
const MOST_ELEMENT = 4 * 1024 * 1024
/** Longest mark that tells what a `<` begins: `<![CDATA[`. */
const MARK_LENGTH = 9
const QUOTE_OR_END = /["'>]/g
const TAG_NAME = /^<\/?([A-Za-z_][\w.:-]*)/

export interface CutElements {
  /** The opening tag of the root. */
  root(tag: string): void
  /** One whole element directly below the root. */
  element(name: string, xml: string): void
}

/**
 * Cuts a document that arrives in pieces into the elements below its root, so that only one of them is in memory at a time.
 * Checks that tags are closed in order; document types, with which entities would come, are refused.
 * @throws {CatalogInvalid} where the text is not well formed, is cut off, or exceeds depth and size limits
 */
export class ElementCutter {
  #text = ''
  /** Where the search goes on. */
  #at = 0
  /** Begin of the element that is open below the root; -1 outside. */
  #begin = -1
  readonly #open: string[] = []
  #rootSeen = false
  readonly #sink: CutElements

  constructor(sink: CutElements) {
    this.#sink = sink
  }

  push(piece: string): void {
    const from = this.#begin >= 0 ? this.#begin : this.#at
    this.#text = this.#text.slice(from) + piece
    this.#at -= from
    if (this.#begin >= 0) this.#begin = 0
    while (this.#step(false));
    if (this.#text.length - (this.#begin >= 0 ? this.#begin : this.#at) > MOST_ELEMENT)
      throw new CatalogInvalid(`One element of the catalog has more than ${MOST_ELEMENT} characters.`)
  }

  end(): void {
    while (this.#step(true));
    if (!this.#rootSeen) throw new CatalogInvalid('The file is empty or no XML.')
    if (this.#open.length > 0 || this.#at < this.#text.length)
      throw new CatalogInvalid(
        `The catalog was cut off inside <${this.#open.at(-1) ?? 'the document'}>; copy it again.`,
      )
  }

  /** Passes one mark-up; false when more text is needed. */
  #step(last: boolean): boolean {
    const start = this.#text.indexOf('<', this.#at)
    const until = start < 0 ? this.#text.length : start
    if (this.#open.length === 0 && this.#text.slice(this.#at, until).trim().replace('\uFEFF', '') !== '')
      throw new CatalogInvalid('The file is no XML: text stands outside of its root element.')
    this.#at = until
    if (start < 0 || (!last && this.#text.length - start < MARK_LENGTH)) return false
    const mark = this.#text.slice(start, start + MARK_LENGTH)
    if (mark.startsWith('<!--')) return this.#skip(start + 4, '-->')
    if (mark === '<![CDATA[') return this.#skip(start + MARK_LENGTH, ']]>')
    if (mark.startsWith('<!'))
      throw new CatalogInvalid('The catalog has a document type or entities of its own; they are refused.')
    if (mark.startsWith('<?')) return this.#skip(start + 2, '?>')
    return this.#tag(start)
  }

  #skip(from: number, mark: string): boolean {
    const end = this.#text.indexOf(mark, from)
    if (end < 0) return false
    this.#at = end + mark.length
    return true
  }

  #tag(start: number): boolean {
    const end = endOfTag(this.#text, start)
    if (end < 0) return false
    const tag = this.#text.slice(start, end + 1)
    const name = TAG_NAME.exec(tag)?.[1]
    if (!name) throw new CatalogInvalid(`The catalog is not well formed near ${JSON.stringify(tag.slice(0, 40))}.`)
    this.#at = end + 1
    if (tag[1] === '/') this.#closed(name, end)
    else this.#opened(name, tag, start, end)
    return true
  }

  #opened(name: string, tag: string, start: number, end: number): void {
    if (this.#open.length === 0) {
      if (this.#rootSeen) throw new CatalogInvalid('The catalog has a second root element.')
      this.#rootSeen = true
      this.#sink.root(tag)
    }
    if (this.#open.length === 1) this.#begin = start
    if (this.#open.length >= MOST_DEPTH)
      throw new CatalogInvalid(`The catalog is nested deeper than ${MOST_DEPTH} elements.`)
    this.#open.push(name)
    if (tag.at(-2) === '/') this.#closed(name, end)
  }

  #closed(name: string, end: number): void {
    const open = this.#open.pop()
    if (open !== name)
      throw new CatalogInvalid(`The catalog is not well formed: <${open ?? ''}> is closed by </${name}>.`)
    if (this.#open.length !== 1) return
    this.#sink.element(name.slice(name.indexOf(':') + 1), this.#text.slice(this.#begin, end + 1))
    this.#begin = -1
  }
}

/** The `>` that ends a tag, not one inside a quoted value; -1 when it has not come yet. */
function endOfTag(text: string, start: number): number {
  let at = start
  for (;;) {
    QUOTE_OR_END.lastIndex = at
    const found = QUOTE_OR_END.exec(text)
    if (!found) return -1
    if (found[0] === '>') return found.index
    const close = text.indexOf(found[0], found.index + 1)
    if (close < 0) return -1
    at = close + 1
  }
}
