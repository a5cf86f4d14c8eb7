import { basename } from 'node:path'
import { DeviceError } from '../errors.js'
import type { RedfishAnswer, RedfishClient } from './client.js'
import { numberAt, objectAt, textAt, textsOf } from './json.js'
import { updateServicePath } from './layout.js'
import { findAction, linkAt } from './links.js'
import { multipartBody } from './multipart.js'
import { missingInAnswer } from './refusals.js'
import { readResource } from './resource.js'
import { jobIdOf } from './task-location.js'

export type ApplyTime = 'Immediate' | 'OnReset' | 'OnStartUpdateRequest'

export interface UploadOptions {
  file_path: string
  /** The package's own name; default: the last part of `file_path`. */
  file_name?: string
  apply_time: ApplyTime
  /** Only for raw or PLDM images; packages name their target themselves. */
  targets?: string[]
  /** For the whole POST: the answer comes only after transfer and first check. Default 30 min. */
  timeout_ms?: number
  on_progress?: (sentBytes: number, totalBytes: number) => void
  signal?: AbortSignal
}

export interface AcceptedUpdate {
  /** `JID_…`. */
  job_id: string
  /** Path of the task, with `TaskMonitors` already rewritten. */
  task_path: string
}

/** Which upload routes this device offers; features are read, never derived from versions. */
export interface UpdateRoutes {
  path: string
  multipart_uri: string | null
  push_uri: string | null
  inventory_path: string | null
  simple_update: { target: string; protocols: string[]; apply_times: string[] } | null
  install: { target: string; install_upon: string[] } | null
  start_update: { target: string } | null
  max_image_bytes: number | null
}

const UPLOAD_TIMEOUT_MS = 30 * 60_000

/** Reads the update service: which routes exist. One GET. */
export async function readUpdateRoutes(client: RedfishClient): Promise<UpdateRoutes> {
  const path = await updateServicePath(client)
  const body = await readResource(client, path)
  const simple = findAction(body, 'UpdateService.SimpleUpdate')
  const install = findAction(body, 'DellUpdateService.Install')
  const start = findAction(body, 'UpdateService.StartUpdate')
  const size = numberAt(body, 'MaxImageSizeBytes')
  return {
    path,
    multipart_uri: textAt(body, 'MultipartHttpPushUri'),
    push_uri: textAt(body, 'HttpPushUri'),
    inventory_path: linkAt(body, 'FirmwareInventory'),
    simple_update: simple && {
      target: simple.target,
      protocols: textsOf(simple.info['TransferProtocol@Redfish.AllowableValues']),
      apply_times: textsOf(objectAt(simple.info, '@Redfish.OperationApplyTimeSupport')?.SupportedValues),
    },
    install: install && {
      target: install.target,
      install_upon: textsOf(install.info['InstallUpon@Redfish.AllowableValues']),
    },
    start_update: start && { target: start.target },
    max_image_bytes: size !== null && size > 0 ? size : null,
  }
}

/**
 * Uploads a firmware package and has it installed or staged: one POST, never repeated.
 * The device answers only after transfer and first check. An unclear end (`error.unclear`) is settled by reading the job queue.
 * @returns the device job; its id is in the Location header, not in the body
 * @throws DeviceError `Unsupported` (not sent) without a multipart route: use {@link pushPackage} and {@link installPushed};
 * `ForeignJob` with `RED014` when a job for this component exists already; `Cancelled` when `signal` aborted it.
 */
export async function uploadFirmware(client: RedfishClient, options: UploadOptions): Promise<AcceptedUpdate> {
  const routes = await readUpdateRoutes(client)
  if (!routes.multipart_uri) {
    throw new DeviceError('Unsupported', 'This firmware takes no multipart upload.', { sent: false, answered: false })
  }
  const parameters = { Targets: options.targets ?? [], '@Redfish.OperationApplyTime': options.apply_time, Oem: {} }
  const fileName = options.file_name ?? basename(options.file_path)
  const { body, content_type } = await multipartBody({
    parameters: { field: 'UpdateParameters', value: parameters },
    file: { field: 'UpdateFile', file_path: options.file_path, file_name: fileName },
    ...(options.on_progress ? { on_progress: options.on_progress } : {}),
  })
  const answer = await client.send({
    method: 'POST',
    path: routes.multipart_uri,
    stream: body,
    headers: { 'content-type': content_type },
    recorded_body: { UpdateParameters: parameters, UpdateFile: fileName, size_bytes: body.length },
    timeout_ms: options.timeout_ms ?? UPLOAD_TIMEOUT_MS,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  return acceptedUpdate(client, answer)
}

export interface PushedPackage {
  /** `…/FirmwareInventory/Available-…`: what {@link installPushed} and SimpleUpdate take. */
  image_uri: string
  etag: string | null
}

/**
 * The older route, first half: stores a package on the device (iDRAC7/8). A GET for the ETag, then one POST.
 * @throws DeviceError `Unsupported` (not sent) without this route, `StorageFull` when the device has no room.
 */
export async function pushPackage(
  client: RedfishClient,
  options: Omit<UploadOptions, 'apply_time' | 'targets'>,
): Promise<PushedPackage> {
  const { push_uri: pushUri } = await readUpdateRoutes(client)
  if (!pushUri) throw new DeviceError('Unsupported', 'This firmware takes no upload.', { sent: false, answered: false })
  const { etag } = await client.send({ method: 'GET', path: pushUri })
  const fileName = options.file_name ?? basename(options.file_path)
  const { body, content_type } = await multipartBody({
    file: { field: 'file', file_path: options.file_path, file_name: fileName },
    ...(options.on_progress ? { on_progress: options.on_progress } : {}),
  })
  const answer = await client.send({
    method: 'POST',
    path: pushUri,
    stream: body,
    headers: { 'content-type': content_type, ...(etag ? { 'if-match': etag } : {}) },
    recorded_body: { file: fileName, size_bytes: body.length },
    timeout_ms: options.timeout_ms ?? UPLOAD_TIMEOUT_MS,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const id = textAt(answer.body, 'Id')
  const imageUri = answer.location ?? textAt(answer.body, '@odata.id') ?? (id ? `${pushUri}/${id}` : null)
  if (!imageUri) throw missingInAnswer('the place of the stored package', answer.status)
  return { image_uri: imageUri, etag: answer.etag }
}

/**
 * The older route, second half: installs a stored package. One POST, never repeated.
 * QUIRK iDRAC8 2.81.81.81: its SimpleUpdate shows no apply times; Install with `InstallUpon` decides who reboots.
 * Source: recording R630 2.81.81.81.
 */
export async function installPushed(
  client: RedfishClient,
  imageUri: string,
  installUpon: 'Now' | 'NowAndReboot' | 'NextReboot',
): Promise<AcceptedUpdate> {
  const { install } = await readUpdateRoutes(client)
  if (!install) throw new DeviceError('Unsupported', 'This firmware has no Install.', { sent: false, answered: false })
  const body = { SoftwareIdentityURIs: [imageUri], InstallUpon: installUpon }
  const answer = await client.send({
    method: 'POST',
    path: install.target,
    body,
    recorded_body: body,
    timeout_ms: 120_000,
  })
  return acceptedUpdate(client, answer)
}

export interface SimpleUpdateOptions {
  /** A URL that the device reads, or a stored or previous inventory row (`…/Previous-…` rolls back). */
  image_uri: string
  transfer_protocol?: string
  apply_time?: ApplyTime
  username?: string
  password?: string
}

/**
 * Has the device fetch a package, or go back to a stored one: one POST, never repeated.
 * @throws DeviceError `Unsupported` (not sent) when the device does not offer the protocol or the apply time.
 */
export async function simpleUpdate(client: RedfishClient, options: SimpleUpdateOptions): Promise<AcceptedUpdate> {
  const { simple_update: action } = await readUpdateRoutes(client)
  const refuse = (what: string) => new DeviceError('Unsupported', what, { sent: false, answered: false })
  if (!action) throw refuse('This firmware has no SimpleUpdate.')
  const protocol = options.transfer_protocol
  if (protocol && action.protocols.length > 0 && !action.protocols.includes(protocol)) {
    throw refuse(`It fetches by ${action.protocols.join(', ')} only.`)
  }
  if (options.apply_time && !action.apply_times.includes(options.apply_time)) {
    throw refuse(`It offers no apply time ${options.apply_time}.`)
  }
  const open = {
    ImageURI: options.image_uri,
    ...(protocol ? { TransferProtocol: protocol } : {}),
    ...(options.apply_time ? { '@Redfish.OperationApplyTime': options.apply_time } : {}),
  }
  const login = {
    ...(options.username ? { Username: options.username } : {}),
    ...(options.password ? { Password: options.password } : {}),
  }
  const answer = await client.send({
    method: 'POST',
    path: action.target,
    body: { ...open, ...login },
    recorded_body: { ...open, ImageURI: withoutUserInfo(options.image_uri) },
    ...(options.password ? { secrets: [options.password] } : {}),
    timeout_ms: 120_000,
  })
  return acceptedUpdate(client, answer)
}

/** Begins the uploads that were made with `OnStartUpdateRequest`. One POST. */
export async function startUpdate(client: RedfishClient): Promise<void> {
  const { start_update: action } = await readUpdateRoutes(client)
  if (!action) throw new DeviceError('Unsupported', 'It has no StartUpdate.', { sent: false, answered: false })
  await client.send({ method: 'POST', path: action.target, body: {} })
}

/** Removes a stored package (`Available-…`) that nobody installed. An absent one is fine. */
export async function deletePushed(client: RedfishClient, imageUri: string): Promise<void> {
  try {
    const { etag } = await client.send({ method: 'GET', path: imageUri })
    await client.send({ method: 'DELETE', path: imageUri, ...(etag ? { headers: { 'if-match': etag } } : {}) })
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== 'NotFound') throw error
  }
}

function withoutUserInfo(uri: string): string {
  return uri.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1').replace(/\?.*$/s, '')
}

function acceptedUpdate(client: RedfishClient, answer: RedfishAnswer): AcceptedUpdate {
  const found = jobIdOf(answer.location, client.origin)
  if (!found) throw missingInAnswer('the id of the device job', answer.status)
  return found
}
