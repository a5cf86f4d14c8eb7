import type { ClusterFacts as VsphereCluster } from '../clients/vsphere/cluster-facts.js'
import type { HostFacts as VsphereHost } from '../clients/vsphere/host-facts.js'
import type { ClusterFacts as ClusterColumns } from '../db/stores/clusters.js'
import type { HostFacts } from '../db/stores/hosts.js'

/** Columns of `vcenter_hosts` from what vCenter says. The wire's connection states are stored as such. */
export function hostColumns(facts: VsphereHost): HostFacts {
  return {
    name: facts.name,
    connection_state: facts.connection_state === 'unknown' ? 'notResponding' : facts.connection_state,
    power_state: facts.power_state,
    in_maintenance_mode: facts.in_maintenance_mode,
    esxi_version: facts.esxi_version,
    build: facts.build,
    boot_time: facts.boot_time,
    overall_status: facts.overall_status,
    in_quarantine: facts.in_quarantine,
    ha_state: facts.ha_state,
    lockdown_mode: facts.lockdown_mode,
    reboot_required: facts.reboot_required,
    tpm_sealed: facts.tpm_sealed,
    cpu_mhz: facts.cpu_mhz,
    memory_mb: facts.memory_mb,
    cpu_used_mhz: facts.cpu_used_mhz,
    memory_used_mb: facts.memory_used_mb,
    ...(facts.management_ip ? { ip_address: facts.management_ip } : {}),
    ...(facts.serial_number ? { serial_number: facts.serial_number } : {}),
  }
}

/** Columns of `clusters` from what vCenter says. */
export function clusterColumns(facts: VsphereCluster): ClusterColumns {
  const { capacity, drs, ha } = facts
  return {
    moid: facts.moid,
    name: facts.name,
    drs_enabled: drs.enabled,
    drs_mode: drs.mode,
    ha_enabled: ha.enabled,
    ha_admission: { enabled: ha.admission_control_enabled, policy: ha.policy },
    vsan_enabled: facts.vsan_enabled,
    image_managed: facts.image_managed,
    dpm_enabled: facts.dpm.enabled,
    evc_mode: facts.evc_mode,
    hosts_total: capacity.hosts_total,
    hosts_effective: capacity.hosts_effective,
    cpu_mhz: capacity.cpu_mhz,
    memory_mb: capacity.memory_mb,
    cpu_demand_mhz: capacity.cpu_demand_mhz,
    memory_used_mb: capacity.memory_demand_mb,
  }
}
