/** One HTTP exchange as the session needs it. */
export interface SoapRequest {
  method: 'GET' | 'POST'
  /** `/sdk`, `/vsanHealth`, `/sdk/vimServiceVersions.xml`. */
  path: string
  headers: Record<string, string>
  body?: string
  /** SOAP operation for the record, e.g. `HostSystem.EnterMaintenanceMode_Task(host-21)`. */
  operation: string
  /** Arguments for the record; secrets are already masked. */
  recorded_body?: unknown
  mutation: boolean
  timeout_ms: number
  signal?: AbortSignal
  /** Message id of an answer for the record (fault name); null when there is none. */
  message_id_of?: (status: number, body: string) => string | null
  /** The answer's body for the record; used for the session's answers, which are not recorded as they are. */
  recorded_answer?: (status: number, body: string) => unknown
}

export interface SoapResponse {
  status: number
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface FileUpload {
  /** Path with query, already encoded. */
  path: string
  headers: Record<string, string>
  body: AsyncIterable<Uint8Array>
  size_bytes: number
  timeout_ms: number
  signal?: AbortSignal
}

/**
 * A connection to one vCenter or ESXi host, with identity check and recorder already inside. Throws `DeviceError` for
 * whatever prevents an HTTP answer; an answer of any status is returned.
 */
export interface SoapTransport {
  send(request: SoapRequest): Promise<SoapResponse>
  upload(upload: FileUpload): Promise<SoapResponse>
  close(): Promise<void>
}
