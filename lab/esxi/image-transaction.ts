import type { SimImage } from '../model-vsphere.js'
import { cliError, openDepot } from './depots.js'
import type { CliAnswer, CliFields } from './esxcli-format.js'
import type { CliOptions } from './esxcli-options.js'
import { type ImageChange, imageChange, vibId } from './image-change.js'
import type { ProgramContext } from './program.js'

/** Between these simulated times a dry run and a transaction last. */
const DRY_RUN_MS = [20_000, 60_000] as const
const TRANSACTION_MS = [150_000, 420_000] as const
const WORLD = 'esxcli-software'

export type Method = 'update' | 'install'

const failure = (text: string): CliAnswer => ({ kind: 'failure', text })

/** `esxcli software profile update|install`: the checks of the tool, then the transaction, or only its announcement. */
export async function changeProfile(method: Method, options: CliOptions, context: ProgramContext): Promise<CliAnswer> {
  const depot = options.value('depot', 'd')
  const name = options.value('profile', 'p')
  if (depot === undefined) return failure('Error: Missing required parameter -d|--depot\n')
  if (name === undefined) return failure('Error: Missing required parameter -p|--profile\n')
  const opened = openDepot(depot, context)
  if (!opened.ok) return failure(opened.text)
  const image = opened.profiles.find((one) => one.name === name)
  if (!image) {
    return failure(cliError('NoMatchError', [`No image profile found with name '${name}'`], { id: name }))
  }
  const dryRun = options.has('dry-run')
  const change = imageChange(context.host.image.vibs, image, method)
  if (!context.handle.resumed) {
    const refused = refusal(method, image, change, options, context, dryRun)
    if (refused) return failure(refused)
  }
  return dryRun ? announce(method, change, context) : transact(method, image, change, context)
}

/** Reasons for which the tool refuses before it begins. */
function refusal(
  method: Method,
  image: SimImage,
  change: ImageChange,
  options: CliOptions,
  context: ProgramContext,
  dryRun: boolean,
): string | undefined {
  const { core, host } = context
  const { update_error: error } = core.flags(host.name)
  if (error === 'lock' || isRunning(context)) return locked()
  const level = acceptanceRefusal(image, context, error === 'acceptance')
  if (level) return level
  if (error === 'dependency') return dependencyRefusal(image)
  if (error === 'hardware_warning' && !options.has('no-hardware-warning')) return hardwareRefusal(image)
  if (method === 'install' && extraVibs(change, image).length > 0 && !options.has('ok-to-remove')) {
    return cliError('ProfileVibRemoval', [
      `You attempted to install an image profile which would have resulted in the removal of VIBs [${extraVibs(change, image).join(', ')}]. If this is not what you intended, you may use the esxcli software profile update command to preserve the VIBs above. If this is what you intended, please use the --ok-to-remove option to explicitly allow the removal.`,
    ])
  }
  if (dryRun || host.in_maintenance || change.install.length === 0) return undefined
  return cliError('MaintenanceModeError', [
    `MaintenanceMode is required to remove: [${change.remove.map(vibId).join(', ')}]; install: [${change.install.map(vibId).join(', ')}].`,
  ])
}

const isRunning = ({ core, host }: ProgramContext): boolean =>
  host.update_running_until !== null && host.update_running_until > core.clock.now()

const locked = (): string =>
  cliError('LockingError', ['Failed to lock /var/run/esximg.pid: another process is holding the image lock.'])

const ORDER = ['CommunitySupported', 'PartnerSupported', 'VMwareAccepted', 'VMwareCertified']

function acceptanceRefusal(image: SimImage, { host }: ProgramContext, forced: boolean): string | undefined {
  const wanted = ORDER.indexOf(host.image.acceptance)
  const bad = image.vibs.find((vib) => ORDER.indexOf(vib.acceptance) < wanted) ?? (forced ? image.vibs[0] : undefined)
  if (!bad) return undefined
  const level = forced ? 'community' : bad.acceptance.replace('Supported', '').toLowerCase()
  return cliError('AcceptanceConfigError', [
    `VIB ${vibId(bad)}'s acceptance level is ${level}, which is not compliant with the ImageProfile acceptance level ${host.image.acceptance.replace('Supported', '').toLowerCase()}`,
    "To change the host acceptance level, use the 'esxcli software acceptance set' command.",
  ])
}

function dependencyRefusal(image: SimImage): string {
  const prefix = image.version.startsWith('8') ? 'On platform embeddedEsx, VIB' : 'VIB'
  return cliError('DependencyError', [
    `${prefix} Realtek_bootbank_net55-r8168_8.045a-napi requires vmkapi_2_2_0_0, but the requirement cannot be satisfied within the ImageProfile.`,
    `${prefix} Realtek_bootbank_net55-r8168_8.045a-napi requires com.vmware.driverAPI-9.2.2.0, but the requirement cannot be satisfied within the ImageProfile.`,
  ])
}

function hardwareRefusal(image: SimImage): string {
  return cliError('HardwareError', [
    `Hardware precheck of profile ${image.name} failed with warnings: <CPU_SUPPORT WARNING: The CPU in this host may not be supported in future ESXi releases. Please plan accordingly.>`,
    '',
    'Apply --no-hardware-warning option to ignore the warnings and proceed with the transaction.',
  ])
}

const extraVibs = (change: ImageChange, image: SimImage): string[] =>
  change.remove.filter((vib) => !image.vibs.some((one) => one.name === vib.name)).map(vibId)

async function announce(method: Method, change: ImageChange, context: ProgramContext): Promise<CliAnswer> {
  await context.handle.hold(context.core.dice.between(`dry run ${context.host.name}`, ...DRY_RUN_MS), WORLD)
  const message =
    'Dryrun only, host not changed. The following installers will be applied: [BootBankInstaller, LockerInstaller]'
  const unchanged = change.install.length === 0
  return result(method, unchanged ? 'Host is not changed.' : message, change, !unchanged, context)
}

/** The transaction itself: minutes without a word, then the other boot bank holds the image. */
async function transact(
  method: Method,
  image: SimImage,
  change: ImageChange,
  context: ProgramContext,
): Promise<CliAnswer> {
  const { core, host, handle } = context
  const nothing = change.install.length === 0 || host.pending_image?.name === image.name
  if (nothing) return result(method, 'Host is not changed.', noChange(change), host.pending_image !== null, context)
  const wait = core.dice.between(`update ${host.name}`, ...TRANSACTION_MS)
  if (!handle.resumed) {
    core.judge.esxiUpdate(host.name, image.name)
    host.update_running_until = core.clock.now() + wait
    log(context, `esxupdate: INFO: Preparing image profile ${image.name}`)
  }
  const boot = host.boot_count
  try {
    await handle.hold(wait, WORLD)
  } catch (error) {
    core.judge.esxiUpdateFailed(host.name, image.name)
    throw error
  } finally {
    if (host.boot_count === boot) host.update_running_until = null
  }
  if (core.flags(host.name).update_error === 'space') {
    core.judge.esxiUpdateFailed(host.name, image.name)
    log(context, 'esxupdate: ERROR: [Errno 28] No space left on device')
    return failure(
      cliError('InstallationError', ['[Errno 28] No space left on device'], {
        vibs: change.install
          .filter((vib) => vib.bootbank === 'locker')
          .map(vibId)
          .join(', '),
      }),
    )
  }
  host.pending_image = { ...image, vibs: change.result }
  log(context, 'esxupdate: INFO: Transaction finished, reboot required')
  const done = 'The update completed successfully, but the system needs to be rebooted for the changes to be effective.'
  return result(method, done, change, true, context)
}

const noChange = (change: ImageChange): ImageChange => ({
  install: [],
  remove: [],
  skip: [...change.skip, ...change.install],
  result: change.result,
})

/**
 * The result block. From 8.0 on the fields stand in another order than in 6.x and 7.x, so that only the labels help.
 * The running release prints it, not the one that is installed.
 */
function result(
  method: Method,
  message: string,
  change: ImageChange,
  reboot: boolean,
  { host }: ProgramContext,
): CliAnswer {
  const vibs: CliFields = {
    'VIBs Installed': change.install.map(vibId),
    'VIBs Removed': change.remove.map(vibId),
    'VIBs Skipped': change.skip.map(vibId),
  }
  const title = method === 'update' ? 'Update Result' : 'Installation Result'
  const isNew = Number(host.image.version.split('.')[0]) >= 8
  const fields: CliFields = isNew
    ? { Message: message, ...vibs, 'Reboot Required': reboot, 'DPU Results': '' }
    : { Message: message, 'Reboot Required': reboot, ...vibs }
  return { kind: 'structure', title, fields }
}

function log({ core, host }: ProgramContext, line: string): void {
  const before = String(host.face.esxupdate_log ?? '')
  host.face.esxupdate_log = `${before}${core.clock.iso()} In(14) ${line}\n`.slice(-20_000)
}
