import type { DeviceJob } from '../facts.js'
import { arrayOf, dellOf, type JsonObject, numberAt, objectAt, objectsOf, textAt } from '../json.js'
import { shortMessageId } from '../messages.js'
import { classifyJob } from './job-state.js'

/** A job's time as the device wrote it; `TIME_NOW` and `TIME_NA` are none. Usually device-local, without offset. */
function jobTime(body: JsonObject, key: string): string | null {
  const text = textAt(body, key)
  return text && /^\d{4}-\d{2}-\d{2}T/.test(text) && !text.startsWith('0000') ? text : null
}

/**
 * What a job's name says about its component: `Configure: BIOS.Setup.1-1` → `BIOS.Setup.1-1`,
 * `update:DCIM:INSTALLED#741__BIOS.Setup.1-1` → `BIOS.Setup.1-1`, `Firmware Update: BIOS` → `BIOS`.
 */
export function componentHint(name: string | null): string | null {
  if (name === null) return null
  const tail = name.includes('__') ? name.slice(name.lastIndexOf('__') + 2) : /^[\w ]+?:\s*(.+)$/.exec(name)?.[1]
  return tail?.trim() || null
}

/** The Dell view: the one to judge by. Ids are bare (`PR19`). */
export function fromDellJob(body: JsonObject): DeviceJob | null {
  const id = textAt(body, 'Id')
  if (id === null) return null
  const messageId = textAt(body, 'MessageId')
  const words = {
    state: textAt(body, 'JobState'),
    message_id: messageId === null ? null : shortMessageId(messageId),
    message: textAt(body, 'Message'),
  }
  const name = textAt(body, 'Name')
  return {
    id,
    name,
    job_type: textAt(body, 'JobType'),
    state_class: classifyJob(words),
    raw_state: words.state,
    percent: numberAt(body, 'PercentComplete'),
    message_id: words.message_id,
    message: words.message?.slice(0, 2_000) ?? null,
    message_args: arrayOf(body.MessageArgs).map(String),
    component_hint: componentHint(name),
    target_settings_uri: textAt(body, 'TargetSettingsURI'),
    start_time: jobTime(body, 'StartTime'),
    actual_start_time: jobTime(body, 'ActualRunningStartTime'),
    end_time: jobTime(body, 'CompletionTime') ?? jobTime(body, 'ActualRunningStopTime') ?? jobTime(body, 'EndTime'),
    view: 'dell',
  }
}

/**
 * The DMTF view. A staged job reads `Starting` here, and one with errors `Exception` or `Completed` with a warning.
 */
export function fromDmtfJob(body: JsonObject): DeviceJob | null {
  const message = objectsOf(body.Messages)[0]
  const job = fromDellJob({
    ...body,
    Message: textAt(message, 'Message'),
    MessageId: textAt(message, 'MessageId'),
    MessageArgs: message?.MessageArgs,
  })
  return job && { ...job, state_class: withStatus(job, textAt(body, 'JobStatus')), view: 'dmtf' }
}

/** A task. When it carries the Dell job, that one is judged. */
export function fromTask(body: JsonObject): DeviceJob | null {
  const dell = dellOf(body)
  if (textAt(dell, 'JobState') !== null && dell) {
    const job = fromDellJob({ ...dell, Id: textAt(dell, 'Id') ?? textAt(body, 'Id') })
    return job && { ...job, view: 'task' }
  }
  const job = fromDmtfJob({ ...body, JobState: textAt(body, 'TaskState'), JobStatus: textAt(body, 'TaskStatus') })
  return job && { ...job, job_type: textAt(objectAt(body, 'Oem', 'Dell'), 'JobType'), view: 'task' }
}

function withStatus(job: DeviceJob, status: string | null): DeviceJob['state_class'] {
  const doubtful = job.state_class === 'succeeded' && (status === 'Warning' || status === 'Critical')
  return doubtful ? 'partial' : job.state_class
}
