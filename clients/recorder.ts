/** One request to a device, as it is about to be sent. Bodies are plain objects; secrets are already left out. */
export interface DeviceCall {
  protocol: 'redfish' | 'soap' | 'ssh' | 'ldap' | 'ome'
  /** HTTP method, or `SOAP`, `SSH`, `LDAP`. */
  command_type: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'SOAP' | 'SSH' | 'LDAP'
  /** Path, SOAP operation, or command with arguments masked. */
  endpoint: string
  full_url: string
  request_body?: unknown
  /** Does it change the device? Then `begin` must have stored the intent before it resolves. */
  mutation: boolean
}

export interface CallResult {
  success: boolean
  /** `unknown`: sent, no usable answer. */
  outcome: 'ok' | 'refused' | 'failed' | 'unknown'
  status_code?: number
  response_time_ms: number
  response_body?: unknown
  message_id?: string
  error_message?: string
  bytes_sent?: number
  bytes_received?: number
}

/** Where every device call goes on record. A client awaits `begin` before the first byte and calls `end` exactly once. */
export interface CallRecorder {
  begin(call: DeviceCall): Promise<OpenCall>
}

export interface OpenCall {
  end(result: CallResult): Promise<void>
}

/** Records nothing; for probes in tests. */
export const silentRecorder: CallRecorder = { begin: async () => ({ end: async () => {} }) }
