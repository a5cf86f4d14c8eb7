/** Would an iDRAC take a package now? Pure: state in, answer out. */

import { systemIdHex } from './hardware/model-facts.js'
import type { Applicability } from './jobs.js'
import { FINAL_JOB_STATES, type PackageFacts, type SimFirmware, type SimServer } from './model-server.js'
import { compareVersions } from './versions.js'

/** Refusal by the component that is too old; anything but CPLD and BIOS counts as the iDRAC. */
const PREREQUISITE_IDS: Record<string, 'RED145' | 'RED147'> = { '27763': 'RED145', '159': 'RED147' }

/** Inventory rows that a package is for: by component id, else by the four PCI ids. */
export function matchingRows(server: SimServer, facts: Pick<PackageFacts, 'component_id' | 'pci'>): SimFirmware[] {
  return server.firmware.filter((row) => {
    if (facts.component_id !== '0' && row.component_id === facts.component_id) return true
    const { pci } = facts
    return (
      pci !== undefined &&
      row.pci !== undefined &&
      row.pci.vendor_id === pci.vendor_id &&
      row.pci.device_id === pci.device_id &&
      row.pci.sub_vendor_id === pci.sub_vendor_id &&
      row.pci.sub_device_id === pci.sub_device_id
    )
  })
}

/** Checks in the order of the device: system, component, what is queued, prerequisites. */
export function applicabilityOf(server: SimServer, facts: PackageFacts): Applicability {
  const system = systemIdHex(server.system_id)
  if (!facts.system_ids.includes(system))
    return { ok: false, message_id: 'RED017', reason: `the package is not for system ${system}` }
  const rows = matchingRows(server, facts)
  const first = rows[0]
  if (!first) return { ok: false, message_id: 'RED097', reason: `no component ${facts.component_id} in the inventory` }
  return queued(server, rows) ?? prerequisite(server, facts) ?? { ok: true, rows, class: first.class }
}

function queued(server: SimServer, rows: SimFirmware[]): Applicability | null {
  const active = server.idrac.jobs.filter((job) => job.kind === 'firmware' && !FINAL_JOB_STATES.includes(job.state))
  const same = active.find((job) => rows.some((row) => job.fqdds.includes(row.fqdd)))
  if (same) return { ok: false, message_id: 'RED014', reason: `job ${same.id} for this device exists`, job_id: same.id }
  const isCpld = rows[0]?.class === 'cpld'
  const needsReboot = isCpld || rows[0]?.class === 'host_reboot'
  const other = active.find((job) => needsReboot && (isCpld ? job.class === 'host_reboot' : job.class === 'cpld'))
  return other
    ? {
        ok: false,
        message_id: 'RED149',
        reason: `job ${other.id} is queued; a CPLD job must be alone`,
        job_id: other.id,
      }
    : null
}

function prerequisite(server: SimServer, facts: PackageFacts): Applicability | null {
  const missing = facts.prerequisites.find((one) => {
    const installed = server.firmware.find((row) => row.component_id === one.component_id)
    return installed !== undefined && compareVersions(installed.version, one.version) < 0
  })
  if (!missing) return null
  return {
    ok: false,
    message_id: PREREQUISITE_IDS[missing.component_id] ?? 'RED022',
    reason: `component ${missing.component_id} must be ${missing.version} or newer first`,
  }
}
