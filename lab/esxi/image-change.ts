import type { SimImage } from '../model-vsphere.js'

type Vib = SimImage['vibs'][number]

/** What bringing an image onto a host would do to its VIBs. Ids as esxcli prints them. */
export interface ImageChange {
  install: Vib[]
  remove: Vib[]
  skip: Vib[]
  /** the VIBs afterwards */
  result: Vib[]
}

const VENDOR_IDS: Record<string, string> = { VMware: 'VMware', 'VMware, Inc.': 'VMware', 'Dell Inc.': 'DEL' }

/** `VMware_bootbank_esx-base_8.0.3-0.70.24859861` */
export const vibId = (vib: Vib): string =>
  `${VENDOR_IDS[vib.vendor] ?? vib.vendor}_${vib.bootbank}_${vib.name}_${vib.version}`

/**
 * `update` brings newer VIBs and adds missing ones, and keeps everything else; `install` makes the host exactly the
 * image. Older VIBs of the image are skipped by an update.
 */
export function imageChange(current: readonly Vib[], image: SimImage, method: 'update' | 'install'): ImageChange {
  const known = new Map(current.map((vib) => [vib.name, vib]))
  const change: ImageChange = { install: [], remove: [], skip: [], result: [] }
  for (const vib of image.vibs) {
    const old = known.get(vib.name)
    const order = old ? compareVersions(vib.version, old.version) : 1
    if (order === 0 || (order < 0 && method === 'update')) {
      change.skip.push(old && order < 0 ? vib : (old ?? vib))
      change.result.push(old ?? vib)
      continue
    }
    change.install.push(vib)
    change.result.push(vib)
    if (old) change.remove.push(old)
  }
  const extra = current.filter((vib) => !image.vibs.some((one) => one.name === vib.name))
  if (method === 'install') change.remove.push(...extra)
  else change.result.push(...extra)
  return change
}

/** Compares versions number by number; letters between numbers count as text. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(/[.\-_]/)
  const right = b.split(/[.\-_]/)
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const x = left[index] ?? '0'
    const y = right[index] ?? '0'
    if (x === y) continue
    const numbers = /^\d+$/.test(x) && /^\d+$/.test(y)
    return numbers ? Number(x) - Number(y) : x < y ? -1 : 1
  }
  return 0
}
