import type { RequestHandler } from 'express'
import { type FieldProblem, Problem } from './errors.js'

const DEEPEST = 64

/** What no column can hold: a NUL, or half of a character. */
const UNSTORABLE = /\0|\p{Surrogate}/u

/**
 * Refuses what passes every JSON parser and breaks what comes behind it: text that cannot be stored, and nesting without end.
 * Walks without recursion.
 */
export const refuseOddInput: RequestHandler = (req, _res, next) => {
  const errors: FieldProblem[] = Object.entries(req.query)
    .filter(([name, value]) => UNSTORABLE.test(`${name}${String(value)}`))
    .map(([name]) => ({ pointer: `?${name.replaceAll('\0', '')}`, detail: 'a character that cannot be stored' }))
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: req.body, pointer: '', depth: 0 }]
  for (let at = open.pop(); at && errors.length < 10; at = open.pop()) {
    const { value, pointer, depth } = at
    if (typeof value === 'string') {
      if (UNSTORABLE.test(value)) errors.push({ pointer, detail: 'a character that cannot be stored' })
      continue
    }
    if (value === null || typeof value !== 'object') continue
    if (depth >= DEEPEST) {
      errors.push({ pointer, detail: `more than ${DEEPEST} levels` })
      continue
    }
    for (const [name, part] of Object.entries(value)) {
      if (UNSTORABLE.test(name)) errors.push({ pointer, detail: 'a field name that cannot be stored' })
      else open.push({ value: part, pointer: `${pointer}/${name}`, depth: depth + 1 })
    }
  }
  const [first] = errors
  if (first) throw new Problem('InvalidRequest', `${first.pointer || 'body'}: ${first.detail}`, { errors })
  next()
}
