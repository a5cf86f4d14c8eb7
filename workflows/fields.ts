import { z } from 'zod'
import { COMPONENTS } from '../domain/firmware-facts.js'
import { DIRECTORY_USERNAME } from '../domain/ldap-roles.js'
import { PROFILE_COMPONENTS } from '../domain/profile-export.js'

/* Fields of `details` that several job types share, with the same name, limits and meaning in each. */

const minutes = (from: number, to: number, preset: number, what: string) =>
  z.int().min(from).max(to).default(preset).describe(`${what} (minutes)`)

export const note = {
  note: z.string().max(500).optional().describe('Free text for the audit and, for changes, the Lifecycle log'),
}

/** A name that may be asked for at a directory; `*` and other signs of a filter are in none. */
export const directoryUsername = z
  .string()
  .max(256)
  .regex(DIRECTORY_USERNAME, "letters, digits, . _ @ ' $ - and blanks")

export const concurrency = (preset: number, most: number) => ({
  concurrency: z.int().min(1).max(most).default(preset).describe('Targets worked on at once'),
})

export const lease = {
  lease_wait_minutes: minutes(0, 1440, 60, 'How long to wait for another job to let go; 0 refuses at once'),
}

export const confirmation = {
  confirm_target_count: z
    .int()
    .min(1)
    .optional()
    .describe('Must equal the number of targets of a large disruptive job'),
}

export const hostGuard = {
  evacuate_host: z.boolean().default(false).describe('Put the vSphere host into maintenance first and bring it back'),
  allow_running_vms: z.boolean().default(false).describe('Go on with running VMs on the host (admin)'),
}

export const evacuation = {
  evacuation: z.enum(['drs', 'migrate', 'none']).default('drs').describe('Who moves the running VMs'),
  maintenance_timeout_minutes: minutes(5, 1440, 60, 'Time limit for emptying a host'),
  vsan_mode: z
    .enum(['ensure_accessibility', 'evacuate_all', 'no_action'])
    .default('ensure_accessibility')
    .describe('What vSAN does with the data of the host; sent only to vSAN hosts'),
  evacuate_powered_off: z.boolean().default(false).describe('Also move VMs that are powered off'),
}

export const capacity = {
  max_cpu_percent: z.int().min(50).max(100).default(90).describe('CPU use allowed on what is left after the removal'),
  max_memory_percent: z.int().min(50).max(100).default(90).describe('Memory use allowed on what is left'),
}

export const maxUnavailable = {
  max_unavailable: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('Hosts of a cluster out of service at once, for whatever reason'),
}

/** The host guard with all it needs to empty a host: in jobs that reboot servers or switch them off. */
export const guardedOutage = { ...hostGuard, ...evacuation, ...capacity, ...maxUnavailable }

/** What every job asks that keeps others away or counts its targets; stands last in `details`. */
export const leaseAndNote = { ...lease, ...confirmation, ...note }

export const rebootTimeout = {
  reboot_timeout_minutes: minutes(10, 180, 45, 'How long a host may take to come back'),
}

/** `ALL` or a set; which of them a server has is known by its iDRAC. */
export const profileComponents = {
  components: z
    .array(z.enum(PROFILE_COMPONENTS))
    .min(1)
    .max(PROFILE_COMPONENTS.length)
    .refine((chosen) => new Set(chosen).size === chosen.length, { message: 'each at most once' })
    .refine((chosen) => chosen.length === 1 || !chosen.includes('ALL'), { message: 'ALL stands alone' })
    .default(['ALL'])
    .describe('Parts of the configuration: ALL alone, or a set'),
}

/** A depot as hosts see it. */
export const depotPath = z
  .string()
  .max(500)
  .regex(/^\/vmfs\/volumes\/[A-Za-z0-9 ._()-]+(\/[A-Za-z0-9 ._()+-]+)*\/[A-Za-z0-9 ._()+-]+\.zip$/, {
    message: 'must look like /vmfs/volumes/<datastore>/<folders>/<file>.zip',
  })
  .refine((path) => !path.split('/').some((part) => part === '..' || part === '.'), { message: 'must not contain ..' })
  .describe('Depot as the host sees it')

/** Which ESXi image; exactly one of the first three, checked by `oneDepot`. */
export const depotChoice = {
  upgrade_profile_id: z.uuid().optional().describe('Row of esxi_upgrade_profiles'),
  depot_path: depotPath.optional(),
  depot_image_id: z
    .uuid()
    .optional()
    .describe('Depot in our media store; it is copied to a datastore of the host first'),
  profile_name: z
    .string()
    .regex(/^[A-Za-z0-9._()+ -]{1,200}$/)
    .optional()
    .describe('Exact image profile name; needed when the depot holds several that fit'),
}

export const oneDepot = (given: { upgrade_profile_id?: unknown; depot_path?: unknown; depot_image_id?: unknown }) =>
  [given.upgrade_profile_id, given.depot_path, given.depot_image_id].filter((x) => x !== undefined).length === 1
export const oneDepotMessage = { message: 'give exactly one of upgrade_profile_id, depot_path, depot_image_id' }

export const esxiOptions = {
  datastore: z.string().max(255).optional().describe('Only with depot_image_id: where the depot is copied to'),
  target_build: z
    .int()
    .positive()
    .optional()
    .describe('Build that the host must have afterwards; default from the depot'),
  flavor: z.enum(['standard', 'no-tools']).default('standard').describe('Form of the image to prefer'),
  method: z.enum(['update', 'install']).default('update').describe('install makes the host exactly the image (admin)'),
  accept_removed_vibs: z.array(z.string().max(200)).max(200).default([]).describe('VIBs that install may remove'),
  stepping_stone_profile_ids: z.array(z.uuid()).max(3).default([]).describe('Upgrades to make first, in this order'),
  allow_hardware_warnings: z
    .boolean()
    .default(false)
    .describe('Go on with the hardware warnings that the preflight listed'),
  store_recovery_key: z.boolean().default(true).describe('Keep the TPM recovery key, sealed, before the first change'),
  update_timeout_minutes: minutes(10, 120, 45, 'How long the update tool may run'),
}

export const componentWord = z.enum(COMPONENTS)

/** Which firmware for a whole server; `package_ids` only with `local`. */
export const firmwareChoice = {
  firmware_source: z.enum(['local', 'dell_catalog']).describe('Where packages come from'),
  catalog_id: z.uuid().optional().describe('Imported catalog; default the newest'),
  package_ids: z.array(z.uuid()).min(1).max(20).optional().describe('Exactly these packages instead of a comparison'),
  components: z.array(componentWord).min(1).optional().describe('Only these kinds of component'),
  exclude_components: z.array(componentWord).default(['psu', 'cpld', 'tpm']).describe('Leave these out unless named'),
  min_criticality: z
    .enum(['optional', 'recommended', 'urgent'])
    .default('recommended')
    .describe('Least criticality of the catalog'),
}

export const firmwareOptions = {
  transfer: z
    .enum(['push', 'pull'])
    .default('push')
    .describe('push: we upload; pull: the iDRAC fetches from our media server'),
  max_passes: z.int().min(1).max(3).default(2).describe('Compare again after a pass, at most so often'),
  allow_downgrade: z.boolean().default(false).describe('Install an older version than is there (admin)'),
  reinstall_same: z.boolean().default(false).describe('Install even when the same version is there'),
  on_component_failure: z
    .enum(['stop', 'continue'])
    .default('stop')
    .describe('What a failed component does to the rest of its server'),
  upload_timeout_minutes: minutes(5, 120, 30, 'Time limit for one upload'),
  job_timeout_minutes: minutes(10, 240, 60, 'Time limit for one device job'),
  force_reboot_after_minutes: z
    .int()
    .min(0)
    .max(60)
    .default(0)
    .describe('Force a reboot that the OS ignores; 0 = never (minutes)'),
}

/** Firmware of servers, now or staged: the options of jobs on servers after the choice of what to install. */
export const serverFirmware = {
  ...firmwareOptions,
  ...guardedOutage,
  ...rebootTimeout,
  ...concurrency(4, 16),
  ...leaseAndNote,
}

export const applyWhen = {
  apply: z.enum(['now', 'next_reboot']).default('now').describe('next_reboot ends staged'),
}

/** `package_ids` belongs to the local source only. */
export const packagesAreLocal = (given: { firmware_source?: unknown; package_ids?: unknown }) =>
  given.package_ids === undefined || given.firmware_source === 'local'
export const packagesAreLocalMessage = { message: 'package_ids goes with firmware_source local', path: ['package_ids'] }
