import type { EsxiSelection } from '../../activities/contracts/esxi.js'
import type { FirmwareSelection } from '../../activities/contracts/firmware.js'
import type { Component } from '../../domain/firmware-facts.js'
import type { Part } from '../host_update/workflow.js'
import { failure } from './failure.js'
import { core } from './proxies.js'
import type { FirmwareOptions } from './steps/apply-firmware.js'
import type { EsxiOptions } from './steps/upgrade-esxi.js'

/** The `esxi` block of job details. */
export interface EsxiDetails {
  upgrade_profile_id?: string
  depot_path?: string
  depot_image_id?: string
  /** Only with depot_image_id: where the depot is copied to. */
  datastore?: string
  profile_name?: string
  target_build?: number
  flavor: 'standard' | 'no-tools'
  method: 'update' | 'install'
  accept_removed_vibs: string[]
  stepping_stone_profile_ids: string[]
  allow_hardware_warnings: boolean
  store_recovery_key: boolean
  update_timeout_minutes: number
}

/** The `firmware` block of job details. */
export interface FirmwareDetails {
  firmware_source: 'local' | 'dell_catalog'
  catalog_id?: string
  package_ids?: string[]
  components?: Component[]
  exclude_components: Component[]
  min_criticality: 'optional' | 'recommended' | 'urgent'
  transfer: 'push' | 'pull'
  max_passes: number
  allow_downgrade: boolean
  reinstall_same: boolean
  on_component_failure: 'stop' | 'continue'
  upload_timeout_minutes: number
  job_timeout_minutes: number
  force_reboot_after_minutes: number
}

export type EsxiWish = EsxiOptions & { selection: EsxiSelection; stepping_stones: EsxiSelection[] }
export type FirmwareWish = FirmwareOptions & { selection: FirmwareSelection }

/** The parts of a job and their order, from `order` or from the blocks given. */
export function partsOf(details: { order?: string; esxi?: unknown; firmware?: unknown }): Part[] {
  const firmwareFirst = details.order === 'firmware_first'
  const parts: Part[] = []
  if (details.esxi !== undefined && details.order !== 'firmware_only') parts.push('esxi')
  if (details.firmware !== undefined && details.order !== 'esxi_only') parts.push('firmware')
  return firmwareFirst ? parts.reverse() : parts
}

/** Turns the `esxi` block into what a host can be told: the depot resolved, stepping stones in order. */
export async function esxiWish(details: EsxiDetails, reboot_timeout_minutes: number): Promise<EsxiWish> {
  const stones: EsxiSelection[] = []
  for (const upgrade_profile_id of details.stepping_stone_profile_ids) {
    stones.push(await selectionOf({ ...details, upgrade_profile_id }))
  }
  return {
    selection: await selectionOf(details),
    stepping_stones: stones,
    update_timeout_minutes: details.update_timeout_minutes,
    store_recovery_key: details.store_recovery_key,
    reboot_timeout_minutes,
  }
}

async function selectionOf(details: EsxiDetails): Promise<EsxiSelection> {
  const { upgrade_profile_id, depot_path, depot_image_id, profile_name, datastore = null } = details
  const depot = await core.resolveDepot({
    ...(upgrade_profile_id === undefined ? {} : { upgrade_profile_id }),
    ...(depot_path === undefined || upgrade_profile_id !== undefined ? {} : { depot_path }),
    ...(depot_image_id === undefined || upgrade_profile_id !== undefined ? {} : { depot_image_id }),
    ...(profile_name === undefined ? {} : { profile_name }),
  })
  const { depot_path: path, depot_image_id: image_id } = depot
  if (!path && !image_id) throw failure('DepotNotFound', 'The depot lies neither on a datastore nor in the store.')
  return {
    depot_path: path ?? '',
    ...(!path && image_id ? { stored_depot: { image_id, datastore } } : {}),
    profile_name: depot.profile_name,
    target_build: details.target_build ?? depot.target_build,
    flavor: details.flavor,
    method: details.method,
    accept_removed_vibs: details.accept_removed_vibs,
    allow_hardware_warnings: details.allow_hardware_warnings,
  }
}

/** What the job around the `firmware` block says about carrying it out. */
export interface FirmwareFrame {
  reboot_timeout_minutes: number
  /** Default `now`. */
  apply?: 'now' | 'next_reboot'
  /** Default true: without a word against it, the configuration is kept before the first change. */
  scp_backup_first?: boolean
}

/** Turns the `firmware` block into the selection of the update rule and the options of carrying it out. */
export function firmwareWish(details: FirmwareDetails, frame: FirmwareFrame): FirmwareWish {
  return {
    selection: {
      firmware_source: details.firmware_source,
      min_criticality: details.min_criticality,
      allow_downgrade: details.allow_downgrade,
      reinstall_same: details.reinstall_same,
      missing_files: 'fail',
      skip_not_applicable: true,
      ...(details.catalog_id === undefined ? {} : { catalog_id: details.catalog_id }),
      ...(details.package_ids === undefined ? {} : { package_ids: details.package_ids }),
      ...(details.components === undefined ? {} : { components: details.components }),
      ...(details.package_ids === undefined ? { exclude_components: details.exclude_components } : {}),
    },
    apply: frame.apply ?? 'now',
    scp_backup_first: frame.scp_backup_first ?? true,
    transfer: details.transfer,
    max_passes: details.max_passes,
    on_component_failure: details.on_component_failure,
    upload_timeout_minutes: details.upload_timeout_minutes,
    job_timeout_minutes: details.job_timeout_minutes,
    force_reboot_after_minutes: details.force_reboot_after_minutes,
    reboot_timeout_minutes: frame.reboot_timeout_minutes,
  }
}
