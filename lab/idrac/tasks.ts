import type { SimJob } from '../model-server.js'
import { type Answer, noContent, notFound } from './answers.js'
import { exportedProfile } from './configuration-profile.js'
import { isPurged, isVisible, TASKS, taskBody } from './job-resource.js'
import { importMessages } from './profile-import.js'
import { type Call, pathPattern, type Route } from './route.js'
import { ROOT } from './view.js'

function taskOf({ view, params }: Call): SimJob | undefined {
  const job = view.core.jobs.find(view.server, params[0] ?? '')
  return job && isVisible(view, job) && !isPurged(view, job) ? job : undefined
}

/**
 * A task: 202 while it goes on, 200 at its end. A local profile export ends with the profile itself in the place of
 * the task.
 */
function readTask(call: Call): Answer {
  const { view, path } = call
  const job = taskOf(call)
  if (!job) return notFound(view, path)
  const profile = exportedProfile(job)
  if (profile) return profile
  const status = view.core.jobs.isFinal(job.state) ? 200 : 202
  return { status, body: taskBody(view, job, importMessages(job)) }
}

/** QUIRK iDRAC10: a task monitor answers 204 without a body; the task itself is at Tasks. Source: dell/terraform-provider-redfish job_management.go. */
function readMonitor(call: Call): Answer {
  const { view, path } = call
  const monitored = view.profile.taskMonitors || view.flags.task_monitor_204
  return monitored && taskOf(call) ? noContent() : notFound(view, path)
}

export const taskRoutes: Route[] = [
  { method: 'GET', pattern: pathPattern(`${TASKS}/{id}`), mutation: false, act: readTask },
  { method: 'GET', pattern: pathPattern(`${ROOT}/TaskService/TaskMonitors/{id}`), mutation: false, act: readMonitor },
]
