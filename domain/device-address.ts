import { type AddressSpan, parseIpv4, parseRange, spansContain } from './ip-range.js'
import { isLoopback } from './time-scale.js'

const whole = (cidr: string): AddressSpan => {
  const parsed = parseRange(cidr)
  if (!parsed.ok) throw new TypeError(parsed.message)
  const edge = parsed.range.kind === 'cidr' && parsed.range.first < parsed.range.last ? 1 : 0
  return { first: parsed.range.first - edge, last: parsed.range.last + edge }
}

/** Addresses that no device has: this network, link-local, multicast, reserved and broadcast. */
const NEVER = ['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'].map(whole)
const LOOPBACK = whole('127.0.0.0/8')
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(whole)

export interface AddressPolicy {
  /** Setting `allowed_device_cidrs`; empty = the private ranges. */
  allowed_device_cidrs: readonly string[]
  /** A lab is in use: then loopback is allowed and counts as private. */
  lab_in_use: boolean
}

/** Spans that a scan must leave out whatever is asked for. */
export function forbiddenSpans(lab_in_use: boolean): AddressSpan[] {
  return lab_in_use ? NEVER : [...NEVER, LOOPBACK]
}

/** Spans in which devices may lie. CIDRs that cannot be read allow nothing. */
export function allowedSpans(policy: AddressPolicy): AddressSpan[] {
  const named = policy.allowed_device_cidrs.flatMap((cidr) => (parseRange(cidr).ok ? [whole(cidr)] : []))
  const allowed = policy.allowed_device_cidrs.length === 0 ? PRIVATE : named
  return policy.lab_in_use ? [...allowed, LOOPBACK] : [...allowed]
}

/** Why no connection is made to this address; null = it may be a device. The sentence is for the operator. */
export function whyNotDeviceAddress(address: string, policy: AddressPolicy): string | null {
  if (parseIpv4(address) === null) return `${address} is not an IPv4 address.`
  if (isLoopback(address))
    return policy.lab_in_use ? null : 'Loopback addresses are devices only while a lab is in use.'
  if (spansContain(NEVER, address)) return `${address} is a link-local, multicast or reserved address.`
  if (spansContain(allowedSpans(policy), address)) return null
  return `${address} is outside of the networks in which devices are allowed (setting allowed_device_cidrs).`
}
