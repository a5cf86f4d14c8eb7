/**
 * What of a request or answer goes into the audit: fields of an allow-list keep their value, of all others only the name and
 * the kind of value are kept. So a secret in a field that nobody thought of is not written.
 */
const SHOWN = new Set(
  `@odata.id @odata.type @Redfish.OperationApplyTime @Message.ExtendedInfo Id Name Description Message MessageId MessageArgs
  Severity Resolution RelatedProperties error code message ResetType Targets ImageURI TransferProtocol InstallUpon Oem Dell
  PowerState State Status Health HealthRollup JobState JobType JobStatus PercentComplete TaskState TaskStatus StartTime EndTime
  CompletionTime ScheduledStartTime ActualRunningStartTime ActualRunningStopTime TargetSettingsURI RebootJobType Version
  SoftwareId ComponentId Updateable ElementName InstallationDate Model Manufacturer SKU SerialNumber UUID BiosVersion
  FirmwareVersion HostName IndicatorLED BootSourceOverrideTarget BootSourceOverrideEnabled BootSourceOverrideMode
  LCStatus RTStatus ServerStatus Members Members@odata.count MediaTypes Inserted Image WriteProtected ConnectedVia
  ExportFormat ShareType ShutdownType HostPowerState RedfishVersion Product Vendor ServiceTag MultipartHttpPushUri HttpPushUri
  obj type value moid name host vm task state result info key timeout evacuatePoweredOffVms dynamicProperty val returnval
  faultcode faultstring maintenanceSpec vsanMode objectAction force spec exit_code command stdout_tail stderr_tail signal
  service_key policy running connectionState powerState inMaintenanceMode build version fullName apiVersion instanceUuid
  operation file size_bytes sha256 bytes entries count ok http_status`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
/** Names that are never shown, whatever list they stand in. */
const SECRET =
  /pass(word|phrase|wd)?|secret|token|cookie|authoriz|credential|private_?key|recovery_?key|ticket|session_?key/i
const MAX_DEPTH = 8

/** A text as a column can hold it: devices do send NULs and halves of characters, and one of them would refuse the whole batch. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed()
}

/** Shows a body for the audit, cut to `max_bytes` of JSON (a cut body says so and keeps its beginning as text). */
export function auditBody(body: unknown, max_bytes: number): unknown {
  if (body === undefined || body === null) return null
  const shown = allowed(body, 0)
  const json = JSON.stringify(shown)
  if (Buffer.byteLength(json) <= max_bytes) return shown
  return {
    truncated: true,
    bytes: Buffer.byteLength(json),
    start: json.slice(0, Math.max(0, max_bytes - 80)).toWellFormed(),
  }
}

function allowed(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return '…'
  if (Array.isArray(value)) return value.slice(0, 100).map((entry) => allowed(entry, depth + 1))
  if (typeof value === 'string') return storableText(value)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [storableText(name), shownField(name, entry, depth)]),
  )
}

function shownField(name: string, value: unknown, depth: number): unknown {
  if (SECRET.test(name)) return '(secret)'
  if (value !== null && typeof value === 'object') return allowed(value, depth + 1)
  if (SHOWN.has(name) && typeof value === 'string') return storableText(value)
  if (SHOWN.has(name) || typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  return `(${typeof value})`
}

/** A URL that has neither user info nor a query: nearly all are such, and taking them apart was a third of the cost of a row. */
const PLAIN_URL = /^https:\/\/[\w.:-]+(\/[\w.\-~%$#:()/]*)?$/

/** A URL without user info and without the values of its query. */
export function auditUrl(url: string): string {
  if (PLAIN_URL.test(url)) return url
  try {
    const parsed = new URL(url)
    parsed.username = ''
    parsed.password = ''
    for (const key of new Set(parsed.searchParams.keys())) {
      if (!key.startsWith('$')) parsed.searchParams.set(key, '…')
    }
    return parsed.toString()
  } catch {
    return storableText(url)
      .replace(/\/\/[^/@]*@/, '//')
      .replace(/\?.*$/, '?…')
  }
}
