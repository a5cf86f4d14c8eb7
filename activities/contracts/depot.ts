import type { WorkContext } from '../../workflows/lib/job-input.js'
import type { StoredDepot } from './esxi.js'

export interface DepotActivities {
  /**
   * Has a depot of our store lie on a datastore of the host (V): nothing is sent when the same file is there. A half copy
   * is removed. Throws `MediaNotFound`, `HashMismatch`, `NotEnoughSpace`, `DepotNotFound` (no datastore that could hold it).
   */
  placeDepot(input: {
    context: WorkContext
    host_id: string
    depot: StoredDepot
  }): Promise<{ depot_path: string; copied: boolean }>
}
