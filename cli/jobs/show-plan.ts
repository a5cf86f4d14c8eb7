import { answer } from '../api/client.js'
import type { Context } from '../context.js'
import type { Job } from './order.js'
import { printPlan } from './plan-table.js'

/** The plan of a dry run; that of a job over several clusters is preceded by the plan of each. */
export async function showPlan({ api, print }: Pick<Context, 'api' | 'print'>, job: Job): Promise<void> {
  if (!job.result?.plan) return
  for (const { job_id } of (job.result.clusters ?? []) as { job_id?: string }[]) {
    if (!job_id) continue
    const { plan } = await answer(api.client.GET('/api/v1/jobs/{id}/plan', { params: { path: { id: job_id } } }))
    if (plan === null) continue
    printPlan(print, plan)
    print.line('')
  }
  printPlan(print, job.result.plan)
}
