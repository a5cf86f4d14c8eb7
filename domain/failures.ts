/** What the product does by itself when a failure of this kind happens inside a step's time limit. */
export type RetryRule = 'never' | 'yes' | 'slow' | 'reads'

export interface FailureKind {
  /** Status of a problem document that carries this code. Codes that never leave a job use 409. */
  readonly http_status: number
  readonly retry: RetryRule
  /** What the operator should do; shown beside the message. */
  readonly hint: string
}

const kind = (http_status: number, retry: RetryRule, hint: string): FailureKind => ({ http_status, retry, hint })

/** The closed failure vocabulary. A code stands in problem documents, job errors, target outcomes, blockers and waiting reasons. */
export const FAILURES = {
  InvalidRequest: kind(400, 'never', 'Correct the fields that errors[] points at.'),
  Unauthenticated: kind(401, 'never', 'Sign in, or send a valid token.'),
  Forbidden: kind(403, 'never', 'Ask someone with the named role.'),
  NotFound: kind(404, 'never', 'Check the id; it may have been removed.'),
  StateConflict: kind(409, 'never', 'It does not apply in this state; the reason is named.'),
  JobFinal: kind(409, 'never', 'The job has ended. Order a new one for what is left.'),
  IdempotencyConflict: kind(409, 'never', 'This Idempotency-Key was used with another body. Use a new key.'),
  DuplicateName: kind(409, 'never', 'Choose another name.'),
  PreconditionFailed: kind(412, 'never', 'Someone changed it meanwhile. Read it again and repeat the change.'),
  EmptyTarget: kind(422, 'never', 'Name at least one target. An empty set never means all.'),
  UnknownTarget: kind(422, 'never', 'Check the ids; the unknown ones are listed.'),
  TargetNotAllowed: kind(422, 'never', 'This job type does not take that kind of target.'),
  TooManyTargets: kind(422, 'never', 'Split the job.'),
  ConfirmationRequired: kind(422, 'never', 'Repeat with the confirmation field equal to the count given.'),
  HostNotLinked: kind(
    422,
    'never',
    'Link the host to its server: run discovery_scan, then vcenter_sync, or link by hand.',
  ),
  NotInCluster: kind(422, 'never', 'The host is in no cluster; use a job type for single hosts.'),
  UseRollingUpdate: kind(422, 'never', 'More than one host of a cluster: use rolling_update.'),
  NotSchedulable: kind(422, 'never', 'This job type starts at once only.'),
  WindowInvalid: kind(422, 'never', 'Check the maintenance window.'),
  OptionConflict: kind(422, 'never', 'Two options exclude each other; they are named.'),
  PayloadTooLarge: kind(413, 'never', 'The limit is named. Files go to /uploads.'),
  RateLimited: kind(429, 'slow', 'Wait as Retry-After says.'),
  ServiceUnavailable: kind(503, 'yes', 'What is missing is named; see /readyz.'),
  KeyUnavailable: kind(503, 'never', 'Restore the key file (KEK_FILE) from its backup.'),
  StorageFull: kind(507, 'never', 'Free space, or raise the quota.'),
  NoCredential: kind(422, 'never', 'Add a credential set for this address, or a default one.'),
  AuthFailed: kind(409, 'never', 'The device refused user or password. Correct the named credential set.'),
  PasswordChangeRequired: kind(409, 'never', 'Log in to the device once and set a new password.'),
  PermissionMissing: kind(409, 'never', 'Give the device account the named privilege.'),
  LicenseMissing: kind(409, 'never', 'The device licence lacks this feature.'),
  Unsupported: kind(409, 'never', 'This generation or firmware cannot do it.'),
  TlsIdentityPending: kind(409, 'never', 'Compare the fingerprint with the device and accept it.'),
  TlsIdentityChanged: kind(409, 'never', 'Find out why the certificate changed; accept the new one only then.'),
  SshIdentityPending: kind(409, 'never', 'Compare the host key with the device and accept it.'),
  SshIdentityChanged: kind(409, 'never', 'Find out why the host key changed; accept the new one only then.'),
  IdentityMismatch: kind(409, 'never', 'Another device answers at this address. Check addresses, run discovery_scan.'),
  DeviceUnreachable: kind(409, 'yes', 'Check network and power of the device.'),
  VcenterUnreachable: kind(409, 'yes', 'Check that vCenter runs and can be reached.'),
  DeviceBusy: kind(409, 'yes', 'The device is at work; it is asked again.'),
  DeviceTimeout: kind(409, 'reads', 'The device gave no answer in time.'),
  SessionLimit: kind(409, 'slow', 'The session table of the device is full; end other sessions.'),
  ProtocolError: kind(409, 'reads', 'The answer could not be understood; it is kept in the audit.'),
  LifecycleControllerNotReady: kind(409, 'yes', 'Wait for the Lifecycle Controller, or enable it.'),
  ForeignJob: kind(409, 'yes', 'A job that is not ours is in the device queue. Let it end, or remove it there.'),
  JobQueueFull: kind(409, 'yes', 'Clear finished jobs in the device queue.'),
  LockdownMode: kind(409, 'never', 'Unlock the device (System Lockdown Mode).'),
  PendingConfiguration: kind(409, 'never', 'Finish or clear the pending values first.'),
  OutcomeUnknown: kind(409, 'never', 'It was sent and cannot be proved either way. Look at the device.'),
  DeviceJobFailed: kind(409, 'never', 'See the message of the device.'),
  VerifyFailed: kind(409, 'never', 'Compare what was wanted with what is there.'),
  VersionUnchanged: kind(409, 'never', 'The device reports the old version; look at its logs.'),
  RolledBack: kind(409, 'never', 'The host booted its former image; look at its console.'),
  HostDidNotReturn: kind(409, 'never', 'Look at the console; power and POST state are given.'),
  HostNotInMaintenance: kind(409, 'never', 'Put the host into maintenance, or ask for evacuate_host.'),
  HostNotEvacuated: kind(409, 'never', 'Powered-on VMs are on the host; move them.'),
  HostStateUnknown: kind(409, 'never', 'The state of the host could not be read; unknown is never fine.'),
  ClusterUnsafe: kind(409, 'yes', 'The blockers name what must be cured first.'),
  UnavailableLimit: kind(409, 'yes', 'Bring back the hosts that are out, or raise max_unavailable.'),
  LastHost: kind(409, 'never', 'The last serving host of a cluster is never taken out.'),
  CpuCapacity: kind(409, 'yes', 'Reduce load, or add a host.'),
  MemoryCapacity: kind(409, 'yes', 'Reduce load, or add a host.'),
  HaFailover: kind(409, 'yes', 'HA would lose its reserve; see ha_admission.'),
  AffinityRule: kind(409, 'yes', 'Change the named rule, or move the VMs.'),
  PinnedVm: kind(409, 'yes', 'Move, disconnect or shut down the named VMs.'),
  VsanUnhealthy: kind(409, 'yes', 'Cure vSAN health first.'),
  VsanResync: kind(409, 'yes', 'Wait for the resync to end.'),
  OtherHostEntering: kind(409, 'yes', 'Another host of the cluster is entering maintenance.'),
  DrsNotAutomatic: kind(409, 'never', 'Set DRS to fully automated, or use evacuation: migrate.'),
  EvacuationBlocked: kind(409, 'never', 'The VMs and causes are listed.'),
  EvacuationTimeout: kind(409, 'never', 'The VMs that did not move are listed.'),
  ImageManagedCluster: kind(409, 'never', "The cluster is managed by an image; use vCenter's own remediation."),
  PackageNotFound: kind(422, 'never', 'Upload the package.'),
  PackageInvalid: kind(422, 'never', 'The file is not a usable package.'),
  PackageNotApplicable: kind(409, 'never', 'The package does not fit this server.'),
  HashMismatch: kind(409, 'never', 'Upload the file again; its checksum is wrong.'),
  DowngradeRefused: kind(409, 'never', 'The installed version is newer; see allow_downgrade.'),
  PrerequisiteMissing: kind(409, 'never', 'Install the named component first.'),
  CatalogMissing: kind(422, 'never', 'Import a catalog.'),
  UnsupportedFileType: kind(422, 'never', 'This kind of file cannot be used here.'),
  AttributeInvalid: kind(422, 'never', 'See the allowed values.'),
  RecoveryKeyMissing: kind(409, 'never', 'Store the recovery key of the host first.'),
  ScpInvalid: kind(422, 'never', 'The profile cannot be read, or does not fit this server.'),
  ScpForbiddenContent: kind(422, 'never', 'The profile would cut us off; see allow.'),
  ScpPartial: kind(409, 'never', 'Some attributes were not applied; they are listed.'),
  PowerActionNotAllowed: kind(409, 'never', 'The action does not apply in this power state.'),
  MediaNotFound: kind(422, 'never', 'The file or upload is unknown or has expired.'),
  UrlRefused: kind(422, 'never', 'The address is not on the allow-list.'),
  UrlUnreachable: kind(409, 'never', 'The address could not be reached.'),
  SlotOccupied: kind(409, 'never', 'Eject the other image, or use replace.'),
  DepotNotFound: kind(409, 'never', 'The depot is not visible on this host.'),
  DepotInvalid: kind(422, 'never', 'The depot cannot be read.'),
  ProfileNotFound: kind(409, 'never', 'The profiles of the depot are listed.'),
  ProfileAmbiguous: kind(409, 'never', 'Name one of the listed profiles.'),
  UpgradePathUnsupported: kind(409, 'never', 'Use the named stepping stone.'),
  VcenterTooOld: kind(409, 'never', 'Upgrade vCenter first.'),
  AcceptanceLevel: kind(409, 'never', 'The image does not meet the acceptance level of the host; it is never lowered.'),
  NotEnoughSpace: kind(409, 'never', 'Free space on the named volume.'),
  HardwareUnsupported: kind(409, 'never', 'The target version does not support this hardware.'),
  HardwareWarning: kind(409, 'never', 'Read the warnings; allow_hardware_warnings accepts them.'),
  VibConflict: kind(409, 'never', 'Remove one of the two packages, or use another image.'),
  VibsWouldBeRemoved: kind(409, 'never', 'Accept the list with accept_removed_vibs.'),
  BootDeviceLost: kind(409, 'never', 'The boot bank is not on a real device; replace it.'),
  UpdateLocked: kind(409, 'never', 'Another update runs on the host.'),
  RebootPending: kind(409, 'never', 'Reboot the host first.'),
  SshUnavailable: kind(409, 'never', 'SSH of the host cannot be used; check lockdown mode and firewall.'),
  EsxiUpdateFailed: kind(409, 'never', 'See the text of the update tool.'),
  DirectoryUnavailable: kind(409, 'yes', 'Check that the directory runs and can be reached.'),
  DirectoryMisconfigured: kind(409, 'never', 'Run idm_test_connection.'),
  InvalidCredentials: kind(401, 'never', 'User or password is wrong.'),
  AccountDisabled: kind(403, 'never', 'The account is disabled or locked.'),
  NoRoleMapped: kind(403, 'never', 'No group of this user is mapped to a role.'),
  SecretExpired: kind(409, 'never', 'Ask again.'),
  SyncWouldRemoveTooMany: kind(409, 'never', 'The source answered too little; see allow_mass_removal.'),
  WindowClosed: kind(409, 'never', 'The maintenance window has ended.'),
  DoesNotFitWindow: kind(409, 'never', 'The work is longer than the window.'),
  LeaseHeld: kind(409, 'never', 'Another job works on it; wait for that job or cancel it.'),
  StepTimeout: kind(409, 'never', 'The step took too long; the limit is named.'),
  FailedHostOut: kind(409, 'never', 'A failed host stands aside; bring it back first.'),
  AttentionTimeout: kind(409, 'never', 'Nobody answered; look at the attention entries.'),
  Cancelled: kind(409, 'never', 'It was cancelled on request.'),
  WorkerLost: kind(409, 'never', 'Temporal lost the job. Look at the devices, then start a new job.'),
  LoginBudget: kind(409, 'yes', 'Waiting so that the device does not lock the account.'),
  WindowNotOpen: kind(409, 'yes', 'Waiting for the maintenance window.'),
  Evacuating: kind(409, 'yes', 'VMs are moving.'),
  Rebooting: kind(409, 'yes', 'The host is rebooting.'),
  Resync: kind(409, 'yes', 'vSAN is resyncing.'),
  Rebalancing: kind(409, 'yes', 'VMs are being rebalanced.'),
  Soaking: kind(409, 'yes', 'Waiting as the plan says.'),
  PausedByOperator: kind(409, 'yes', 'Resume the job.'),
  AttentionNeeded: kind(409, 'yes', 'Read the attention entries.'),
  WorkerMissing: kind(409, 'yes', 'Start a worker for this queue.'),
} as const satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof FAILURES

/** Why a rule says no. `data` holds the facts it judged, `remedy` what would make it say yes. */
export interface Blocker {
  code: FailureCode
  message: string
  target?: string
  data?: Record<string, unknown>
  remedy: string
}

/** A rule's answer: never a bare boolean. */
export type Verdict = { ok: true; warnings: Blocker[] } | { ok: false; blockers: Blocker[]; warnings: Blocker[] }

/** Is this text one of the closed list? Used where a code comes back from a stored row or a Temporal failure. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code)
}
