import type { EsxiSelection } from '../../../activities/contracts/esxi.js'
import type { HostInCluster } from '../host-maintenance.js'
import { devices } from '../proxies.js'
import type { TaskRun } from '../task-run.js'

/** Has a depot of our store lie where the host can read it; any other depot is there already. */
export async function placeDepot(task: TaskRun, host: HostInCluster, selection: EsxiSelection): Promise<EsxiSelection> {
  const { stored_depot: depot } = selection
  if (!depot || selection.depot_path !== '') return selection
  const { vsphereMutate } = devices(task.input.site)
  return task.step('precheck', 'depot', `Copying the depot to a datastore of ${host.name}.`, 6, async () => {
    const placed = await vsphereMutate.placeDepot({ context: task.context, host_id: host.host_id, depot })
    return { ...selection, depot_path: placed.depot_path }
  })
}
