/** A managed object reference. `value` (`host-21`) is unique only inside one vCenter: store it with `about.instance_uuid`. */
export interface MoRef {
  readonly type: string
  readonly value: string
}

/** Builds a reference, e.g. `moRef('HostSystem', 'host-21')`. */
export function moRef(type: string, value: string): MoRef {
  return { type, value }
}
