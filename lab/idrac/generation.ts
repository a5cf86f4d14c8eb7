import type { Generation } from '../model-server.js'

/** What one generation of iDRAC does differently on the wire. */
export type GenerationProfile = {
  /** first half of `Model` of the Manager and of `SystemGeneration` */
  generation: Generation
  /** `9` for 14G to 16G, `10` for 17G */
  idrac: 9 | 10
  redfishVersion: string
  /** prefix of Dell MessageIds, such as `IDRAC.2.8` */
  registry: string
  /** prefix of DMTF base MessageIds and of `error.code` */
  base: string
  /** `{mgr}/Jobs`, `{mgr}/Attributes` and the `EID_674_Manager` targets; gone on iDRAC10 */
  oldPaths: boolean
  /** `Available-…` rows through HttpPushUri; gone on iDRAC10 */
  httpPush: boolean
  /** asynchronous answers point to TaskMonitors, which answer 204, instead of Tasks */
  taskMonitors: boolean
  /** boot override is taken only on `Systems/System.Embedded.1/Settings` */
  bootOnSettings: boolean
  /** a POST with If-Match is answered by 412 */
  refusesIfMatchOnPost: boolean
  /** the member order of FirmwareInventory changes per call */
  shufflesInventory: boolean
  /** virtual media on the Manager (deprecated from 6.00) */
  managerVirtualMedia: boolean
  /** keys of the SCP actions and the last segment of their targets */
  scpActionPrefix: string
  scpTargetPrefix: string
  dellJobType: string
}

const IDRAC9: Omit<GenerationProfile, 'generation'> = {
  idrac: 9,
  redfishVersion: '1.13.1',
  registry: 'IDRAC.2.7',
  base: 'Base.1.12',
  oldPaths: true,
  httpPush: true,
  taskMonitors: false,
  bootOnSettings: false,
  refusesIfMatchOnPost: false,
  shufflesInventory: false,
  managerVirtualMedia: true,
  scpActionPrefix: '#OemManager.v1_4_0.OemManager#OemManager.',
  scpTargetPrefix: 'EID_674_Manager.',
  dellJobType: '#DellJob.v1_2_0.DellJob',
}

const NEWER_9 = {
  redfishVersion: '1.18.0',
  registry: 'IDRAC.2.9',
  base: 'Base.1.15',
  scpActionPrefix: '#OemManager.',
  dellJobType: '#DellJob.v1_5_0.DellJob',
}

const IDRAC10: Omit<GenerationProfile, 'generation'> = {
  ...IDRAC9,
  ...NEWER_9,
  idrac: 10,
  redfishVersion: '1.20.1',
  registry: 'IDRAC.2.10',
  base: 'Base.1.18',
  oldPaths: false,
  httpPush: false,
  taskMonitors: true,
  bootOnSettings: true,
  refusesIfMatchOnPost: true,
  shufflesInventory: true,
  managerVirtualMedia: false,
  scpTargetPrefix: 'OemManager.',
}

/** Major version of a four-part iDRAC version; comparable within iDRAC9 only, since iDRAC10 began again at 1. */
function major(firmwareVersion: string): number {
  return Number.parseInt(firmwareVersion.split('.')[0] ?? '', 10) || 0
}

/** The behaviour of an iDRAC, from its generation and, within iDRAC9, its firmware line (6.x as recorded, 7.x as reported). */
export function generationProfile(generation: Generation, firmwareVersion: string): GenerationProfile {
  if (generation === '17G') return { generation, ...IDRAC10 }
  return { generation, ...IDRAC9, ...(major(firmwareVersion) >= 7 ? NEWER_9 : {}) }
}
