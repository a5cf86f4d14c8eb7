import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readdress } from '../../lab/addresses.js'
import { catalogFiles } from '../../lab/firmware/catalog.js'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import { readPackage } from '../../lab/firmware/update-package.js'
import { readZipMember } from '../../lab/firmware/zip-reader.js'
import { buildSite } from '../../lab/site/build-site.js'
import { compareVersions } from '../../lab/versions.js'

const START = Date.UTC(2026, 0, 1)

describe('a site out of its seed', () => {
  it('is the same for the same seed and another for another', () => {
    const one = JSON.stringify(buildSite('small', 3, 0, START))
    expect(JSON.stringify(buildSite('small', 3, 0, START))).toBe(one)
    expect(JSON.stringify(buildSite('small', 4, 0, START))).not.toBe(one)
  })

  it('small has two clusters, three standalone servers, four generations and three personalities', () => {
    const state = buildSite('small', 1, 0, START)
    expect(state.clusters.map((cluster) => cluster.name)).toEqual(['Prod-A', 'Edge-B'])
    expect(state.hosts.map((host) => host.cluster).join(' ')).toBe('Prod-A Prod-A Prod-A Prod-A Edge-B Edge-B Edge-B')
    expect(state.servers).toHaveLength(10)
    expect(new Set(state.servers.map((server) => server.generation))).toEqual(new Set(['14G', '15G', '16G', '17G']))
    const named = state.servers.filter((server) => server.personality !== null)
    expect(named.map((server) => [server.personality, server.host === null])).toEqual([
      ['lockdown', false],
      ['flaky', true],
      ['other_password', true],
    ])
    const passwords = [
      ...state.servers.map((server) => server.idrac.password),
      ...state.hosts.map((host) => host.ssh.password),
      ...state.vcenters.map((vcenter) => vcenter.password),
    ]
    expect(passwords.every((password) => password.length >= 12)).toBe(true)
    expect(new Set(state.servers.map((server) => server.service_tag)).size).toBe(10)
    expect(state.servers.every((server) => /^[A-Z0-9]{7}$/.test(server.service_tag))).toBe(true)
  })

  it('one host of each cluster may leave with room to spare', () => {
    const state = buildSite('small', 1, 0, START)
    for (const cluster of state.clusters) {
      const hosts = state.hosts.filter((host) => host.cluster === cluster.name)
      const memory = state.vms
        .filter((vm) => vm.cluster === cluster.name)
        .reduce((sum, vm) => sum + vm.memory_mb * 1024 ** 2, 0)
      const one = hosts[0]?.memory_bytes ?? 0
      expect(memory).toBeLessThan(0.9 * one * (hosts.length - 2))
    }
  })

  it('the newest image is on no host and the newest BIOS is newer than what Prod-A has, without prerequisites', () => {
    const state = buildSite('small', 1, 0, START)
    const newest = state.depots.flatMap((depot) => depot.profiles).sort((a, b) => Number(b.build) - Number(a.build))[0]
    expect(newest?.name).toBe('DEL-ESXi_803.24859861-A03')
    expect(state.hosts.some((host) => host.image.build === newest?.build)).toBe(false)
    const model = state.servers[0]?.model ?? ''
    const bios = state.firmware
      .filter((file) => file.component === 'bios' && file.models.includes(model))
      .sort((a, b) => compareVersions(b.version, a.version))[0]
    expect(bios?.prerequisites).toEqual([])
    expect(compareVersions(bios?.version ?? '', state.servers[0]?.firmware[0]?.version ?? '')).toBeGreaterThan(0)
  })

  it.each([
    ['small:8', 14],
    ['medium', 120],
    ['fleet:200', 200],
  ])('%s has %i servers', (site, count) => {
    const state = buildSite(site, 1, 0, START)
    expect(state.servers).toHaveLength(count)
    const addresses = [
      ...state.servers.map((server) => server.idrac.address),
      ...state.hosts.map((host) => host.address),
    ]
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  it.each(['small:1', 'small:65', 'fleet', 'large', 'small:x', 'medium:3'])('refuses %s by name', (site) => {
    expect(() => buildSite(site, 1, 0, START)).toThrow(/LAB_SITE/)
  })

  it('moves addresses to other second octets', () => {
    expect(readdress('127.20.3.4', 0, 2)).toBe('127.22.3.4')
    expect(readdress('127.71.0.1', 1, 0)).toBe('127.70.0.1')
    expect(readdress('127.0.0.1', 0, 2)).toBe('127.0.0.1')
  })
})

describe('firmware packages', () => {
  const files = firmwareFiles(new Set(['PowerEdge R750', 'PowerEdge R770']), (name) => `http://depot/${name}`)

  it('are what their facts say: size, hash, package.xml inside a real ZIP', () => {
    expect(files.length).toBeGreaterThan(10)
    for (const { file, bytes } of files) {
      expect(bytes.length).toBe(file.size_bytes)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256)
      expect(bytes.length).toBeGreaterThanOrEqual(200 * 1024)
      const reading = readPackage(bytes)
      if (!reading.ok) throw new Error(reading.reason)
      expect(reading.facts).toMatchObject({
        version: file.version,
        component_id: file.component_id,
        system_ids: file.system_ids,
        models: file.models,
        prerequisites: file.prerequisites,
      })
    }
  })

  it('stand in a catalogue in UTF-16, plain and gzipped, with size and hashes', () => {
    const [plain, packed] = catalogFiles('127.70.0.1:8080', files)
    if (!plain || !packed) throw new Error('no catalogue')
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true)
    expect([...plain.bytes.subarray(0, 2)]).toEqual([0xff, 0xfe])
    const text = plain.bytes.toString('utf16le')
    for (const { file, bytes } of files) {
      expect(text).toContain(`path="firmware/${file.file_name}"`)
      expect(text).toContain(`hashMD5="${createHash('md5').update(bytes).digest('hex')}" size="${bytes.length}"`)
      expect(text).toContain(file.sha256.toUpperCase())
    }
    expect(text.match(/<SoftwareBundle/g)).toHaveLength(new Set(files.flatMap(({ file }) => file.models)).size)
  })

  it('a cut-off or changed file is refused with the id of the device', () => {
    const bytes = files[0]?.bytes ?? Buffer.alloc(0)
    expect(readPackage(bytes.subarray(0, bytes.length - 30))).toMatchObject({ ok: false, message_id: 'RED008' })
    const changed = Buffer.from(bytes)
    changed[bytes.length >> 1] = (changed[bytes.length >> 1] ?? 0) ^ 1
    expect(readPackage(changed)).toMatchObject({ ok: false, message_id: 'RED007' })
    expect(readPackage(Buffer.from('not an image'))).toMatchObject({ ok: false, message_id: 'RED008' })
    expect(readZipMember(Buffer.alloc(10), 'package.xml')).toBeNull()
  })
})
