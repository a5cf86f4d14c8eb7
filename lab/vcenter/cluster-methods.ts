import type { SimCluster } from '../model-vsphere.js'
import { clusterConfiguration } from './cluster-configuration.js'
import type { CallContext } from './context.js'
import type { SoapCall } from './envelope.js'
import { startAgent } from './host-availability.js'
import { change, clusterReceiver, type Method, read, requiredText, taskReference, userOf } from './method.js'
import { isMoving, startMove } from './migration.js'
import { targetsFor } from './placement.js'
import { waitingProposals } from './recommendations.js'
import { startTask } from './task-store.js'
import { array, data, int, reference, type VimValue } from './values.js'
import { invalidArgument, managedObjectNotFound, VimFault } from './vim-faults.js'
import { whatIfMaintenance } from './what-if.js'
import { child, childBoolean, childInteger, childrenNamed, childText, type XmlElement } from './xml-read.js'

const RECONFIGURE_MS = 3_000

const reconfigure = change((context, call) => {
  const cluster = clusterReceiver(context, call)
  const spec = child(call.args, 'spec')
  const modify = childBoolean(call.args, 'modify')
  if (!spec) throw invalidArgument('spec')
  if (modify === undefined) throw invalidArgument('modify')
  const task = startTask(context.core, context.vcenter(), {
    description: 'ComputeResource.reconfigureEx',
    entity: { type: 'ClusterComputeResource', moid: cluster.moid, name: cluster.name },
    user: userOf(context),
  })
  applySpec(context, cluster, spec, modify)
  context.core.agenda.after(RECONFIGURE_MS, 'vcenter.task_done', { vcenter: context.name, task: task.id })
  return taskReference(task)
})

/** Without `modify`, parts that the specification leaves out go back to what a new cluster has. */
function applySpec(context: CallContext, cluster: SimCluster, spec: XmlElement, modify: boolean): void {
  const das = child(spec, 'dasConfig')
  const drs = child(spec, 'drsConfig')
  const dpm = child(spec, 'dpmConfig')
  const hadAgents = cluster.ha.enabled
  if (!modify) {
    if (!das) cluster.ha.enabled = false
    if (!drs) cluster.drs = { ...cluster.drs, enabled: false, mode: 'fullyAutomated' }
    if (!dpm) cluster.dpm = { enabled: false, behavior: 'manual' }
  }
  if (das) applyDas(cluster, das)
  if (drs) applyDrs(cluster, drs)
  if (dpm) {
    cluster.dpm.enabled = childBoolean(dpm, 'enabled') ?? cluster.dpm.enabled
    const behavior = childText(dpm, 'defaultDpmBehavior')?.trim()
    if (behavior === 'automated' || behavior === 'manual') cluster.dpm.behavior = behavior
  }
  if (hadAgents || !cluster.ha.enabled) return
  for (const host of context.core.find.hostsOf(cluster)) if (!host.in_maintenance) startAgent(context.core, host)
}

function applyDas(cluster: SimCluster, das: XmlElement): void {
  const { ha } = cluster
  ha.enabled = childBoolean(das, 'enabled') ?? ha.enabled
  ha.admission_control.enabled = childBoolean(das, 'admissionControlEnabled') ?? ha.admission_control.enabled
  const monitoring = childText(das, 'hostMonitoring')?.trim()
  if (monitoring !== undefined) ha.host_monitoring = monitoring === 'enabled'
  const policy = child(das, 'admissionControlPolicy')
  if (!policy) return
  const control = ha.admission_control
  if (policy.xsiType === 'ClusterFailoverLevelAdmissionControlPolicy') control.policy = 'ClusterFailoverLevel'
  else if (policy.xsiType === 'ClusterFailoverResourcesAdmissionControlPolicy') {
    control.policy = 'ClusterFailoverResources'
    control.cpu_percent = childInteger(policy, 'cpuFailoverResourcesPercent') ?? control.cpu_percent
    control.memory_percent = childInteger(policy, 'memoryFailoverResourcesPercent') ?? control.memory_percent
  } else if (policy.xsiType === 'ClusterFailoverHostAdmissionControlPolicy') control.policy = 'ClusterFailoverHost'
  else throw invalidArgument('spec.dasConfig.admissionControlPolicy')
  control.failover_level = childInteger(policy, 'failoverLevel') ?? control.failover_level
}

function applyDrs(cluster: SimCluster, drs: XmlElement): void {
  cluster.drs.enabled = childBoolean(drs, 'enabled') ?? cluster.drs.enabled
  cluster.drs.overrides_enabled = childBoolean(drs, 'enableVmBehaviorOverrides') ?? cluster.drs.overrides_enabled
  cluster.drs.vmotion_rate = childInteger(drs, 'vmotionRate') ?? cluster.drs.vmotion_rate
  const mode = childText(drs, 'defaultVmBehavior')?.trim()
  if (mode === 'manual' || mode === 'partiallyAutomated' || mode === 'fullyAutomated') cluster.drs.mode = mode
  else if (mode !== undefined) throw invalidArgument('spec.drsConfig.defaultVmBehavior')
}

const whatIf = read((context, call) => {
  const cluster = clusterReceiver(context, call)
  const hosts = childrenNamed(call.args, 'host').map((element) => {
    const host = context.core.find.hostByMoid(context.name, element.text.trim())
    if (!host) throw managedObjectNotFound('HostSystem', element.text.trim())
    if (host.cluster !== cluster.name) throw invalidArgument('host')
    return host
  })
  if (hosts.length === 0) throw invalidArgument('host')
  if (!cluster.drs.enabled) throw new VimFault('NotSupported', 'The operation is not supported: DRS is not enabled.')
  return whatIfMaintenance(context.core, cluster, hosts)
})

const applyRecommendation = change((context, call) => {
  const cluster = clusterReceiver(context, call)
  const key = requiredText(call, 'key').trim()
  const move = waitingProposals(context.core, cluster).find((one) => one.key === key)
  if (!move) throw invalidArgument('key')
  if (!isMoving(context.core, move.vm)) startMove(context.core, move.vm, move.to, 'evacuation', userOf(context))
  return undefined
})

/** The VM that an argument `vm` names. */
function vmArgument(context: CallContext, call: SoapCall) {
  const id = requiredText(call, 'vm').trim()
  const vm = context.core.find.vmByMoid(context.name, id)
  if (!vm) throw managedObjectNotFound('VirtualMachine', id)
  return vm
}

const recommendHosts = read((context, call) => {
  clusterReceiver(context, call)
  const targets = targetsFor(context.core, vmArgument(context, call))
  return array(
    'ClusterHostRecommendation',
    targets.map((host, index) =>
      data('ClusterHostRecommendation', {
        host: reference('HostSystem', host.moid),
        rating: int(Math.max(1, 5 - index)),
      }),
    ),
  )
})

const findRules = read((context, call) => {
  const cluster = clusterReceiver(context, call)
  const vm = vmArgument(context, call)
  const rules = cluster.rules.filter((rule) => rule.vms.includes(vm.name))
  const infos = clusterConfiguration(context.core, cluster).members.rule
  const keys = new Set(rules.map((rule) => String(rule.key)))
  const items: VimValue[] = infos?.kind === 'array' ? infos.items : []
  return array(
    'ClusterRuleInfo',
    items.filter((item) => {
      const key = item.kind === 'data' ? item.members.key : undefined
      return key?.kind === 'scalar' && keys.has(key.text)
    }),
  )
})

/** Methods of a ClusterComputeResource. */
export const CLUSTER_METHODS: Record<string, Method> = {
  ReconfigureComputeResource_Task: reconfigure,
  ClusterEnterMaintenanceMode: whatIf,
  ApplyRecommendation: applyRecommendation,
  RefreshRecommendation: read(() => undefined),
  RecommendHostsForVm: recommendHosts,
  FindRulesForVm: findRules,
}
