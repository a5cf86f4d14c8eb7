import { readUrl } from '../../domain/url-rule.js'
import type { JobDefinition } from '../../workflows/define.js'
import { Problem } from '../errors.js'

type Details = Record<string, unknown>

interface Refusal {
  code: 'OptionConflict' | 'InvalidRequest' | 'UrlRefused' | 'Unsupported'
  pointer: string
  sentence: string
}

const block = (details: Details, name: string): Details | undefined => details[name] as Details | undefined

/**
 * Refuses options that exclude each other or that nothing here can honour, before anything is written. An option that is
 * accepted has an effect: one that would be dropped in silence is refused with what to do instead.
 * @throws {Problem} `OptionConflict`, `InvalidRequest`, `UrlRefused`, `Unsupported`
 */
export function refuseOptions(definition: JobDefinition, details: Details): void {
  const refusal =
    orderRefusal(details) ??
    urlRefusal(details) ??
    esxiRefusal(details, '/details') ??
    esxiRefusal(block(details, 'esxi') ?? {}, '/details/esxi') ??
    conflictOf(definition, details) ??
    notHonoured(details)
  if (!refusal) return
  const { code, pointer, sentence } = refusal
  // Here it is the request that cannot be carried out, not the state of something: 422 whatever else the code is used for.
  const status = code === 'InvalidRequest' ? 400 : 422
  throw new Problem(code, sentence, { status, errors: [{ pointer, detail: sentence }] })
}

/** `order` must say what the blocks say. */
function orderRefusal(details: Details): Refusal | null {
  const { order, esxi, firmware } = details
  if (typeof order !== 'string') return null
  const refuse = (sentence: string): Refusal => ({ code: 'OptionConflict', pointer: '/details/order', sentence })
  if (order === 'esxi_only' && (firmware !== undefined || esxi === undefined))
    return refuse('order esxi_only goes with the esxi block alone; leave firmware out, or choose another order.')
  if (order === 'firmware_only' && (esxi !== undefined || firmware === undefined))
    return refuse('order firmware_only goes with the firmware block alone; leave esxi out, or choose another order.')
  const both = order === 'esxi_first' || order === 'firmware_first'
  if (both && (esxi === undefined || firmware === undefined))
    return refuse(`order ${order} needs both blocks, esxi and firmware; add the missing one, or leave order out.`)
  return null
}

/** An address that can never be asked is said so now; whether the allow-list names it is decided when it is asked. */
function urlRefusal(details: Details): Refusal | null {
  if (details.firmware_source !== 'url' || typeof details.url !== 'string') return null
  const reading = readUrl(details.url)
  return reading.ok ? null : { code: 'UrlRefused', pointer: '/details/url', sentence: reading.blocker.message }
}

function esxiRefusal(details: Details, at: string): Refusal | null {
  // Beside a vCenter it is the datastore to look into, not a place for a depot.
  const looked_into = details.vcenter_id !== undefined
  if (details.datastore === undefined || looked_into || details.depot_image_id !== undefined) return null
  const sentence = 'datastore goes with depot_image_id only; the other depots lie where their path says.'
  return { code: 'OptionConflict', pointer: `${at}/datastore`, sentence }
}

const GRACEFUL = ['graceful_shutdown', 'graceful_restart']

function conflictOf(definition: JobDefinition, details: Details): Refusal | null {
  const conflict = (name: string, sentence: string): Refusal => ({
    code: 'OptionConflict',
    pointer: `/details/${name}`,
    sentence,
  })
  const { failed_hosts_tolerance, on_failure, canary_hosts, force_after_minutes, action } = details
  if (Number(failed_hosts_tolerance ?? 0) > 0 && on_failure !== 'continue')
    return conflict('failed_hosts_tolerance', 'failed_hosts_tolerance goes with on_failure continue only.')
  const watched = Number(details.canary_soak_minutes ?? 0) > 0 || details.pause_after_canary === true
  if (watched && canary_hosts === 0)
    return conflict('canary_hosts', 'canary_soak_minutes and pause_after_canary need canary_hosts of at least 1.')
  if (definition.job_type === 'power_action' && Number(force_after_minutes ?? 0) > 0) {
    if (!GRACEFUL.includes(String(action)))
      return conflict('force_after_minutes', `force_after_minutes goes with ${GRACEFUL.join(' or ')} only.`)
  }
  if (definition.job_type === 'bios_config_write') return biosConflict(details, conflict)
  if (definition.job_type === 'boot_configuration') return bootConflict(details, conflict)
  return null
}

function biosConflict(
  { attributes, from_configuration_id, only, apply, evacuate_host }: Details,
  conflict: (name: string, sentence: string) => Refusal,
): Refusal | null {
  if ((attributes === undefined) === (from_configuration_id === undefined))
    return conflict('attributes', 'Give exactly one of attributes and from_configuration_id.')
  if (only !== undefined && from_configuration_id === undefined)
    return conflict('only', 'only goes with from_configuration_id.')
  if (apply === 'next_reboot' && evacuate_host === true)
    return conflict('evacuate_host', 'apply next_reboot reboots nothing, so no host is emptied for it.')
  return null
}

function bootConflict(
  { target, boot_order, uefi_target }: Details,
  conflict: (name: string, sentence: string) => Refusal,
): Refusal | null {
  if ((target === undefined) === (boot_order === undefined))
    return conflict('target', 'Give exactly one of target and boot_order.')
  if ((target === 'UefiTarget') !== (uefi_target !== undefined))
    return conflict('uefi_target', 'uefi_target goes with target UefiTarget, and that needs it.')
  return null
}

function notHonoured(details: Details): Refusal | null {
  const refuse = (name: string, sentence: string): Refusal => ({
    code: 'Unsupported',
    pointer: `/details/${name}`,
    sentence,
  })
  if (Array.isArray(details.power_off_vms) && details.power_off_vms.length > 0)
    return refuse('power_off_vms', 'VMs are not shut down by this job yet. Shut them down first, or move them.')
  if (block(details, 'health_gate')?.require_green === false)
    return refuse('health_gate/require_green', 'A host that is not healthy never comes back by itself. Leave it true.')
  return null
}
