import type { FailureCode } from '../../domain/failures.js'

/**
 * Parent of each fault that has one we care about, so that an unknown leaf is judged by its family once it is named here.
 * From the published type information of vSphere.
 */
const PARENTS: Record<string, string> = {
  PasswordExpired: 'InvalidLogin',
  NotAuthenticated: 'NoPermission',
  NoPermission: 'SecurityError',
  InvalidHostState: 'InvalidState',
  InvalidPowerState: 'InvalidState',
  InvalidHostConnectionState: 'InvalidHostState',
  QuestionPending: 'InvalidState',
  NoActiveHostInCluster: 'InvalidState',
  PlatformConfigFault: 'HostConfigFault',
  NoHost: 'HostConnectFault',
  AlreadyConnected: 'HostConnectFault',
  AlreadyBeingManaged: 'HostConnectFault',
  SSLVerifyFault: 'HostConnectFault',
  TooManyHosts: 'HostConnectFault',
  AgentInstallFailed: 'HostConnectFault',
  NotSupportedHost: 'HostConnectFault',
  InsufficientCpuResourcesFault: 'InsufficientResourcesFault',
  InsufficientMemoryResourcesFault: 'InsufficientResourcesFault',
  InsufficientFailoverResourcesFault: 'InsufficientResourcesFault',
  FileNotFound: 'FileFault',
  FileAlreadyExists: 'FileFault',
  NoDiskSpace: 'FileFault',
  InaccessibleDatastore: 'InvalidDatastore',
  HostNotConnected: 'HostCommunication',
  HostNotReachable: 'HostCommunication',
  MethodNotFound: 'InvalidRequest',
  DisallowedMigrationDeviceAttached: 'MigrationFault',
  CannotAccessVmDevice: 'MigrationFault',
  CannotAccessVmDisk: 'MigrationFault',
  VMotionInterfaceIssue: 'MigrationFault',
  RemoteDeviceNotSupported: 'MigrationFault',
  DeviceNotSupported: 'MigrationFault',
  SharedBusControllerNotSupported: 'MigrationFault',
  VmFaultToleranceIssue: 'MigrationFault',
  NoCompatibleHost: 'MigrationFault',
  VmHostAffinityRuleViolation: 'RuleViolation',
  NoCompatibleHardAffinityHost: 'RuleViolation',
}

/** Meaning of a fault or of a family in the product's vocabulary. */
const CODES: Record<string, FailureCode> = {
  InvalidLogin: 'AuthFailed',
  PasswordExpired: 'PasswordChangeRequired',
  RestrictedByAdministrator: 'PermissionMissing',
  // A lost session is no refusal of rights: it heals by logging in again.
  NotAuthenticated: 'VcenterUnreachable',
  SecurityError: 'PermissionMissing',
  InvalidState: 'StateConflict',
  QuestionPending: 'PinnedVm',
  Timedout: 'StepTimeout',
  TaskInProgress: 'DeviceBusy',
  ConcurrentAccess: 'DeviceBusy',
  ResourceInUse: 'DeviceBusy',
  SystemError: 'DeviceBusy',
  RequestCanceled: 'Cancelled',
  HostCommunication: 'DeviceUnreachable',
  NoHost: 'DeviceUnreachable',
  SSLVerifyFault: 'TlsIdentityChanged',
  NotSupportedHost: 'VcenterTooOld',
  HostConnectFault: 'StateConflict',
  ManagedObjectNotFound: 'NotFound',
  NotFound: 'NotFound',
  FileNotFound: 'NotFound',
  NoDiskSpace: 'NotEnoughSpace',
  FileAlreadyExists: 'StateConflict',
  InaccessibleDatastore: 'StateConflict',
  InvalidDatastore: 'NotFound',
  MethodNotFound: 'Unsupported',
  NotSupported: 'Unsupported',
  MethodDisabled: 'Unsupported',
  InvalidProperty: 'Unsupported',
  InvalidRequest: 'InvalidRequest',
  InvalidArgument: 'InvalidRequest',
  InvalidName: 'InvalidRequest',
  NotEnoughLicenses: 'LicenseMissing',
  InsufficientCpuResourcesFault: 'CpuCapacity',
  InsufficientMemoryResourcesFault: 'MemoryCapacity',
  InsufficientFailoverResourcesFault: 'HaFailover',
  InsufficientResourcesFault: 'ClusterUnsafe',
  MigrationFault: 'EvacuationBlocked',
  DisallowedOperationOnFailoverHost: 'HaFailover',
  RuleViolation: 'AffinityRule',
  DrsDisabledOnVm: 'DrsNotAutomatic',
  VsanFault: 'VsanUnhealthy',
  HostConfigFault: 'DeviceJobFailed',
}

/**
 * Code of a fault: its own, else that of the nearest ancestor, else `DeviceJobFailed` ("see the message of the device").
 * `NotAuthenticated` is a subtype of `NoPermission` and is therefore found by its own name first.
 */
export function codeOfFault(fault: string): FailureCode {
  for (let name: string | undefined = fault; name !== undefined; name = PARENTS[name]) {
    const code = CODES[name]
    if (code !== undefined) return code
  }
  return 'DeviceJobFailed'
}
