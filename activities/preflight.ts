import { DeviceError } from '../clients/errors.js'
import type { EsxiConnection } from '../clients/esxi/connection.js'
import { readDepotFile } from '../clients/esxi/depot-file.js'
import { readEsxiFacts } from '../clients/esxi/esxcli.js'
import type { EsxiFacts, FilesystemFacts } from '../clients/esxi/facts.js'
import { listProfiles } from '../clients/esxi/profiles.js'
import { dryRun, findRunningUpdate } from '../clients/esxi/update.js'
import type { HostFacts } from '../clients/vsphere/host-facts.js'
import { readVsanResync } from '../clients/vsphere/vsan.js'
import { getCluster } from '../db/stores/clusters.js'
import { updateHostFacts } from '../db/stores/hosts.js'
import { insertPreflightResult, listUpgradePaths } from '../db/stores/safety-checks.js'
import { hasRecoveryKey } from '../db/stores/sealed-secrets.js'
import { checkClusterSafety } from '../domain/cluster-safety.js'
import { preflightEsxi } from '../domain/esxi-preflight.js'
import { chooseProfile } from '../domain/esxi-profile.js'
import type {
  DepotProfile,
  EsxiDryRun,
  EsxiOnHostFacts,
  EsxiPreflightFacts,
  EsxiPreflightRequest,
} from '../domain/esxi-types.js'
import { DEFAULT_SAFETY_POLICY } from '../domain/safety-types.js'
import { seeCluster } from './cluster-reading.js'
import type { EsxiActivities, EsxiSelection, PreflightAnswer } from './contracts/esxi.js'
import { storedDepot } from './depot.js'
import type { Deps } from './deps.js'
import { withEsxi } from './esxi-connections.js'
import { type AtHost, seeHost, withHost } from './with-vcenter.js'

type Input = Parameters<EsxiActivities['preflightHost']>[0]

interface OverSsh {
  ssh: EsxiPreflightFacts['ssh']
  facts: EsxiFacts | null
  on_host: EsxiOnHostFacts | null
  profiles: DepotProfile[] | null
  depot_error: string | null
  depot_visible: boolean | null
  dry_run: EsxiDryRun | null
}

const NOTHING: Omit<OverSsh, 'ssh'> = {
  facts: null,
  on_host: null,
  profiles: null,
  depot_error: null,
  depot_visible: null,
  dry_run: null,
}

/** Everything that can be known about an upgrade before it: from vCenter, from the host, from the tool's own dry run. */
export async function preflightHost(deps: Deps, input: Input): Promise<PreflightAnswer> {
  return withHost(deps, input.context, input.host_id, async (at) => {
    const seen = await seeHost(deps, at)
    const stored = await depotOfStore(deps, input.selection)
    const over = input.ssh_available
      ? await askOverSsh(deps, input, seen, stored)
      : { ...NOTHING, ...stored?.depot, ssh: { state: 'off' as const } }
    if (input.store && over.facts) {
      const { profile_name, acceptance_level } = over.facts
      await updateHostFacts(deps.db, input.host_id, { image_profile: profile_name, acceptance_level })
    }
    const verdict = preflightEsxi(
      await factsOf(deps, at, input, seen, over),
      requestOf(input, await listUpgradePaths(deps.db)),
    )
    if (input.store) await store(deps, input, verdict)
    return verdict
  })
}

interface DepotOfStore {
  name: string
  size_bytes: number
  depot: Pick<OverSsh, 'profiles' | 'depot_error' | 'depot_visible'>
}

const stillInStore = ({ depot_path, stored_depot }: EsxiSelection) => (depot_path === '' ? stored_depot : undefined)

/** A depot that no host sees yet is read from our own file; null = the host can read it. */
async function depotOfStore(deps: Deps, selection: EsxiSelection): Promise<DepotOfStore | null> {
  const wish = stillInStore(selection)
  if (!wish) return null
  const { image, path, size_bytes } = await storedDepot(deps, wish.image_id)
  const at = { name: image.name, size_bytes }
  try {
    const profiles = await readDepotFile(path)
    return { ...at, depot: { profiles, depot_error: null, depot_visible: true } }
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || thrown.code !== 'DepotInvalid') throw thrown
    return { ...at, depot: { profiles: null, depot_error: thrown.message, depot_visible: true } }
  }
}

async function store(deps: Deps, input: Input, verdict: PreflightAnswer): Promise<void> {
  const { current, target, vibs, checks } = verdict
  await insertPreflightResult(deps.db, {
    job_id: input.context.job_id,
    host_id: input.host_id,
    verdict: verdict.verdict,
    checks,
    current,
    target,
    vibs,
  })
}

function requestOf(input: Input, path_overrides: EsxiPreflightRequest['path_overrides']): EsxiPreflightRequest {
  const { selection } = input
  return {
    flavor: selection.flavor,
    allow_hardware_warnings: selection.allow_hardware_warnings,
    method: selection.method,
    accept_removed_vibs: selection.accept_removed_vibs,
    // The tool can only try what the host can read.
    run_dry_run: input.run_dry_run && !stillInStore(selection),
    path_overrides,
    ...(selection.profile_name === null ? {} : { profile_name: selection.profile_name }),
    ...(selection.target_build === null ? {} : { target_build: selection.target_build }),
  }
}

async function factsOf(
  deps: Deps,
  at: AtHost,
  input: Input,
  seen: HostFacts,
  over: OverSsh,
): Promise<EsxiPreflightFacts> {
  const cluster = at.host.cluster_id ? await getCluster(deps.db, at.host.cluster_id) : null
  return {
    host: {
      id: at.host.id,
      name: at.host.name,
      vendor: over.facts?.vendor ?? seen.vendor,
      connection_state: seen.connection_state,
      power_state: seen.power_state,
      version: over.facts?.version ?? seen.esxi_version,
      build: over.facts?.build ?? seen.build,
      image_profile: over.facts?.profile_name ?? at.host.image_profile,
      reboot_required: seen.reboot_required,
      lockdown_mode: seen.lockdown_mode,
      tpm_sealed: seen.tpm_sealed,
      recovery_key_stored: await hasRecoveryKey(deps.db, at.host.id),
      recovery_key_readable: over.ssh.state === 'usable' ? true : null,
      secure_boot: over.facts?.encryption?.require_secure_boot ?? null,
      alarms: seen.alarms?.filter((alarm) => alarm.status === 'red').map((alarm) => alarm.alarm_moid) ?? [],
    },
    vcenter: { version: at.session.about.version, image_managed: cluster?.image_managed ?? null },
    safety: input.owner_workflow_id && cluster ? await safetyOf(deps, at, cluster, input.owner_workflow_id) : null,
    vsan_resync_bytes: cluster?.vsan_enabled ? ((await readVsanResync(at.session, cluster.moid))?.bytes ?? null) : 0,
    ssh: over.ssh,
    depot: {
      path: input.selection.depot_path || 'The depot in our store, copied before the upgrade,',
      visible: over.depot_visible,
      size_bytes: null,
      expected_size_bytes: null,
      sha256: null,
      expected_sha256: null,
      profiles: over.profiles,
      error: over.depot_error,
    },
    on_host: over.on_host,
    dry_run: over.dry_run,
  }
}

async function safetyOf(
  deps: Deps,
  at: AtHost,
  cluster: NonNullable<Awaited<ReturnType<typeof getCluster>>>,
  owner_workflow_id: string,
) {
  const seen = await seeCluster(deps, { ...at, cluster }, owner_workflow_id, [at.host.id], 'ensure_accessibility')
  const { safe, blockers } = checkClusterSafety(seen.facts, [at.host.id], DEFAULT_SAFETY_POLICY, Date.now())
  return { safe, blockers }
}

/** The host's own part. A refusal of SSH is a fact of the answer; an identity that changed is not: it stops the target. */
async function askOverSsh(deps: Deps, input: Input, seen: HostFacts, stored: DepotOfStore | null): Promise<OverSsh> {
  try {
    return await withEsxi(deps, input.context, input.host_id, ({ connection }) => ask(connection, input, seen, stored))
  } catch (thrown) {
    if (thrown instanceof DeviceError && thrown.code === 'SshUnavailable')
      return { ...NOTHING, ssh: { state: 'failed', why: thrown.message } }
    if (thrown instanceof DeviceError && thrown.code === 'AuthFailed' && isLockedDown(seen)) {
      const why = `${thrown.message}, in lockdown mode (${seen.lockdown_mode}): only its exception users may log in.`
      return { ...NOTHING, ssh: { state: 'failed', why } }
    }
    throw thrown
  }
}

/** In lockdown the right password is refused too, in the same words as a wrong one. */
const isLockedDown = ({ lockdown_mode }: HostFacts) => lockdown_mode !== null && lockdown_mode !== 'lockdownDisabled'

async function ask(
  connection: EsxiConnection,
  input: Input,
  seen: HostFacts,
  stored: DepotOfStore | null,
): Promise<OverSsh> {
  const facts = await readEsxiFacts(connection)
  const depot = stored?.depot ?? (await readDepot(connection, input.selection))
  const profile = depot.profiles ? chosen(depot.profiles, input.selection, facts.vendor ?? seen.vendor) : null
  const trial = profile && input.run_dry_run && !stored ? await tryRun(connection, input.selection, profile) : null
  return {
    ssh: { state: 'usable' },
    facts,
    on_host: await onHost(
      connection,
      facts,
      stored ? roomFor(facts.filesystems, stored.size_bytes) : freeBytes(facts.filesystems, input.selection.depot_path),
    ),
    ...depot,
    dry_run: trial,
  }
}

async function readDepot(connection: EsxiConnection, selection: EsxiSelection) {
  try {
    const listed = await listProfiles(connection, selection.depot_path)
    const profiles = listed.map(({ name, vendor, acceptance_level }) => ({ name, vendor, acceptance_level }))
    return { profiles, depot_error: null, depot_visible: true }
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || !['DepotNotFound', 'DepotInvalid'].includes(thrown.code)) throw thrown
    return {
      profiles: null,
      depot_error: thrown.facts.text ?? thrown.message,
      depot_visible: thrown.code !== 'DepotNotFound',
    }
  }
}

function chosen(profiles: DepotProfile[], selection: EsxiSelection, vendor: string | null): string | null {
  const choice = chooseProfile(profiles, {
    flavor: selection.flavor,
    vendor,
    profile_name: selection.profile_name ?? undefined,
    target_build: selection.target_build ?? undefined,
  })
  return choice.type === 'chosen' ? choice.profile.name : null
}

async function tryRun(connection: EsxiConnection, selection: EsxiSelection, profile_name: string): Promise<EsxiDryRun> {
  const { method, depot_path, allow_hardware_warnings } = selection
  return dryRun(connection, { method, depot_path, profile_name, allow_hardware_warnings })
}

async function onHost(
  connection: EsxiConnection,
  facts: EsxiFacts,
  depot_free_bytes: number | null,
): Promise<EsxiOnHostFacts> {
  const bank = facts.boot_banks.find((each) => each.name === 'bootbank')
  return {
    acceptance_level: facts.acceptance_level,
    depot_free_bytes,
    boot_bank_real: bank?.in_memory == null ? null : !bank.in_memory,
    boot_device_bytes: null,
    boot_device_kind: null,
    scratch_free_bytes: null,
    update_running: await findRunningUpdate(connection),
    community_vibs:
      facts.vibs?.filter((vib) => vib.acceptance_level === 'CommunitySupported').map((vib) => vib.name) ?? null,
    unsigned_vibs:
      facts.vibs?.filter((vib) => vib.acceptance_level === 'CommunitySupported').map((vib) => vib.name) ?? null,
    clock_offset_seconds: null,
  }
}

/** What would be left on the roomiest volume after the copy. */
function roomFor(filesystems: FilesystemFacts[] | null, size_bytes: number): number | null {
  const free = (filesystems ?? []).flatMap((fs) => (/^(VMFS|NFS)/i.test(fs.type ?? '') ? (fs.free_bytes ?? []) : []))
  return free.length === 0 ? null : Math.max(...free) - size_bytes
}

/** Free space on the volume of the depot, found by its name or its UUID. */
function freeBytes(filesystems: FilesystemFacts[] | null, depot_path: string): number | null {
  const volume = depot_path.split('/')[3]
  const found = filesystems?.find(
    (fs) => fs.volume_name === volume || fs.uuid === volume || fs.mount_point.endsWith(`/${volume}`),
  )
  return found?.free_bytes ?? null
}
