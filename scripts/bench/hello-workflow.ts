import { proxyActivities } from '@temporalio/workflow'

const { nothing } = proxyActivities<{ nothing: () => Promise<void> }>({ startToCloseTimeout: '10 s' })

/** The least that a job can be: one workflow, as many empty activities as a job of one server needs. */
export async function helloWorld(activities: number): Promise<void> {
  for (let n = 0; n < activities; n++) await nothing()
}
