import { DeviceError } from '../errors.js'

/** Names of image profiles as vendors build them. */
const PROFILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
/** An offline bundle on a volume of the host. A relative path would be looked up elsewhere and fail. */
const DEPOT = /^\/vmfs\/volumes\/[^/'][^']*\.zip$/
/** Ids of operations: UUIDs and the like; they become part of file names. */
const OPERATION_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/
const REASON = /^[A-Za-z0-9][A-Za-z0-9 .,:/_-]{0,199}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
const CONTROL = /[\u0000-\u001f\u007f]/

function refuse(what: string): never {
  throw new DeviceError('InvalidRequest', `${what} is not allowed on a command line`, { sent: false, answered: false })
}

/** One argument for the shell of the host: in single quotes, a quote inside closed, escaped and opened again. */
export function quote(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`
}

/** Quoted name of an image profile. @throws DeviceError `InvalidRequest` (nothing was sent) */
export function profileArgument(name: string): string {
  return PROFILE.test(name) ? quote(name) : refuse('The name of the image profile')
}

/** Quoted path of a depot: absolute, below `/vmfs/volumes`, a zip, without `..`. @throws DeviceError `InvalidRequest` */
export function depotArgument(path: string): string {
  const steps = path.split('/').slice(1)
  const climbs = steps.some((step) => step === '..' || step === '.' || step === '')
  return !DEPOT.test(path) || climbs || CONTROL.test(path) ? refuse('The path of the depot') : quote(path)
}

/** The id as it stands in file names; not quoted. @throws DeviceError `InvalidRequest` */
export function operationIdPart(id: string): string {
  return OPERATION_ID.test(id) ? id : refuse('The id of the operation')
}

/** Quoted reason of a reboot, for the host's log. @throws DeviceError `InvalidRequest` */
export function reasonArgument(reason: string): string {
  return REASON.test(reason) ? quote(reason) : refuse('The reason')
}
