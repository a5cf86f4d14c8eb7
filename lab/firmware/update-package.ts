/**
 * Firmware packages of the web depot: a small Windows stub (`MZ`), then a real ZIP with `package.xml` and a payload.
 * The same facts always give the same bytes. There is nothing of a vendor's in them: no code, no signature.
 */
import { createCipheriv, createHash } from 'node:crypto'
import type { SimFirmwareFile } from '../model.js'
import type { PackageFacts } from '../model-server.js'
import { packageXml, readPackageXml } from './package-xml.js'
import { readZipMember } from './zip-reader.js'
import { selfExtractingZip } from './zip-writer.js'

type PackageSource = Omit<SimFirmwareFile, 'url' | 'size_bytes' | 'sha256'>

const STUB_BYTES = 4096

/** Bytes that look like a firmware image and depend on the name only. */
function payload(name: string, size: number): Buffer {
  const key = createHash('sha256').update(`simulated firmware ${name}`).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size))
}

/** The whole file; `payloadBytes` is about its size. */
export function buildPackage(file: PackageSource, payloadBytes: number): Buffer {
  const stub = Buffer.alloc(STUB_BYTES)
  stub.write('MZ', 0, 'latin1')
  stub.writeUInt32LE(0x80, 0x3c)
  stub.write('This file is part of a simulated site and contains no program.', 0x100, 'latin1')
  return selfExtractingZip(stub, [
    { name: 'package.xml', bytes: Buffer.from(packageXml(file), 'utf8'), how: 'deflate' },
    { name: 'payload/image.bin', bytes: payload(file.file_name, payloadBytes), how: 'store' },
  ])
}

/** Why an iDRAC does not take a file: not a package (RED008), or its image is damaged (RED007). */
export type PackageReading =
  | { ok: true; facts: PackageFacts }
  | { ok: false; message_id: 'RED007' | 'RED008'; reason: string }

/** Reads a package as the iDRAC does: stub, ZIP, checksum of every member, package.xml. */
export function readPackage(file: Buffer): PackageReading {
  if (file.length < 2 || file.toString('latin1', 0, 2) !== 'MZ')
    return { ok: false, message_id: 'RED008', reason: 'not a Windows package' }
  const xml = readZipMember(file, 'package.xml')
  if (!xml) return { ok: false, message_id: 'RED008', reason: 'no package.xml' }
  if (!readZipMember(file, 'payload/image.bin'))
    return { ok: false, message_id: 'RED007', reason: 'payload is damaged' }
  try {
    return { ok: true, facts: readPackageXml(xml.toString('utf8')) }
  } catch (error) {
    return { ok: false, message_id: 'RED008', reason: String(error) }
  }
}
