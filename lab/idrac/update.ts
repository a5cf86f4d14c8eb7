import { readPackage } from '../firmware/update-package.js'
import type { PackageFacts, SimFirmware, SimJob } from '../model-server.js'
import { type Answer, accepted, done, refusal } from './answers.js'
import { availablePackages, keepAvailable } from './available.js'
import { fetchFile } from './fetch-file.js'
import { inventoryId, inventoryRows } from './inventory.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import { boundaryOf, type Part, parseMultipart } from './multipart.js'
import type { JsonObject } from './recorded.js'
import { type Call, pathPattern, type Route } from './route.js'
import { INSTALL, MULTIPART_URI, SIMPLE_UPDATE, START_UPDATE } from './update-service.js'
import { INVENTORY, type View } from './view.js'

type ApplyTime = SimJob['apply']
const APPLY_TIMES: readonly ApplyTime[] = ['Immediate', 'OnReset', 'OnStartUpdateRequest']

const isAnswer = (value: object): value is Answer => typeof (value as Answer).status === 'number'

/** The apply time of a request; Immediate when it names none; a refusal when this firmware lacks it. */
function applyTimeOf(view: View, parameters: JsonObject): ApplyTime | Answer {
  const wanted = parameters['@Redfish.OperationApplyTime'] ?? 'Immediate'
  const known = APPLY_TIMES.find((one) => one === wanted)
  return known ?? refusal(view, 400, { id: 'SYS426', args: [String(wanted), '@Redfish.OperationApplyTime'] })
}

/** Personality: uploads fail with HTTP 500 `RAC964` until the iDRAC has been restarted. */
function uploadBroken(view: View): boolean {
  if (!view.flags.upload_rac964) return false
  const { face, restart_count } = view.server.idrac
  if (typeof face.rac964_since !== 'number') face.rac964_since = restart_count
  return face.rac964_since === restart_count
}

/** HTTP status of a refusal that names why a package cannot be taken. */
const refusePackage = (view: View, id: string, args: string[] = []): Answer => refusal(view, 400, { id, args })

/** Makes the firmware job of a package, or says why not. */
export function submit(view: View, facts: PackageFacts, apply: ApplyTime, rollback = false): SimJob | Answer {
  const { core, server } = view
  const verdict = core.jobs.applicability(server, facts)
  if (!verdict.ok) return refusePackage(view, verdict.message_id, [facts.name])
  return core.jobs.submitFirmware(server, facts, { apply, rollback })
}

const describe = (facts: PackageFacts, job: SimJob): string => `${job.id} ${job.apply}: ${facts.name} ${facts.version}`

/** Personality: the first upload's answer is lost although its job exists. */
function sendOrDrop(view: View, answer: Answer): Answer {
  const { face } = view.server.idrac
  if (!view.flags.drop_answer_of_first_upload || face.upload_answer_dropped === true) return answer
  face.upload_answer_dropped = true
  return { ...answer, delivery: { how: 'close' } }
}

type Upload = { parameters: JsonObject; file: Part & { fileName: string } }

function parametersOf(view: View, part: Part | undefined): JsonObject | Answer {
  // QUIRK iDRAC9/10: UpdateParameters comes first and must not have a file name. Source: dell/iDRAC-Redfish-Scripting DeviceFirmwareMultipartUploadREDFISH.py.
  if (part?.name !== 'UpdateParameters' || part.fileName !== undefined)
    return refusal(view, 400, { id: 'SYS428', args: ['UpdateParameters'] })
  try {
    const value: unknown = JSON.parse(part.content.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // falls through to the refusal
  }
  return refusal(view, 400, { id: 'SYS405' })
}

function uploadOf({ view, headers, raw }: Call): Upload | Answer {
  const boundary = boundaryOf(headers['content-type'])
  if (boundary === undefined) return refusal(view, 415, { id: 'SYS401' })
  const parts = parseMultipart(raw, boundary)
  if (!parts) return refusal(view, 400, { id: 'SYS412' })
  const parameters = parametersOf(view, parts[0])
  if (isAnswer(parameters)) return parameters
  const file = parts[1]
  if (file?.name !== 'UpdateFile' || file.fileName === undefined)
    return refusal(view, 400, { id: 'SYS428', args: ['UpdateFile'] })
  return { parameters, file: { ...file, fileName: file.fileName } }
}

const EXTENSIONS = /\.(exe|d7|d9|d10|pm|usc)$/i

function multipartUpload(call: Call): Answer {
  const { view } = call
  if (isLocked(view)) return lockdownRefusal(view, 'RAC1201')
  if (uploadBroken(view)) return refusal(view, 500, { id: 'RAC964' })
  const upload = uploadOf(call)
  if (isAnswer(upload)) return upload
  // QUIRK iDRAC (all): Linux packages (.BIN) are refused by their name. Seen: SYS434. Source: iDRAC message registry 2.7.0.
  if (!EXTENSIONS.test(upload.file.fileName)) return refusal(view, 400, { id: 'SYS434' })
  const apply = applyTimeOf(view, upload.parameters)
  if (typeof apply !== 'string') return apply
  const reading = readPackage(upload.file.content)
  if (!reading.ok) return refusePackage(view, reading.message_id)
  const job = submit(view, reading.facts, apply)
  return isAnswer(job) ? job : sendOrDrop(view, accepted(view, job.id, describe(reading.facts, job)))
}

/** What a rollback installs: the previous version of the row. */
function rollbackFacts(view: View, row: SimFirmware): PackageFacts {
  return {
    version: row.previous_version ?? '',
    component_id: row.component_id,
    component_type: row.component_type,
    name: row.name,
    models: [view.server.model],
    system_ids: [view.server.system_id.toString(16).toUpperCase().padStart(4, '0')],
    prerequisites: [],
    ...(row.pci ? { pci: row.pci } : {}),
  }
}

function fromInventory(view: View, uri: string, apply: ApplyTime): Answer {
  const id = decodeURIComponent(uri.slice(INVENTORY.length + 1))
  const available = availablePackages(view.server).find((one) => one.id === id)
  const previous = inventoryRows(view.server).find(
    ({ kind, row }) => kind === 'Previous' && inventoryId(kind, row) === id,
  )
  const facts = available?.facts ?? (previous && rollbackFacts(view, previous.row))
  if (!facts) return refusal(view, 404, { id: 'SYS403', args: [id] })
  if (previous && ['cpld', 'diagnostics', 'driver_pack'].includes(previous.row.component))
    return refusePackage(view, 'RED018')
  const job = submit(view, facts, apply, previous !== undefined)
  if (isAnswer(job)) return job
  if (available)
    keepAvailable(
      view.server,
      availablePackages(view.server).filter((one) => one.id !== id),
    )
  return accepted(view, job.id, describe(facts, job))
}

/** A job that ends at once because the file could not be had, as a download job does. */
function failedDownload(view: View, apply: ApplyTime, messageId: string, uri: string): Answer {
  const { core, server } = view
  const job = core.jobs.create(server, {
    kind: 'other',
    job_type: 'FirmwareUpdate',
    name: 'Firmware Update: Download',
    apply,
    run_ms: 1000,
  })
  core.jobs.finish(server, job, 'Failed', messageId, `Unable to transfer the file ${uri.split('/').at(-1) ?? ''}.`)
  return accepted(view, job.id, `${job.id} failed download`)
}

async function simpleUpdate(call: Call): Promise<Answer> {
  const { view, body } = call
  if (isLocked(view)) return lockdownRefusal(view, 'RAC1201')
  const { ImageURI: uri, TransferProtocol: protocol } = body
  if (typeof uri !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['ImageURI'] })
  const apply = applyTimeOf(view, body)
  if (typeof apply !== 'string') return apply
  if (uri.startsWith(`${INVENTORY}/`)) return fromInventory(view, uri, apply)
  if (protocol !== undefined && !['HTTP', 'HTTPS', 'NFS', 'CIFS', 'TFTP'].includes(String(protocol)))
    return refusal(view, 400, { id: 'SYS426', args: [String(protocol), 'TransferProtocol'] })
  if (apply === 'OnStartUpdateRequest' && body.Username !== undefined) return refusal(view, 400, { id: 'SUP0554' })
  const got = await fetchFile(uri, view.server.idrac.address)
  if (!got.ok) return failedDownload(view, apply, got.message_id, uri)
  const reading = readPackage(got.bytes)
  if (!reading.ok) return failedDownload(view, apply, reading.message_id, uri)
  const job = submit(view, reading.facts, apply)
  return isAnswer(job) ? job : accepted(view, job.id, describe(reading.facts, job))
}

/** `DellUpdateService.Install` of packages that were pushed before; `InstallUpon` says when. */
function install({ view, body }: Call): Answer {
  if (!view.profile.httpPush) return refusal(view, 404, { id: 'SYS403', args: ['DellUpdateService.Install'] })
  if (isLocked(view)) return lockdownRefusal(view, 'RAC1201')
  const { SoftwareIdentityURIs: uris, InstallUpon: upon } = body
  const first = Array.isArray(uris) ? uris[0] : uris
  if (typeof first !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['SoftwareIdentityURIs'] })
  if (upon !== 'Now' && upon !== 'NowAndReboot' && upon !== 'NextReboot')
    return refusal(view, 400, { id: 'SYS426', args: [String(upon), 'InstallUpon'] })
  return fromInventory(view, first, upon === 'NextReboot' ? 'OnReset' : 'Immediate')
}

function startUpdate({ view }: Call): Answer {
  const started = view.core.jobs.startHeld(view.server)
  return done(view, `${started} held updates started`)
}

export const updateRoutes: Route[] = [
  { method: 'POST', pattern: pathPattern(MULTIPART_URI), mutation: true, form: true, act: multipartUpload },
  { method: 'POST', pattern: pathPattern(SIMPLE_UPDATE), mutation: true, act: simpleUpdate },
  { method: 'POST', pattern: pathPattern(INSTALL), mutation: true, act: install },
  { method: 'POST', pattern: pathPattern(START_UPDATE), mutation: true, act: startUpdate },
]
