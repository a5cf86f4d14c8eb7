import { createHash, type X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabConfig } from '../../lab/config.js'
import { readConfig } from '../../lab/config.js'
import type { Face, LabCore } from '../../lab/core.js'
import { connectionOf, deliver } from '../../lab/http-answer.js'
import { listenTls } from '../../lab/listen.js'
import { type RunningLab, runLab } from '../../lab/run-lab.js'
import { until } from './small-lab.js'

let dir: string
let running: RunningLab
const DEVICE = 'idrac-prod-a-01'

const config = (change: Partial<LabConfig> = {}): LabConfig => ({
  site: 'small',
  speed: 1000,
  seed: 1,
  port: 0,
  data_dir: dir,
  embedded: true,
  ...change,
})

/** A face with one device that answers every request with its body's length. */
async function echoFace(core: LabCore): Promise<Face> {
  const { address, port } = core.find.server(DEVICE).idrac
  const identity = core.keys.tls(DEVICE, { common_name: 'idrac-test', addresses: [address] })
  const listener = await listenTls({
    address,
    port,
    identity,
    handler: (request, response) => {
      const info = {
        device: DEVICE,
        kind: 'redfish',
        method: request.method ?? '',
        path: request.url ?? '',
        mutation: request.method !== 'GET',
        connection: connectionOf(request),
      } as const
      void core.gate
        .handle(info, () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: '0123456789' }))
        .then((verdict) => deliver(response, verdict))
    },
  })
  return { close: () => listener.close() }
}

const call = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(running.url + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

/** Sends one raw request over TLS; what came until the end of the connection, and the certificate. */
function raw(path: string): Promise<{ text: string; certificate: X509Certificate; broke: boolean }> {
  const { address, port } = running.lab.find.server(DEVICE).idrac
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, rejectUnauthorized: false })
    let text = ''
    let broke = false
    let certificate: X509Certificate | undefined
    socket.once('secureConnect', () => {
      certificate = socket.getPeerX509Certificate()
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    })
    socket.on('data', (bytes) => {
      text += bytes.toString()
    })
    socket.on('error', () => {
      broke = true
    })
    socket.once('close', () => resolve({ text, broke, certificate: certificate as X509Certificate }))
  })
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lab-test-'))
  running = await runLab(config(), [echoFace])
})
afterEach(async () => {
  await running.stop()
  rmSync(dir, { recursive: true, force: true })
})

describe('the control API', () => {
  it('shows the site with what scripts need, and its files are what it says', async () => {
    const { body: site } = await call('GET', '/lab/site')
    expect(site).toMatchObject({
      site: 'small',
      seed: 1,
      speed: 1000,
      openmanage: [],
      directories: [],
      sinks: [],
    })
    expect((await fetch(site.catalogs[0].url)).status).toBe(200)
    expect(site.idracs).toHaveLength(10)
    expect(site.vcenters[0].clusters[0].hosts).toHaveLength(4)
    const host = site.vcenters[0].clusters[0].hosts[0]
    expect(host.address).toBe(host.ssh.address)
    const file = site.firmware[0]
    const bytes = Buffer.from(await (await fetch(file.url)).arrayBuffer())
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([file.size_bytes, file.sha256])
    const part = await fetch(file.url, { headers: { range: 'bytes=10-19' } })
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(10, 20)])
    expect((await fetch(`${file.url}x`)).status).toBe(404)
  })

  it('has the truth of now in its state', async () => {
    const { body: state } = await call('GET', '/lab/state')
    expect(state.servers[0]).toMatchObject({ name: DEVICE, power: 'On', boot_count: 1, jobs: [], sessions_open: 0 })
    expect(state.hosts[0]).toMatchObject({
      cluster: 'Prod-A',
      in_maintenance: false,
      connection: 'connected',
      ssh_enabled: false,
    })
    expect(state.hosts[0].vms[0].power).toBe('poweredOn')
    expect(state.clusters[0]).toEqual({
      name: 'Prod-A',
      ha: true,
      admission_control: true,
      drs: 'fullyAutomated',
      dpm: true,
    })
  })

  it('keeps a ledger that can be read from a place, by device and by mutation', async () => {
    await raw('/a')
    await raw('/b')
    const all = (await call('GET', '/lab/ledger?since=0')).body
    expect(all.items.map((row: { path: string }) => row.path)).toEqual(['/a', '/b'])
    expect(all.next).toBe(2)
    expect((await call('GET', '/lab/ledger?since=1')).body.items).toHaveLength(1)
    expect((await call('GET', '/lab/ledger?since=2')).body).toEqual({ items: [], next: 2 })
    expect((await call('GET', '/lab/ledger?since=0&device=other')).body).toEqual({ items: [], next: 2 })
    expect((await call('GET', '/lab/ledger?since=0&mutations=1')).body).toEqual({ items: [], next: 2 })
  })

  it.each([
    ['GET', '/lab/nothing', undefined, 404],
    ['POST', '/lab/site', undefined, 405],
    ['GET', '/lab/site?x=1', undefined, 400],
    ['GET', '/lab/ledger?since=-1', undefined, 400],
    ['POST', '/lab/speed', { factor: 0 }, 400],
    ['POST', '/lab/speed', {}, 400],
    ['POST', '/lab/faults', '{"action":', 400],
    ['POST', '/lab/faults', { action: 'hold' }, 400],
    ['DELETE', '/lab/faults/fault-99', undefined, 404],
    ['POST', '/lab/holds/hold-99/release', undefined, 404],
  ])('%s %s answers a sentence', async (method, path, body, status) => {
    const answer = await call(method, path, body)
    expect([answer.status, typeof answer.body.error]).toEqual([status, 'string'])
  })

  it('faults come and go, and break real connections as they say', async () => {
    const add = async (rule: object) =>
      (await call('POST', '/lab/faults', { selector: { device: DEVICE }, remaining: 1, ...rule })).body.id
    await add({ action: 'drop_answer' })
    expect((await raw('/drop')).text).toBe('')
    await add({ action: 'truncate' })
    expect((await raw('/half')).text).toMatch(/content-length: 10[\s\S]*\r\n\r\n01234$/i)
    await add({ action: 'reset', after_bytes: 3 })
    expect((await raw('/cut')).text).not.toContain('3456')
    await add({ action: 'status', code: 503, body: '{}' })
    expect((await raw('/no')).text).toContain('503')
    expect((await raw('/yes')).text).toContain('0123456789')
    const id = await add({ action: 'status', code: 500 })
    expect((await call('GET', '/lab/faults')).body.items).toHaveLength(1)
    expect((await call('DELETE', `/lab/faults/${id}`)).status).toBe(204)
    expect((await call('GET', '/lab/faults')).body.items).toHaveLength(0)
  })

  it('a held request waits until it is let go', async () => {
    await call('POST', '/lab/faults', { selector: { path: '/wait*' }, action: 'hold', when: 'after' })
    const answer = raw('/wait/here')
    await until('the hold', () => running.lab.holds.list().length === 1)
    const { items } = (await call('GET', '/lab/holds')).body
    expect(items[0]).toMatchObject({ device: DEVICE, method: 'GET', path: '/wait/here', when: 'after' })
    expect((await call('POST', `/lab/holds/${items[0].id}/release`)).status).toBe(200)
    expect((await answer).text).toContain('0123456789')
  })

  it('a client that dies while its request is held before the effect never asked for anything', async () => {
    await call('POST', '/lab/faults', { selector: {}, action: 'hold', when: 'before', remaining: 1 })
    const { address, port } = running.lab.find.server(DEVICE).idrac
    const socket = connect({ host: address, port, rejectUnauthorized: false })
    socket.once('secureConnect', () => socket.write('GET /dies HTTP/1.1\r\nhost: x\r\n\r\n'))
    await until('the hold', () => running.lab.holds.list().length === 1)
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.destroy()
    await gone
    // The device learns of it when the end of the connection reaches it: the next request on a new one comes later.
    await raw('/later')
    running.lab.holds.releaseAll()
    await until('the row', () => running.lab.ledger.read({ since: 0 })[0]?.effect !== undefined)
    expect(running.lab.ledger.read({ since: 0 })[0]).toMatchObject({
      path: '/dies',
      status: 0,
      effect: expect.stringContaining('client gone'),
    })
  })

  it('changes its speed', async () => {
    expect((await call('POST', '/lab/speed', { factor: 7 })).status).toBe(200)
    expect((await call('GET', '/lab/site')).body.speed).toBe(7)
  })

  it('a reset is the first state with the same certificate', async () => {
    const before = (await raw('/x')).certificate.fingerprint256
    const fresh = (await call('GET', '/lab/state')).body
    running.lab.lifecycle.power(running.lab.find.server('idrac-standalone-03'), 'ForceOff')
    expect((await call('GET', '/lab/state')).body).not.toEqual(fresh)
    expect((await call('POST', '/lab/reset')).status).toBe(200)
    expect((await call('GET', '/lab/state')).body).toEqual(fresh)
    expect((await call('GET', '/lab/ledger')).body).toEqual({ items: [], next: 0 })
    expect((await raw('/x')).certificate.fingerprint256).toBe(before)
  })
})

describe('an embedded lab that is stopped and started', () => {
  it('goes on with state, ledger and keys, on the same addresses', async () => {
    const certificate = (await raw('/x')).certificate
    expect([
      certificate.verify(certificate.publicKey),
      certificate.checkIP(running.lab.find.server(DEVICE).idrac.address),
    ]).toEqual([true, running.lab.find.server(DEVICE).idrac.address])
    const alone = running.lab.find.server('idrac-standalone-03')
    running.lab.lifecycle.power(alone, 'ForceRestart')
    await running.stop()
    running = await runLab(config(), [echoFace])
    expect((await raw('/y')).certificate.fingerprint256).toBe(certificate.fingerprint256)
    expect((await call('GET', '/lab/ledger')).body.items.map((row: { path: string }) => row.path)).toEqual(['/x', '/y'])
    const same = running.lab.find.server('idrac-standalone-03')
    expect(same.boot_count).toBe(2)
    await until('running', () => same.boot.phase === 'running')
  })

  it('begins anew for another seed, and always when it is not embedded', async () => {
    running.lab.lifecycle.power(running.lab.find.server('idrac-standalone-03'), 'ForceOff')
    await running.stop()
    running = await runLab(config({ embedded: false }), [])
    expect(running.lab.find.server('idrac-standalone-03').power).toBe('On')
    await running.stop()
    running = await runLab(config(), [])
    expect(running.lab.find.server('idrac-standalone-03').power).toBe('Off')
    await running.stop()
    running = await runLab(config({ seed: 2 }), [])
    expect(running.lab.find.server('idrac-standalone-03').power).toBe('On')
  })

  it('a second lab on the machine takes other addresses', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lab-test-'))
    const second = await runLab(config({ data_dir: other }), [echoFace])
    expect(second.lab.state.shift).not.toBe(running.lab.state.shift)
    expect(second.lab.find.server(DEVICE).idrac.address).not.toBe(running.lab.find.server(DEVICE).idrac.address)
    await second.stop()
    rmSync(other, { recursive: true, force: true })
  })
})

describe('the configuration', () => {
  it('has defaults', () => {
    expect(readConfig({})).toEqual({
      site: 'small',
      speed: 100,
      seed: 1,
      port: 8090,
      data_dir: './.data',
      embedded: false,
    })
  })

  it.each([
    [{ LAB_SITE: 'huge' }, /LAB_SITE.*Example/],
    [{ LAB_SPEED: '0' }, /LAB_SPEED.*Example/],
    [{ LAB_SEED: '1.5' }, /LAB_SEED.*whole/],
    [{ LAB_PORT: '70000' }, /LAB_PORT/],
  ])('refuses %o with the name of the variable', (env, sentence) => {
    expect(() => readConfig(env)).toThrow(sentence)
  })
})
