/** Default minutes of the steps of an update where no past steps are known (90th percentile thinking, not average). */
export const DEFAULT_MINUTES = {
  precheck: 2,
  backup: 5,
  evacuate: 20,
  upload_per_package: 5,
  host_reboot_firmware: 40,
  cpld: 15,
  idrac: 20,
  esxi_update: 15,
  reboot: 20,
  verify: 3,
  return: 5,
  settle: 10,
} as const
export type StepKind = keyof typeof DEFAULT_MINUTES

/** 90th percentiles of past steps, by kind, in minutes; kinds without history are absent. */
export type PastMinutes = Partial<Record<StepKind, number>>

/** Expected minutes of one kind of step: history if there is any, else the default. */
export function minutesOf(kind: StepKind, past: PastMinutes = {}): number {
  return past[kind] ?? DEFAULT_MINUTES[kind]
}

export interface HostWork {
  /** Minutes of the firmware part, as its plan says; 0 = none. */
  firmware_minutes: number
  /** Number of ESXi images installed one after the other; 0 = no upgrade. */
  esxi_rounds: number
  backup: boolean
  /** Is the host emptied and brought back? */
  maintenance: boolean
}

/** Expected minutes for one host with all its steps, for window fit and plan. */
export function hostMinutes(work: HostWork, past: PastMinutes = {}): number {
  const kinds: StepKind[] = ['precheck', 'verify']
  if (work.backup) kinds.push('backup')
  if (work.maintenance) kinds.push('evacuate', 'return', 'settle')
  const fixed = kinds.reduce((sum, kind) => sum + minutesOf(kind, past), 0)
  const round = minutesOf('esxi_update', past) + minutesOf('reboot', past)
  return fixed + work.firmware_minutes + work.esxi_rounds * round
}
