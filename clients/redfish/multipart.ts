import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DeviceError } from '../errors.js'
import type { StreamedBody } from '../http.js'

export interface MultipartFile {
  /** Name of the form field. */
  field: string
  file_path: string
  /** What the device sees as the file's name; quotes and control characters are refused. */
  file_name: string
}

export interface MultipartOptions {
  /** Goes first, as JSON and without a file name. */
  parameters?: { field: string; value: unknown }
  file: MultipartFile
  /** Called with the bytes handed to the connection so far, and the length of the whole body. */
  on_progress?: (sentBytes: number, totalBytes: number) => void
}

/**
 * A multipart body that reads its file while it is sent, with its exact length known before: iDRACs take no chunked upload.
 * QUIRK iDRAC7/8: a quoted boundary in the header is refused. Source: dell/iDRAC-Redfish-Scripting issue 41.
 * @throws DeviceError `PackageNotFound` (not sent) when the file cannot be read, `PackageInvalid` for a name that cannot be sent.
 */
export async function multipartBody(options: MultipartOptions): Promise<{ body: StreamedBody; content_type: string }> {
  const { file, parameters, on_progress: onProgress } = options
  const notSent = { sent: false, answered: false }
  if (!/^[\w .()+,@=-]{1,200}$/.test(file.file_name)) {
    throw new DeviceError('PackageInvalid', 'The file name holds characters that cannot be sent.', notSent)
  }
  const info = await stat(file.file_path).catch((cause: unknown) => {
    throw new DeviceError('PackageNotFound', `The file ${file.file_name} cannot be read.`, notSent, { cause })
  })
  const boundary = `dsm${randomBytes(18).toString('hex')}`
  const head = Buffer.from(
    (parameters
      ? `--${boundary}\r\nContent-Disposition: form-data; name="${parameters.field}"\r\n` +
        `Content-Type: application/json\r\n\r\n${JSON.stringify(parameters.value)}\r\n`
      : '') +
      `--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.file_name}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const length = head.length + info.size + tail.length
  const open = () => readParts(head, file.file_path, tail, (sent) => onProgress?.(sent, length))
  return { body: { length, open }, content_type: `multipart/form-data; boundary=${boundary}` }
}

async function* readParts(
  head: Buffer,
  path: string,
  tail: Buffer,
  progress: (sent: number) => void,
): AsyncGenerator<Uint8Array> {
  let sent = head.length
  yield head
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    yield chunk as Buffer
    sent += (chunk as Buffer).length
    progress(sent)
  }
  yield tail
  progress(sent + tail.length)
}
