import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPushed, pushPackage, simpleUpdate, uploadFirmware } from '../../../clients/redfish/update.js'
import { anonymousClient, errorOf } from '../../helpers/redfish-client.js'
import { type UploadTarget, type UploadTargetRules, uploadTarget } from '../../helpers/upload-target.js'

const SERVICE = '/redfish/v1/UpdateService'
const INVENTORY = `${SERVICE}/FirmwareInventory`
const ROOT = { RedfishVersion: '1.13.1', UpdateService: { '@odata.id': SERVICE } }
const MODERN = {
  MultipartHttpPushUri: `${SERVICE}/MultipartUpload`,
  HttpPushUri: INVENTORY,
  Actions: {
    '#UpdateService.SimpleUpdate': {
      target: `${SERVICE}/Actions/UpdateService.SimpleUpdate`,
      'TransferProtocol@Redfish.AllowableValues': ['HTTP', 'HTTPS'],
      '@Redfish.OperationApplyTimeSupport': { SupportedValues: ['Immediate', 'OnReset'] },
    },
  },
}
const OLD = {
  HttpPushUri: INVENTORY,
  Actions: {
    Oem: {
      'DellUpdateService.v1_0_0#DellUpdateService.Install': {
        target: `${SERVICE}/Actions/Oem/DellUpdateService.Install`,
      },
    },
  },
}
const accepted: UploadTargetRules['answer'] = (_upload, response) => {
  response.writeHead(202, { location: '/redfish/v1/TaskService/TaskMonitors/JID_123456789012' })
  response.end()
}

let folder: string
let file: string
let content: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsm-upload-'))
  file = join(folder, 'BIOS_W77H1_WN64_1.9.2.EXE')
  content = randomBytes(3_000_017)
  await writeFile(file, content)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function onDevice<T>(
  service: unknown,
  rules: Partial<UploadTargetRules>,
  body: (device: UploadTarget, opened: ReturnType<typeof anonymousClient>) => Promise<T>,
): Promise<T> {
  const gets = { '/redfish/v1': { body: ROOT }, [SERVICE]: { body: service }, ...rules.gets }
  const device = await uploadTarget({ answer: accepted, ...rules, gets })
  const opened = anonymousClient(device)
  try {
    return await body(device, opened)
  } finally {
    await opened.client.close()
    await device.close()
  }
}

describe('the multipart upload', () => {
  it('is two parts in order, with an exact length and never chunked', async () => {
    await onDevice(MODERN, {}, async (device, { client, recorder }) => {
      const progress: number[] = []
      const job = await uploadFirmware(client, {
        file_path: file,
        apply_time: 'OnReset',
        on_progress: (sent, total) => {
          expect(sent).toBeLessThanOrEqual(total)
          progress.push(sent)
        },
      })
      expect(job).toEqual({ job_id: 'JID_123456789012', task_path: '/redfish/v1/TaskService/Tasks/JID_123456789012' })
      const [upload] = device.uploads
      if (!upload) throw new Error('nothing arrived')
      expect(upload.path).toBe(MODERN.MultipartHttpPushUri)
      const boundary = /^multipart\/form-data; boundary=([A-Za-z0-9]+)$/.exec(upload.headers['content-type'] ?? '')?.[1]
      expect(boundary?.length).toBeGreaterThan(20)
      expect(upload.headers['transfer-encoding']).toBeUndefined()
      expect(upload.headers['if-match']).toBeUndefined()
      const before =
        `--${boundary}\r\nContent-Disposition: form-data; name="UpdateParameters"\r\nContent-Type: application/json\r\n\r\n` +
        '{"Targets":[],"@Redfish.OperationApplyTime":"OnReset","Oem":{}}\r\n' +
        `--${boundary}\r\nContent-Disposition: form-data; name="UpdateFile"; filename="BIOS_W77H1_WN64_1.9.2.EXE"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n'
      const after = `\r\n--${boundary}--\r\n`
      const whole = Buffer.concat([Buffer.from(before), content, Buffer.from(after)])
      expect(upload.head.startsWith(before)).toBe(true)
      expect(upload.tail.endsWith(after)).toBe(true)
      expect([Number(upload.headers['content-length']), upload.bytes]).toEqual([whole.length, whole.length])
      expect(upload.sha256).toBe(createHash('sha256').update(whole).digest('hex'))
      expect(progress.at(-1)).toBe(whole.length)
      expect([...progress].sort((a, b) => a - b)).toEqual(progress)
      expect(recorder.calls.at(-1)).toMatchObject({
        ends: 1,
        call: {
          command_type: 'POST',
          mutation: true,
          request_body: { UpdateFile: 'BIOS_W77H1_WN64_1.9.2.EXE', size_bytes: whole.length },
        },
        result: { success: true, status_code: 202, bytes_sent: whole.length },
      })
    })
  })

  it('has another boundary each time', async () => {
    await onDevice(MODERN, {}, async (device, { client }) => {
      await uploadFirmware(client, { file_path: file, apply_time: 'Immediate' })
      await uploadFirmware(client, { file_path: file, apply_time: 'Immediate' })
      expect(new Set(device.uploads.map((upload) => upload.headers['content-type'])).size).toBe(2)
    })
  })

  it('is not sent when the file is not there or its name cannot be', async () => {
    await onDevice(MODERN, {}, async (device, { client }) => {
      const missing = await errorOf(uploadFirmware(client, { file_path: join(folder, 'none'), apply_time: 'OnReset' }))
      expect([missing.code, missing.facts.sent]).toEqual(['PackageNotFound', false])
      const odd = await errorOf(
        uploadFirmware(client, { file_path: file, file_name: 'a"\r\nb.EXE', apply_time: 'OnReset' }),
      )
      expect([odd.code, odd.facts.sent]).toEqual(['PackageInvalid', false])
      expect(device.uploads).toEqual([])
    })
  })

  it('that breaks off in the middle is unclear, and is not sent again', async () => {
    await onDevice(
      MODERN,
      { onBytes: (bytes, destroy) => (bytes > 500_000 ? destroy() : undefined) },
      async (device, { client }) => {
        const error = await errorOf(uploadFirmware(client, { file_path: file, apply_time: 'OnReset' }))
        expect([error.code, error.unclear]).toEqual(['DeviceUnreachable', true])
        expect(device.received).toBeLessThan(content.length)
        expect(device.uploads).toEqual([])
      },
    )
  })

  it('whose answer is lost is unclear', async () => {
    await onDevice(MODERN, { answer: (_upload, response) => response.destroy() }, async (device, { client }) => {
      expect((await errorOf(uploadFirmware(client, { file_path: file, apply_time: 'OnReset' }))).unclear).toBe(true)
      expect(device.uploads).toHaveLength(1)
    })
  })

  it('stops at the abort of its caller', async () => {
    const control = new AbortController()
    await onDevice(
      MODERN,
      { onBytes: (bytes) => (bytes > 200_000 ? control.abort() : undefined) },
      async (device, { client }) => {
        const error = await errorOf(
          uploadFirmware(client, { file_path: file, apply_time: 'OnReset', signal: control.signal }),
        )
        expect([error.code, error.unclear]).toEqual(['Cancelled', true])
        expect(device.uploads).toEqual([])
      },
    )
  })

  it('that is refused says why', async () => {
    const answer: UploadTargetRules['answer'] = (_upload, response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          error: { '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.8.SYS434', Message: 'extension' }] },
        }),
      )
    }
    await onDevice(MODERN, { answer }, async (_device, { client }) => {
      const error = await errorOf(uploadFirmware(client, { file_path: file, apply_time: 'OnReset' }))
      expect([error.code, error.facts.message_id, error.unclear]).toEqual(['UnsupportedFileType', 'SYS434', false])
    })
  })

  it('without a job in its Location is unclear', async () => {
    const answer: UploadTargetRules['answer'] = (_upload, response) => void response.writeHead(202).end()
    await onDevice(MODERN, { answer }, async (_device, { client }) => {
      const error = await errorOf(uploadFirmware(client, { file_path: file, apply_time: 'OnReset' }))
      expect([error.code, error.unclear]).toEqual(['ProtocolError', true])
    })
  })

  it('is not tried where the device has no such route', async () => {
    await onDevice(OLD, {}, async (device, { client }) => {
      const error = await errorOf(uploadFirmware(client, { file_path: file, apply_time: 'OnReset' }))
      expect([error.code, error.facts.sent]).toEqual(['Unsupported', false])
      expect(device.uploads).toEqual([])
    })
  })
})

describe('the older route', () => {
  it('stores one part named file under the ETag, then installs what was stored', async () => {
    const gets = { [INVENTORY]: { body: { Members: [] }, headers: { etag: '"abc"' } } }
    const answer: UploadTargetRules['answer'] = (upload, response) => {
      const location =
        upload.path === INVENTORY ? `${INVENTORY}/Available-159-2.14.0` : '/redfish/v1/TaskService/Tasks/JID_1'
      response.writeHead(upload.path === INVENTORY ? 201 : 202, { location })
      response.end()
    }
    await onDevice(OLD, { gets, answer }, async (device, { client }) => {
      const stored = await pushPackage(client, { file_path: file })
      expect(stored.image_uri).toBe(`${INVENTORY}/Available-159-2.14.0`)
      expect(device.uploads[0]?.headers['if-match']).toBe('"abc"')
      expect(device.uploads[0]?.head).toMatch(
        /^--\w+\r\nContent-Disposition: form-data; name="file"; filename="BIOS_W77H1_WN64_1.9.2.EXE"/,
      )
      expect((await installPushed(client, stored.image_uri, 'NextReboot')).job_id).toBe('JID_1')
      expect(device.uploads[1]?.head).toBe(
        JSON.stringify({ SoftwareIdentityURIs: [`${INVENTORY}/Available-159-2.14.0`], InstallUpon: 'NextReboot' }),
      )
    })
  })
})

describe('SimpleUpdate', () => {
  it('sends what it is told and records no login', async () => {
    await onDevice(MODERN, {}, async (device, { client, recorder }) => {
      const uri = 'http://user:c4n4ry-url@192.0.2.5/fw/X.EXE?key=c4n4ry-query'
      await simpleUpdate(client, {
        image_uri: uri,
        transfer_protocol: 'HTTP',
        apply_time: 'OnReset',
        username: 'share',
        password: 'c4n4ry-share',
      })
      expect(JSON.parse(device.uploads[0]?.head ?? '')).toEqual({
        ImageURI: uri,
        TransferProtocol: 'HTTP',
        '@Redfish.OperationApplyTime': 'OnReset',
        Username: 'share',
        Password: 'c4n4ry-share',
      })
      expect(JSON.stringify(recorder.calls)).not.toContain('c4n4ry')
    })
  })

  it('sends no protocol or apply time that the device does not offer', async () => {
    await onDevice(MODERN, {}, async (device, { client }) => {
      const image_uri = '//192.0.2.5/x'
      expect((await errorOf(simpleUpdate(client, { image_uri, transfer_protocol: 'NFS' }))).facts.sent).toBe(false)
      expect((await errorOf(simpleUpdate(client, { image_uri, apply_time: 'OnStartUpdateRequest' }))).facts.sent).toBe(
        false,
      )
      expect(device.uploads).toEqual([])
    })
  })
})
