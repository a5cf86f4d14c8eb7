/** All faces together: one host goes through a whole update on real wires, and a lab that restarts meanwhile goes on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'ssh2'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEsxiFace } from '../../lab/esxi/face.js'
import { startIdracFace } from '../../lab/idrac/face.js'
import type { Invariants } from '../../lab/invariants.js'
import { type RunningLab, runLab } from '../../lab/run-lab.js'
import { startVcenterFace } from '../../lab/vcenter/face.js'

const FACES = [startIdracFace, startVcenterFace, startEsxiFace]
let dir: string
let running: RunningLab
let cookie = ''
let token = ''

const start = () => runLab({ site: 'small', speed: 1000, seed: 11, port: 0, data_dir: dir, embedded: true }, FACES)
const server = () => running.lab.find.server('idrac-prod-a-02')
const host = () => running.lab.find.host(server().host ?? '')

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lab-test-'))
  running = await start()
})
afterAll(async () => {
  await running.stop()
  rmSync(dir, { recursive: true, force: true })
})

interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

function https(
  device: { address: string; port: number },
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: Buffer | string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = httpsRequest(
      {
        host: device.address,
        port: device.port,
        method,
        path,
        headers: { ...headers, ...length },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

async function soap(method: string, self: [type: string, moid: string], rest = ''): Promise<string> {
  const [vcenter] = running.lab.state.vcenters
  if (!vcenter) throw new Error('no vCenter')
  const body = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><${method} xmlns="urn:vim25"><_this type="${self[0]}">${self[1]}</_this>${rest}</${method}></soapenv:Body></soapenv:Envelope>`
  const reply = await https(
    vcenter,
    'POST',
    '/sdk',
    { 'content-type': 'text/xml; charset=utf-8', soapaction: 'urn:vim25/8.0.3.0', ...(cookie ? { cookie } : {}) },
    body,
  )
  const set = [reply.headers['set-cookie'] ?? []].flat()[0]
  if (set) cookie = set.split(';')[0] ?? ''
  if (reply.status !== 200) throw new Error(`${method}: ${reply.status} ${reply.text}`)
  return reply.text
}

async function login(): Promise<void> {
  const [vcenter] = running.lab.state.vcenters
  cookie = ''
  await soap(
    'Login',
    ['SessionManager', 'SessionManager'],
    `<userName>${vcenter?.username}</userName><password>${vcenter?.password}</password>`,
  )
}

async function redfish(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const raw = Buffer.isBuffer(body)
  const type: Record<string, string> = body === undefined || raw ? {} : { 'content-type': 'application/json' }
  const auth: Record<string, string> = token ? { 'x-auth-token': token } : {}
  return https(
    server().idrac,
    method,
    path,
    { ...type, ...auth, ...headers },
    raw ? body : body === undefined ? undefined : JSON.stringify(body),
  )
}

function ssh(command: string): Promise<{ code: number; out: string }> {
  const { address, port, username, password } = host().ssh
  return new Promise((resolve, reject) => {
    const client = new Client()
    client.once('error', reject)
    client.on('keyboard-interactive', (_name, _instructions, _lang, _prompts, finish) => finish([password]))
    client.once('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        let out = ''
        channel.on('data', (chunk: Buffer) => {
          out += chunk.toString()
        })
        channel.stderr.on('data', (chunk: Buffer) => {
          out += chunk.toString()
        })
        channel.once('close', (code: number) => {
          client.end()
          resolve({ code, out })
        })
      })
    })
    client.connect({ host: address, port, username, tryKeyboard: true, hostVerifier: () => true })
  })
}

async function eventually(what: string, holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds()); ) {
    if (Date.now() > end)
      throw new Error(`not in ${ms} ms: ${what}; host ${host().connection}, boot ${server().boot.phase}`)
    await pause(20)
  }
}

const judged = async () => (await (await fetch(`${running.url}/lab/invariants`)).json()) as Invariants

it('a host is evacuated, gets image and BIOS, reboots once per step, and comes back; the lab restarts in between', async () => {
  await login()
  await soap(
    'EnterMaintenanceMode_Task',
    ['HostSystem', host().moid],
    '<timeout>0</timeout><evacuatePoweredOffVms>false</evacuatePoweredOffVms>',
  )
  await eventually('in maintenance', () => host().in_maintenance)
  expect(running.lab.find.vmsOn(host()).filter((vm) => vm.power === 'poweredOn')).toEqual([])

  await soap('StartService', ['HostServiceSystem', `serviceSystem-${host().moid.split('-')[1]}`], '<id>TSM-SSH</id>')
  expect(host().ssh.enabled).toBe(true)
  const depot = running.lab.state.depots.at(-1)
  const image = depot?.profiles[0]
  const update = await ssh(`esxcli software profile update -d ${depot?.depot_path} -p ${image?.name}`)
  expect(update.out).toContain('The update completed successfully')
  expect([update.code, host().image.build]).toEqual([0, '22380479'])

  await soap('RebootHost_Task', ['HostSystem', host().moid], '<force>false</force>')
  await eventually('not responding', () => host().connection === 'notResponding')
  await running.stop()
  running = await start()
  await eventually('connected', () => host().connection === 'connected')
  expect([host().image.build, host().in_maintenance, host().ssh.enabled, host().boot_count]).toEqual([
    image?.build,
    true,
    false,
    2,
  ])

  const { username, password } = server().idrac
  const session = await redfish('POST', '/redfish/v1/SessionService/Sessions', {
    UserName: username,
    Password: password,
  })
  token = String(session.headers['x-auth-token'])
  const file = running.lab.state.firmware
    .filter((one) => one.component === 'bios' && one.models.includes(server().model))
    .at(-1)
  const bytes = Buffer.from(await (await fetch(file?.url ?? '')).arrayBuffer())
  const part = (head: string) => Buffer.from(`--part\r\nContent-Disposition: form-data; ${head}\r\n\r\n`)
  const form = Buffer.concat([
    part('name="UpdateParameters"\r\nContent-Type: application/json'),
    Buffer.from('{"Targets":[],"@Redfish.OperationApplyTime":"OnReset"}\r\n'),
    part(`name="UpdateFile"; filename="${file?.file_name}"\r\nContent-Type: application/octet-stream`),
    bytes,
    Buffer.from('\r\n--part--\r\n'),
  ])
  const upload = await redfish('POST', '/redfish/v1/UpdateService/MultipartUpload', form, {
    'content-type': 'multipart/form-data; boundary=part',
  })
  expect(upload.status).toBe(202)
  const id = String(upload.headers.location).split('/').at(-1) ?? ''
  await eventually('Scheduled', () => running.lab.jobs.find(server(), id)?.state === 'Scheduled')
  await login()
  await soap('RebootHost_Task', ['HostSystem', host().moid], '<force>false</force>')
  await eventually('Completed', () => running.lab.jobs.find(server(), id)?.state === 'Completed')
  await eventually('connected', () => host().connection === 'connected' && server().boot.phase === 'running')
  const bios = JSON.parse((await redfish('GET', '/redfish/v1/Systems/System.Embedded.1')).text)
  expect(bios.BiosVersion).toBe(file?.version)

  await soap('ExitMaintenanceMode_Task', ['HostSystem', host().moid], '<timeout>0</timeout>')
  await eventually('out of maintenance', () => !host().in_maintenance)
  const { ok, checks, figures } = await judged()
  expect([ok, checks.filter((one) => !one.ok)]).toEqual([true, []])
  expect(figures).toMatchObject({
    max_hosts_out: { 'Prod-A': 1, 'Edge-B': 0 },
    firmware_submissions: [{ component: 'bios', count: 1 }],
    esxi_updates: [{ host: host().name, count: 1 }],
    host_reboots: [{ host: host().name, count: 2, with_vms: 0 }],
    settings_changed: [],
  })
})
