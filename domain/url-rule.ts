import type { Blocker } from './failures.js'
import { parseIpv4, parseRange, spansContain } from './ip-range.js'
import { isLoopback } from './time-scale.js'
import { blocker } from './verdict.js'

/** What decides which addresses outside may be asked for a file. */
export interface UrlPolicy {
  /** Names and addresses of the media settings; `*.example.com` stands for every name below it. */
  allowed_hosts: readonly string[]
  allowed_cidrs: readonly string[]
  /** A lab is in use: loopback addresses may be named. */
  lab_in_use: boolean
  /** Addresses of this machine, and the ports on which its own parts listen. */
  own_addresses: readonly string[]
  own_ports: readonly number[]
}

export interface UrlPlace {
  url: URL
  /** Without brackets and without the dot at the end. */
  host: string
  port: number
}

export type UrlReading = { ok: true; place: UrlPlace } | { ok: false; blocker: Blocker }

const MOST_CHARACTERS = 2_000
/** This network, link-local, multicast, reserved and broadcast: no web server has such an address. */
const NEVER = ['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4']
const FAR_AWAY = 'Name the host in the media settings (allowed_hosts or allowed_cidrs), or upload the file.'

const refuse = (message: string, data: Record<string, unknown> = {}): Blocker =>
  blocker('UrlRefused', message, { data, remedy: FAR_AWAY })

/**
 * Reads an address that somebody gave: `http` or `https`, without user and password. Nothing is resolved or asked.
 * Odd spellings of numbers (`0x7f.1`) are read as a browser reads them, so that what is judged is what is connected to.
 */
export function readUrl(text: string): UrlReading {
  const refused = (message: string): UrlReading => ({ ok: false, blocker: refuse(message) })
  if (text.length > MOST_CHARACTERS) return refused(`An address has at most ${MOST_CHARACTERS} characters.`)
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return refused('The address must begin with http:// or https://.')
  if (url.username !== '' || url.password !== '')
    return refused('The address must not hold a user or a password: it would stand in logs.')
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (host.includes(':')) return refused('Files are fetched over IPv4 only.')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return { ok: true, place: { url, host, port } }
}

/**
 * May this address be asked, now that its name was resolved? Called with every address that the name has; connect to one
 * that was judged and resolve nothing again. Null = yes.
 * The rule: the host is named by the media settings (an empty list names nothing); link-local, multicast and reserved
 * addresses are never asked; this machine's own parts are never asked; loopback only while a lab is in use and when the
 * list names that very address.
 */
export function whyUrlRefused(place: UrlPlace, address: string, policy: UrlPolicy): Blocker | null {
  const data = { host: place.host, port: place.port, address }
  if (parseIpv4(address) === null) return refuse(`${address} is not an IPv4 address.`, data)
  if (inSome(NEVER, address)) return refuse(`${address} is a link-local, multicast or reserved address.`, data)
  if (isLoopback(address)) return whyLoopbackRefused(place, address, policy, data)
  if (policy.own_addresses.includes(address) && policy.own_ports.includes(place.port))
    return refuse(`Port ${place.port} of ${address} is one of our own.`, data)
  if (nameAllowed(place.host, policy) || inSome(policy.allowed_cidrs, address)) return null
  return refuse(`${place.host} is not on the allow-list of the media settings.`, data)
}

function whyLoopbackRefused(place: UrlPlace, address: string, policy: UrlPolicy, data: Record<string, unknown>) {
  if (!policy.lab_in_use) return refuse(`${address} is this machine itself.`, data)
  if (policy.own_ports.includes(place.port)) return refuse(`Port ${place.port} is one of our own.`, data)
  const named = policy.allowed_hosts.includes(address) || policy.allowed_cidrs.some((cidr) => cidr === `${address}/32`)
  return named ? null : refuse(`${address} is this machine itself, and the allow-list does not name it.`, data)
}

function nameAllowed(host: string, policy: UrlPolicy): boolean {
  const asked = host.toLowerCase()
  return policy.allowed_hosts.some((entry) => {
    const allowed = entry.toLowerCase().replace(/\.$/, '')
    return allowed.startsWith('*.') ? asked.endsWith(allowed.slice(1)) : asked === allowed
  })
}

/** CIDRs that cannot be read hold nothing. The whole net counts, with its first and last address. */
function inSome(cidrs: readonly string[], address: string): boolean {
  return cidrs.some((cidr) => {
    const parsed = parseRange(cidr)
    if (!parsed.ok) return false
    const { first, last } = parsed.range
    const edge = Number(cidr.split('/')[1] ?? 32) < 31 ? 1 : 0
    return spansContain([{ first: first - edge, last: last + edge }], address)
  })
}
