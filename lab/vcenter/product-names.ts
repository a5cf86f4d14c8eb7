import type { SimVcenter } from '../model-vsphere.js'
import { data, text, type VimData } from './values.js'

/** AboutInfo of an ESXi host as vCenter shows it. */
export function hostProduct(seen: { version: string; build: string }): VimData {
  return data('AboutInfo', {
    name: text('VMware ESXi'),
    fullName: text(`VMware ESXi ${seen.version} build-${seen.build}`),
    vendor: text('VMware, Inc.'),
    version: text(seen.version),
    patchLevel: undefined,
    build: text(seen.build),
    localeVersion: text('INTL'),
    localeBuild: text('000'),
    osType: text('vmnix-x86'),
    productLineId: text('embeddedEsx'),
    apiType: text('HostAgent'),
    apiVersion: text(`${seen.version}.0`),
    instanceUuid: undefined,
    licenseProductName: text('VMware ESX Server'),
    licenseProductVersion: text(seen.version.split('.')[0] ?? '8'),
  })
}

/** AboutInfo of the vCenter itself. */
export function vcenterAbout(vcenter: SimVcenter): VimData {
  return data('AboutInfo', {
    name: text('VMware vCenter Server'),
    fullName: text(`VMware vCenter Server ${vcenter.version} build-${vcenter.build}`),
    vendor: text('VMware, Inc.'),
    version: text(vcenter.version),
    patchLevel: undefined,
    build: text(vcenter.build),
    localeVersion: text('INTL'),
    localeBuild: text('000'),
    osType: text('linux-x64'),
    productLineId: text('vpx'),
    apiType: text('VirtualCenter'),
    apiVersion: text(apiVersion(vcenter)),
    instanceUuid: text(vcenter.instance_uuid),
    licenseProductName: text('VMware VirtualCenter Server'),
    licenseProductVersion: text(vcenter.version.split('.')[0] ?? '8'),
  })
}

/** `8.0.3` → `8.0.3.0`. */
export const apiVersion = (vcenter: SimVcenter): string =>
  [...vcenter.version.split('.'), '0', '0'].slice(0, 4).join('.')
