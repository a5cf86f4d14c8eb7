import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { fromTask } from './dell/job-views.js'
import type { DeviceJob } from './facts.js'
import { type JsonObject, objectAt, objectsOf, textAt } from './json.js'
import { remembered, rootDocument } from './layout.js'
import { linkAt, safePath } from './links.js'
import { missingInAnswer } from './refusals.js'
import { readResource } from './resource.js'

/** What a task's address answered: the task, or (at the end of an export) the exported document itself. */
export type TaskAnswer =
  | { kind: 'task'; job: DeviceJob; attributes: ProfileResult[] }
  | { kind: 'document'; format: 'XML' | 'JSON'; text: string }

/** The fate of one attribute in an import or its preview. Values are left out: they may be secrets. */
export interface ProfileResult {
  name: string
  display_value: string | null
  failed: boolean
  error_code: string | null
  message: string | null
  severity: string | null
}

/**
 * Asks a task once. A local profile export answers with the profile itself at the end, at this same address.
 * @throws DeviceError `NotFound` when the device has purged it: ask the job instead.
 */
export async function readTask(client: RedfishClient, taskPath: string): Promise<TaskAnswer> {
  const answer = await client.send({ method: 'GET', path: taskPath, any_body: true, timeout_ms: 120_000 })
  const text = answer.text.trimStart()
  if (text.startsWith('<')) {
    if (!/<SystemConfiguration[\s>]/.test(text.slice(0, 4_096)))
      throw missingInAnswer('a task or a profile', answer.status)
    return { kind: 'document', format: 'XML', text: answer.text }
  }
  if (objectAt(answer.body, 'SystemConfiguration')) return { kind: 'document', format: 'JSON', text: answer.text }
  const job = answer.body ? fromTask(answer.body) : null
  if (!job || !answer.body) throw missingInAnswer('a task', answer.status)
  return { kind: 'task', job, attributes: resultsOf(answer.body) }
}

/** The task of a job id, for when only the id is known. */
export async function taskPathOf(client: RedfishClient, jobId: string): Promise<string> {
  const link = linkAt(await rootDocument(client), 'Tasks')
  if (!link) throw new DeviceError('Unsupported', 'It has no task service.', { sent: false, answered: false })
  const tasks = await remembered(client, 'path:tasks', async () => linkAt(await readResource(client, link), 'Tasks'))
  if (!tasks) throw new DeviceError('Unsupported', 'It lists no tasks.', { sent: true, answered: true })
  return `${safePath(tasks, client.origin)}/${encodeURIComponent(jobId)}`
}

function resultsOf(task: JsonObject): ProfileResult[] {
  return objectsOf(task.Messages).flatMap((message) => {
    const row = objectAt(message, 'Oem', 'Dell')
    const status = textAt(row, 'Status')
    if (!row || (status !== 'Failure' && status !== 'Success')) return []
    return [
      {
        name: textAt(row, 'Name') ?? '',
        display_value: textAt(row, 'DisplayValue'),
        failed: status === 'Failure',
        error_code: textAt(row, 'ErrCode'),
        // Of a failure only, and not of a secret: a message may show the value.
        message:
          status === 'Failure' && !/password|key|salt/i.test(textAt(row, 'Name') ?? '')
            ? textAt(message, 'Message')
            : null,
        severity: textAt(row, 'Severity'),
      },
    ]
  })
}
