/** ESXi images of the simulated site: what hosts run and what the depots hold. Data only. */
import type { SimImage } from '../model-vsphere.js'

type Vib = SimImage['vibs'][number]

const vmware = (name: string, version: string): Vib => ({
  name,
  version,
  vendor: 'VMware',
  acceptance: 'VMwareCertified',
  bootbank: 'bootbank',
})
const partner = (name: string, version: string, vendor: string): Vib => ({
  name,
  version,
  vendor,
  acceptance: 'PartnerSupported',
  bootbank: 'bootbank',
})

/** The VIBs that matter of an image whose base version is, e.g., `8.0.3-0.70.24859861`. */
function vibsOf(base: string, dell: { bnxtnet: string; perc: string; i40en: string } | null): Vib[] {
  const major = base.slice(0, 3).replace('.', '')
  const inbox = [
    vmware('bmcal', base),
    vmware('cpu-microcode', base),
    vmware('esx-base', base),
    vmware('esx-dvfilter-generic-fastpath', base),
    vmware('esx-update', base),
    vmware('esx-xserver', base),
    vmware('esxio-combiner', base),
    vmware('gc', base),
    vmware('loadesx', base),
    vmware('native-misc-drivers', base),
    vmware('vdfs', base),
    vmware('vsan', base),
    vmware('vsanhealth', base),
    vmware('trx', base),
    {
      ...vmware('tools-light', major === '70' ? '12.3.0.22234872-23794019' : '12.4.5.23787635-24262298'),
      bootbank: 'locker',
    },
  ]
  if (!dell)
    return [...inbox, vmware('bnxtnet', `216.0.50.0-66vmw.${major}3`), vmware('lsi-mr3', `7.728.02.00-1vmw.${major}3`)]
  return [
    ...inbox,
    partner('bnxtnet', dell.bnxtnet, 'BCM'),
    partner('lsi-mr3', dell.perc, 'BCM'),
    partner('i40en', dell.i40en, 'INT'),
    partner('dell-configuration-vib', `${base.slice(0, 3)}.0-A01`, 'DEL'),
  ]
}

export const DELL_703: SimImage = {
  name: 'DEL-ESXi-703_23794027-A24',
  version: '7.0.3',
  build: '23794027',
  update: 3,
  patch: 125,
  acceptance: 'PartnerSupported',
  vendor: 'Dell Inc.',
  vibs: vibsOf('7.0.3-0.125.23794027', {
    bnxtnet: '226.0.145.1-1OEM.700.1.0.15843807',
    perc: '7.726.02.00-1OEM.700.1.0.15843807',
    i40en: '2.7.2.0-1OEM.700.1.0.15843807',
  }),
}

export const DELL_802: SimImage = {
  name: 'DEL-ESXi_802.22380479-A04',
  version: '8.0.2',
  build: '22380479',
  update: 2,
  patch: 0,
  acceptance: 'PartnerSupported',
  vendor: 'Dell Inc.',
  vibs: vibsOf('8.0.2-0.0.22380479', {
    bnxtnet: '226.0.145.4-1OEM.800.1.0.20613240',
    perc: '7.728.02.00-1OEM.800.1.0.20613240',
    i40en: '2.7.2.0-1OEM.800.1.0.20613240',
  }),
}

/** The newest by build: Dell's image of 8.0 U3. */
export const DELL_803: SimImage = {
  name: 'DEL-ESXi_803.24859861-A03',
  version: '8.0.3',
  build: '24859861',
  update: 3,
  patch: 70,
  acceptance: 'PartnerSupported',
  vendor: 'Dell Inc.',
  vibs: vibsOf('8.0.3-0.70.24859861', {
    bnxtnet: '231.0.162.0-1OEM.800.1.0.20613240',
    perc: '7.732.05.00-1OEM.800.1.0.20613240',
    i40en: '2.9.2.0-1OEM.800.1.0.20613240',
  }),
}

export const STANDARD_802B: SimImage = {
  name: 'ESXi-8.0U2b-23305546-standard',
  version: '8.0.2',
  build: '23305546',
  update: 2,
  patch: 25,
  acceptance: 'PartnerSupported',
  vendor: 'VMware, Inc.',
  vibs: vibsOf('8.0.2-0.25.23305546', null),
}

export const NO_TOOLS_802B: SimImage = {
  ...STANDARD_802B,
  name: 'ESXi-8.0U2b-23305546-no-tools',
  vibs: STANDARD_802B.vibs.filter((vib) => vib.name !== 'tools-light'),
}

/** Security-only, so an older build. */
export const SECURITY_802: SimImage = {
  ...STANDARD_802B,
  name: 'ESXi-8.0U2sb-23305545-standard',
  build: '23305545',
  patch: 20,
  vibs: vibsOf('8.0.2-0.20.23305545', null),
}

/** Offline bundles of the depot datastore, oldest first; paths are below the datastore. */
export const DEPOTS: readonly { path: string; size_bytes: number; profiles: SimImage[] }[] = [
  {
    path: 'depots/VMware-VMvisor-Installer-8.0.0.update02-22380479.x86_64-Dell_Customized-A04.zip',
    size_bytes: 618_432_118,
    profiles: [DELL_802],
  },
  {
    path: 'depots/VMware-ESXi-8.0U2b-23305546-depot.zip',
    size_bytes: 603_118_764,
    profiles: [STANDARD_802B, NO_TOOLS_802B, SECURITY_802],
  },
  {
    path: 'depots/VMware-VMvisor-Installer-8.0.0.update03-24859861.x86_64-Dell_Customized-A03.zip',
    size_bytes: 655_921_447,
    profiles: [DELL_803],
  },
]
