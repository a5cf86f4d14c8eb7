import { DeviceError } from '../clients/errors.js'
import { readHost } from '../clients/vsphere/host.js'
import type { HostFacts } from '../clients/vsphere/host-facts.js'
import type { VsphereSession } from '../clients/vsphere/session.js'
import type { Cluster, Host, Vcenter } from '../db/schema/hosts.js'
import { getCluster } from '../db/stores/clusters.js'
import { getHost, updateHostFacts } from '../db/stores/hosts.js'
import { getVcenter } from '../db/stores/vcenters.js'
import { scaleFor } from '../domain/time-scale.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import { vcenterAccount } from './accounts.js'
import { auditOf, inAuditScope } from './audit-scope.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { hostColumns } from './inventory.js'
import { asVcenterError } from './vcenter-sessions.js'

export interface AtVcenter {
  vcenter: Vcenter
  session: VsphereSession
  scale: number
}

export interface AtHost extends AtVcenter {
  host: Host
  moid: string
}

export interface AtCluster extends AtVcenter {
  cluster: Cluster
}

/** Wraps every call to a vCenter: session, record, and one name for "vCenter does not answer". */
export async function withVcenter<T>(
  deps: Deps,
  context: WorkContext,
  vcenter_id: string,
  body: (at: AtVcenter) => Promise<T>,
  host_id: string | null = null,
): Promise<T> {
  const vcenter = await getVcenter(deps.db, vcenter_id)
  if (!vcenter || vcenter.removed_at)
    throw new StepFailed('UnknownTarget', `vCenter ${vcenter_id} is not there any more.`)
  const audit = auditOf(context, deps.worker_id, {
    operation_type: 'vcenter',
    device_kind: 'vcenter',
    vcenter_id,
    vcenter_host_id: host_id,
  })
  return inAuditScope(audit, async () => {
    try {
      const session = await deps.vcenters.of(vcenter, () => vcenterAccount(deps, vcenter), context.scale)
      return await body({ vcenter, session, scale: scaleFor(vcenter.host, context.scale) })
    } catch (thrown) {
      if (thrown instanceof DeviceError && thrown.code === 'AuthFailed') await deps.vcenters.drop(vcenter_id)
      throw asVcenterError(vcenter, thrown)
    }
  })
}

/** The same for one host that is known to a vCenter. */
export async function withHost<T>(
  deps: Deps,
  context: WorkContext,
  host_id: string,
  body: (at: AtHost) => Promise<T>,
): Promise<T> {
  const host = await getHost(deps.db, host_id)
  if (!host || host.removed_at) throw new StepFailed('UnknownTarget', `Host ${host_id} is not there any more.`)
  const { vcenter_id, moid } = host
  if (!vcenter_id || !moid) throw new StepFailed('Unsupported', `${host.name} belongs to no vCenter.`)
  return withVcenter(deps, context, vcenter_id, (at) => body({ ...at, host, moid }), host_id)
}

/** The same for a cluster. */
export async function withCluster<T>(
  deps: Deps,
  context: WorkContext,
  cluster_id: string,
  body: (at: AtCluster) => Promise<T>,
): Promise<T> {
  const cluster = await getCluster(deps.db, cluster_id)
  if (!cluster || cluster.removed_at)
    throw new StepFailed('UnknownTarget', `Cluster ${cluster_id} is not there any more.`)
  return withVcenter(deps, context, cluster.vcenter_id, (at) => body({ ...at, cluster }))
}

/** Reads a host fresh and saves what was seen. @throws StepFailed `HostStateUnknown` when vCenter no longer knows it */
export async function seeHost(deps: Deps, at: AtHost): Promise<HostFacts> {
  const facts = await readHost(at.session, at.moid)
  if (!facts)
    throw new StepFailed('HostStateUnknown', `vCenter ${at.vcenter.name} does not know ${at.host.name} any more.`)
  await updateHostFacts(deps.db, at.host.id, hostColumns(facts))
  return facts
}
