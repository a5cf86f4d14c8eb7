/** Firmware rows that every iDRAC9/10 machine has; SoftwareIds as recorded on a real one. Data only. */
import type { FirmwareSeed } from './model-facts.js'

export interface CommonVersions {
  bios: [now: string, before: string]
  idrac: [now: string, before: string]
  diagnostics: string
  driver_pack: string
  cpld: string
  psu: string
}

/** BIOS, iDRAC, Lifecycle Controller, Diagnostics, Driver Pack, CPLD, TPM and two power supplies. */
export function commonRows(versions: CommonVersions): FirmwareSeed[] {
  const row = (
    component: FirmwareSeed['component'],
    fqdd: string,
    name: string,
    component_id: string,
    component_type: FirmwareSeed['component_type'],
    version: string,
    previous_version: string | null = null,
  ): FirmwareSeed => ({ component, fqdd, name, component_id, component_type, version, previous_version })
  const diagnosticsName = `Dell 64 Bit uEFI Diagnostics, version ${versions.diagnostics.slice(0, 4)}, ${versions.diagnostics}`
  return [
    row('bios', 'BIOS.Setup.1-1', 'BIOS', '159', 'BIOS', ...versions.bios),
    row('idrac', 'iDRAC.Embedded.1-1', 'Integrated Dell Remote Access Controller', '25227', 'FRMW', ...versions.idrac),
    row('other', 'USC.Embedded.1:LC.Embedded.1', 'Lifecycle Controller', '28897', 'APAC', versions.idrac[0]),
    row('diagnostics', 'Diagnostics.Embedded.1:LC.Embedded.1', diagnosticsName, '25806', 'APAC', versions.diagnostics),
    row(
      'driver_pack',
      'DriverPack.Embedded.1:LC.Embedded.1',
      `Dell OS Driver Pack, ${versions.driver_pack}, A00`,
      '18981',
      'APAC',
      versions.driver_pack,
    ),
    row('cpld', 'CPLD.Embedded.1', 'System CPLD', '27763', 'FRMW', versions.cpld),
    row('tpm', 'TPM.Integrated.1-1', 'TPM', '109673', 'FRMW', '7.2.2.0'),
    row('psu', 'PSU.Slot.1', 'Power Supply.Slot.1', '108076', 'FRMW', versions.psu),
    row('psu', 'PSU.Slot.2', 'Power Supply.Slot.2', '108076', 'FRMW', versions.psu),
  ]
}
