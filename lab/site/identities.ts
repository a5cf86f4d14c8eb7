/** Names, passwords, tags and ids of a site, all out of its seed. */
import { stream } from '../random.js'

const PASSWORD_LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const TAG_LETTERS = 'BCDFGHJKLMNPQRSTVWXYZ0123456789'

export interface Identities {
  /** 16 characters with a lower- and an upper-case letter, a digit and a sign */
  password(purpose: string): string
  /** seven characters, each only once in the site */
  serviceTag(): string
  boardSerial(serviceTag: string): string
  uuid(purpose: string): string
  mac(purpose: string): string
  /** a whole number from low to high */
  between(purpose: string, low: number, high: number): number
}

export function identitiesOf(seed: number): Identities {
  const tags = new Set<string>()
  const nextTag = stream(seed, 'service tags')
  const pick = (letters: string, next: () => number): string => letters.charAt(Math.floor(next() * letters.length))
  const text = (letters: string, length: number, next: () => number): string =>
    Array.from({ length }, () => pick(letters, next)).join('')
  const hex = (length: number, next: () => number): string => text('0123456789abcdef', length, next)
  return {
    password(purpose) {
      const next = stream(seed, `password ${purpose}`)
      return `${text(PASSWORD_LETTERS, 12, next)}${pick('abcdefgh', next)}${pick('ABCDEFGH', next)}${pick('23456789', next)}-`
    },
    serviceTag() {
      for (;;) {
        const tag = text(TAG_LETTERS, 7, nextTag)
        if (tags.has(tag) || /^\d+$/.test(tag)) continue
        tags.add(tag)
        return tag
      }
    },
    boardSerial: (serviceTag) =>
      `CN${text('FCGT', 2, stream(seed, `board ${serviceTag}`))}${text('0123456789', 7, stream(seed, `board number ${serviceTag}`))}0${text('0123456789ABCDEF', 2, stream(seed, `board end ${serviceTag}`))}`,
    uuid(purpose) {
      const next = stream(seed, `uuid ${purpose}`)
      return `${hex(8, next)}-${hex(4, next)}-4${hex(3, next)}-${pick('89ab', next)}${hex(3, next)}-${hex(12, next)}`
    },
    mac(purpose) {
      const next = stream(seed, `mac ${purpose}`)
      return ['02', '00', '5E', hex(2, next), hex(2, next), hex(2, next)].join(':').toUpperCase()
    },
    between: (purpose, low, high) => low + Math.floor(stream(seed, purpose)() * (high - low + 1)),
  }
}
