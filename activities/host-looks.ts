import type { HostFacts } from '../clients/vsphere/host-facts.js'
import { readVms } from '../clients/vsphere/vm.js'
import type { AtHost } from './with-vcenter.js'

/** Powered-on VMs on a host, without those that vCenter removes by itself. Null when the list could not be read. */
export async function poweredOnVms(at: AtHost, facts: HostFacts): Promise<{ moid: string; name: string }[] | null> {
  if (facts.vm_moids === null) return null
  const vms = await readVms(at.session, facts.vm_moids)
  return vms
    .filter(
      (vm) =>
        vm.power_state !== 'poweredOff' &&
        vm.power_state !== 'suspended' &&
        !vm.is_service_vm &&
        vm.host_moid === at.moid,
    )
    .map((vm) => ({ moid: vm.moid, name: vm.name }))
}

/** How often and how long one looks at a host through vCenter. */
export function hostLimits(at: AtHost, what: string, limit_minutes: number) {
  return {
    interval_ms: 10_000,
    limit_ms: limit_minutes * 60_000,
    scale: at.scale,
    what,
    waiting_code: 'DeviceBusy' as const,
  }
}
