import type { ClusterBrief } from '../../activities/contracts/cluster.js'
import { jobErrorOf } from '../lib/failure.js'
import type { WorkContext } from '../lib/job-input.js'
import { core, devices } from '../lib/proxies.js'
import type { RollingDetails } from './rolling-details.js'

interface At {
  context: WorkContext
  cluster_id: string
}

/** Suspends what would disturb the roll; each is recorded before it is changed. */
export async function borrowSettings(at: At, details: RollingDetails, cluster: ClusterBrief): Promise<void> {
  const { vsphereMutate } = devices(at.context.site)
  if (details.dpm === 'suspend' && cluster.dpm_enabled !== false)
    await vsphereMutate.borrowClusterSetting({ ...at, setting: 'dpm' })
  if (details.ha_admission === 'suspend') await vsphereMutate.borrowClusterSetting({ ...at, setting: 'ha_admission' })
}

/** Gives them back; what cannot be given back is named in attention. */
export async function returnSettings(at: At): Promise<void> {
  const { vsphereMutate } = devices(at.context.site)
  try {
    await vsphereMutate.returnClusterSettings(at)
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    await core.openAttention({
      job_id: at.context.job_id,
      entries: [
        {
          target_kind: 'cluster',
          target_id: at.cluster_id,
          target_label: 'cluster settings',
          state_left: 'DPM or HA admission control still changed',
          code: error.code,
          message: error.message,
          next_action: 'Set DPM and HA admission control of the cluster back by hand.',
        },
      ],
    })
  }
}
