import type { Db } from '../../db/connect.js'
import type { JobTarget } from '../../db/schema/jobs.js'
import type { Caller } from '../../db/stores/callers.js'
import { listReadyCatalogs } from '../../db/stores/firmware-catalogs.js'
import { getHost } from '../../db/stores/hosts.js'
import { getFirmwarePackages, getUpload } from '../../db/stores/media.js'
import { getUpgradeProfile } from '../../db/stores/safety-checks.js'
import { listVcenters } from '../../db/stores/vcenters.js'
import { forbiddenSpans } from '../../domain/device-address.js'
import { countAddresses, type IpRange, mergeSpans, parseRange, subtractSpans } from '../../domain/ip-range.js'
import type { JobDefinition } from '../../workflows/define.js'
import { type FieldProblem, Problem } from '../errors.js'

type Details = Record<string, unknown>

/** Above so many addresses a scan wants its count confirmed. */
const CONFIRM_ADDRESSES = 65_536

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []

/** Targets of job types that take none from `target_scope` but name them in their details; one task each. */
export async function targetsFromDetails(
  db: Db,
  definition: JobDefinition,
  details: Details,
  caller: Caller,
  host_ids: string[] = [],
): Promise<JobTarget[]> {
  if (typeof details.vcenter_id === 'string' && typeof details.datastore === 'string')
    return datastoreTarget(db, { vcenter_id: details.vcenter_id, datastore: details.datastore }, host_ids)
  if (Array.isArray(details.ip_ranges)) return rangeTargets(details)
  if (Array.isArray(details.vcenter_ids)) return vcenterTargets(db, texts(details.vcenter_ids))
  if (typeof details.upload_id === 'string') return uploadTarget(db, details.upload_id, caller)
  // What works on our own store or on the company's directory has one target, named after the job type.
  const kind = definition.family === 'directory' ? 'user_source' : 'file'
  const name = typeof details.url === 'string' ? withoutQuery(details.url) : definition.title
  return [{ kind, id: definition.job_type, name }]
}

/** An address as it may be shown: a user before the host or what follows the path may be a key. */
function withoutQuery(url: string): string {
  const [path = url] = url.replace(/\/\/[^/]*@/, '//').split(/[?#]/)
  return path.slice(0, 300)
}

function rangeTargets(details: Details): JobTarget[] {
  const errors: FieldProblem[] = []
  const check = (list: string[], at: string) =>
    list.flatMap((text, i) => {
      const parsed = parseRange(text)
      if (parsed.ok) return [parsed.range]
      errors.push({ pointer: `/details/${at}/${i}`, detail: parsed.message })
      return []
    })
  const ranges = check(texts(details.ip_ranges), 'ip_ranges')
  const excluded = check(texts(details.exclude_ranges), 'exclude_ranges')
  if (errors.length > 0) throw new Problem('InvalidRequest', errors[0]?.detail ?? 'bad range', { errors })
  refuseEmptyRanges(ranges, excluded)
  const addresses = countAddresses(ranges)
  if (addresses > CONFIRM_ADDRESSES && details.confirm_address_count !== addresses) {
    throw new Problem(
      'ConfirmationRequired',
      `The ranges have ${addresses} addresses; repeat with confirm_address_count.`,
      {
        errors: [{ pointer: '/details/confirm_address_count', detail: `must be ${addresses}` }],
        members: { count: addresses },
      },
    )
  }
  const names = [...new Set(ranges.map((range) => range.text))]
  return names.map((name) => ({ kind: 'range', id: name, name }))
}

/** A range of which nothing is left names no target; loopback is judged later, by whoever knows whether a lab is in use. */
function refuseEmptyRanges(ranges: readonly IpRange[], excluded: readonly IpRange[]): void {
  const without = mergeSpans([...excluded, ...forbiddenSpans(true)])
  const errors = ranges.flatMap((range, i) =>
    countAddresses(subtractSpans([range], without)) > 0
      ? []
      : [{ pointer: `/details/ip_ranges/${i}`, detail: `${range.text} holds only excluded or forbidden addresses` }],
  )
  if (errors.length > 0) throw new Problem('EmptyTarget', `${errors[0]?.detail}. Name other ranges.`, { errors })
}

async function vcenterTargets(db: Db, ids: string[]): Promise<JobTarget[]> {
  const known = new Map((await listVcenters(db)).map((vcenter) => [vcenter.id, vcenter.name]))
  const errors = ids.flatMap((id, i) =>
    known.has(id) ? [] : [{ pointer: `/details/vcenter_ids/${i}`, detail: `${id} is unknown` }],
  )
  if (errors.length > 0) throw new Problem('UnknownTarget', 'A vCenter named does not exist.', { errors })
  return [...new Set(ids)].map((id) => ({ kind: 'vcenter', id, name: known.get(id) ?? id }))
}

/** A datastore of a vCenter, seen by all, or by the one host that is named. */
async function datastoreTarget(
  db: Db,
  { vcenter_id, datastore }: { vcenter_id: string; datastore: string },
  host_ids: string[],
): Promise<JobTarget[]> {
  const vcenter = (await listVcenters(db)).find((one) => one.id === vcenter_id)
  if (!vcenter)
    throw new Problem('UnknownTarget', 'The vCenter named does not exist.', {
      errors: [{ pointer: '/details/vcenter_id', detail: `${vcenter_id} is unknown` }],
    })
  const [host_id, second] = host_ids
  if (second !== undefined)
    throw new Problem('TooManyTargets', 'A datastore is looked into through one host at most.', {
      errors: [{ pointer: '/target_scope/host_ids', detail: 'at most one' }],
    })
  const target: JobTarget = {
    kind: 'datastore',
    id: `${vcenter_id}/${datastore}`,
    name: `${datastore} (${vcenter.name})`,
  }
  if (host_id === undefined) return [target]
  const host = await getHost(db, host_id)
  if (host?.vcenter_id !== vcenter_id || host.removed_at)
    throw new Problem('UnknownTarget', 'The host named is none of this vCenter.', {
      errors: [{ pointer: '/target_scope/host_ids/0', detail: `${host_id} is unknown there` }],
    })
  return [{ ...target, host_id }]
}

async function uploadTarget(db: Db, id: string, caller: Caller): Promise<JobTarget[]> {
  const upload = await getUpload(db, id)
  if (!upload || (upload.user_id !== caller.user_id && !caller.roles.includes('admin'))) {
    throw new Problem('MediaNotFound', 'The upload is unknown, unfinished or expired, or belongs to somebody else.', {
      errors: [{ pointer: '/details/upload_id', detail: `${id} is unknown` }],
    })
  }
  return [{ kind: 'file', id, name: upload.filename }]
}

/** Packages that the details name must exist: better said now than by every target later. */
export async function checkPackages(db: Db, details: Details): Promise<void> {
  const named = [
    { at: '/details/package_id', ids: texts([details.package_id]) },
    { at: '/details/package_ids', ids: texts(details.package_ids) },
    { at: '/details/firmware/package_ids', ids: texts((details.firmware as Details | undefined)?.package_ids) },
  ]
  const known = new Set(
    (
      await getFirmwarePackages(
        db,
        named.flatMap((n) => n.ids),
      )
    ).map((row) => row.id),
  )
  const errors = named.flatMap(({ at, ids }) =>
    ids.flatMap((id, i) =>
      known.has(id) ? [] : [{ pointer: at.endsWith('s') ? `${at}/${i}` : at, detail: `${id} is unknown` }],
    ),
  )
  if (errors.length > 0) throw new Problem('PackageNotFound', 'A firmware package named does not exist.', { errors })
}

/** So must the catalogue that is compared with: the one named, or any. */
export async function checkCatalogs(db: Db, details: Details): Promise<void> {
  const blocks = [
    { at: '/details', block: details },
    { at: '/details/firmware', block: (details.firmware as Details | undefined) ?? {} },
  ]
  const asking = blocks.filter(({ block }) => block.firmware_source === 'dell_catalog')
  if (asking.length === 0) return
  const known = await listReadyCatalogs(db)
  for (const { at, block } of asking) {
    const { catalog_id } = block
    if (catalog_id === undefined ? known.length > 0 : known.some((catalog) => catalog.id === catalog_id)) continue
    const pointer = `${at}/${catalog_id === undefined ? 'firmware_source' : 'catalog_id'}`
    const detail =
      catalog_id === undefined
        ? 'No catalog has been imported. Upload one and take it in with iso_upload, or use firmware_source local.'
        : 'There is no such catalog. List /firmware-catalogs.'
    throw new Problem('CatalogMissing', detail, { status: 422, errors: [{ pointer, detail }] })
  }
}

/** So must upgrade profiles, also those of stepping stones. */
export async function checkProfiles(db: Db, details: Details): Promise<void> {
  const blocks = [
    { at: '/details', block: details },
    { at: '/details/esxi', block: (details.esxi as Details | undefined) ?? {} },
  ]
  const named = blocks.flatMap(({ at, block }) => [
    ...texts([block.upgrade_profile_id]).map((id) => ({ pointer: `${at}/upgrade_profile_id`, id })),
    ...texts(block.stepping_stone_profile_ids).map((id, i) => ({
      pointer: `${at}/stepping_stone_profile_ids/${i}`,
      id,
    })),
  ])
  const errors: FieldProblem[] = []
  for (const { pointer, id } of named)
    if (!(await getUpgradeProfile(db, id))) errors.push({ pointer, detail: `${id} is unknown` })
  if (errors.length === 0) return
  throw new Problem('ProfileNotFound', 'An upgrade profile named does not exist. List /esxi-upgrade-profiles.', {
    status: 422,
    errors,
  })
}
