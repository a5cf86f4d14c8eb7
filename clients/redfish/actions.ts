import { DeviceError } from '../errors.js'

/** Actions that the product may call. Everything else (wiping, erasing, factory defaults) stays out of reach of any caller. */
const ALLOWED = new Set([
  'Bios.ChangePassword',
  'Bios.ResetBios',
  'Chassis.Reset',
  'ComputerSystem.Reset',
  'DellJobService.CreateRebootJob',
  'DellJobService.SetupJobQueue',
  'DellLCService.ExportServerScreenShot',
  'DellLCService.GetRemoteServicesAPIStatus',
  'DellLCService.InsertCommentInLCLog',
  'DellLCService.TestNetworkShare',
  'DellManager.ClearPending',
  'DellOemChassis.ExtendedReset',
  'DellSoftwareInstallationService.GetRepoBasedUpdateList',
  'DellSoftwareInstallationService.InstallFromRepository',
  'DellSoftwareInstallationService.InstallFromURI',
  'DellUpdateService.Install',
  'DelliDRACCardService.GetKVMSession',
  'EID_674_Manager.ExportSystemConfiguration',
  'EID_674_Manager.ImportSystemConfiguration',
  'EID_674_Manager.ImportSystemConfigurationPreview',
  'LogService.ClearLog',
  'Manager.Reset',
  'OemManager.ExportSystemConfiguration',
  'OemManager.ImportSystemConfiguration',
  'OemManager.ImportSystemConfigurationPreview',
  'UpdateService.SimpleUpdate',
  'UpdateService.StartUpdate',
  'VirtualMedia.EjectMedia',
  'VirtualMedia.InsertMedia',
])

/**
 * Stops a POST to an action that is not on the list.
 * @throws DeviceError `Unsupported` (not sent).
 */
export function refuseForbiddenAction(path: string): void {
  const bare = path.split('?', 1)[0] ?? ''
  if (!/\/actions(\/|%2f)/i.test(bare)) return
  const name = bare.slice(bare.lastIndexOf('/') + 1)
  if (ALLOWED.has(name)) return
  throw new DeviceError('Unsupported', `The action ${name.slice(0, 100)} is never called.`, {
    sent: false,
    answered: false,
  })
}
