import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LabClient, type LabSite } from '../../scripts/demo/lab-client.js'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { type OwnLab, startOwnLab } from '../helpers/own-lab.js'

/** The simulated site seen with programs that nobody here wrote; one that is not on this machine is skipped by name. */
let lab: OwnLab
let site: LabSite

beforeAll(async () => {
  lab = await startOwnLab()
  site = await new LabClient(lab.url).site()
})
afterAll(() => lab?.end())

const has = async (program: string) => (await runCommand('which', [program], { timeoutMs: 5_000 })).code === 0
const [curl, openssl, keyscan, python] = await Promise.all(['curl', 'openssl', 'ssh-keyscan', 'python3'].map(has))

const firstIdrac = () => {
  const idrac = site.idracs.find(({ personality }) => !personality)
  if (!idrac) throw new Error('no ordinary iDRAC')
  return idrac
}
const run = (program: string, args: string[]) => runCommand(program, args, { timeoutMs: 20_000 })

describe.skipIf(!curl)('curl', () => {
  test('reads the service root of an iDRAC without an account', async () => {
    const { address, port, service_tag } = firstIdrac()
    const answer = await run('curl', ['-sk', `https://${address}:${port}/redfish/v1/`])
    const root = JSON.parse(answer.output)
    expect(root['@odata.id']).toMatch(/^\/redfish\/v1\/?$/)
    expect(root.Oem.Dell.ServiceTag).toBe(service_tag)
  })
  test('is refused without an account and let in with it', async () => {
    const { address, port, username, password } = firstIdrac()
    const url = `https://${address}:${port}/redfish/v1/Systems`
    const code = ['-sk', '-o', '/dev/null', '-w', '%{http_code}']
    expect((await run('curl', [...code, url])).output).toBe('401')
    expect((await run('curl', [...code, '-u', `${username}:${password}`, url])).output).toBe('200')
  })
  test('takes a firmware package from the web depot with its announced length', async () => {
    const file = site.firmware[0]
    const answer = await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code} %{size_download}', file?.url ?? ''])
    expect(answer.output).toBe(`200 ${file?.size_bytes}`)
  })
})

describe.skipIf(!openssl)('openssl', () => {
  test('shakes hands with an iDRAC and a vCenter and reads their certificates', async () => {
    for (const { address, port } of [firstIdrac(), ...site.vcenters]) {
      const answer = await run('sh', [
        '-c',
        `echo | openssl s_client -connect ${address}:${port} 2>/dev/null | openssl x509`,
      ])
      expect(new X509Certificate(answer.output).subject).toBeTruthy()
    }
  })
})

describe.skipIf(!keyscan)('ssh-keyscan', () => {
  test('reads the host key of an ESXi host', async () => {
    const ssh = site.vcenters[0]?.clusters[0]?.hosts[0]?.ssh
    const answer = await run('ssh-keyscan', ['-p', String(ssh?.port), ssh?.address ?? ''])
    // SSH is off until somebody starts the service: then nobody listens, which is an answer too.
    expect(answer.output).toMatch(/ssh-(ed25519|rsa)|ecdsa-sha2|refused|closed|^$/)
  })
})

const SOAP = `
import ssl, urllib.request, sys
body = b'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:vim25="urn:vim25"><soapenv:Body><vim25:RetrieveServiceContent><vim25:_this type="ServiceInstance">ServiceInstance</vim25:_this></vim25:RetrieveServiceContent></soapenv:Body></soapenv:Envelope>'
context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
request = urllib.request.Request(sys.argv[1], body, {'Content-Type': 'text/xml; charset=utf-8', 'SOAPAction': 'urn:vim25/6.7'})
print(urllib.request.urlopen(request, context=context, timeout=10).read().decode())
`

describe.skipIf(!python)('python', () => {
  test('asks a vCenter who it is', async () => {
    const vcenter = site.vcenters[0]
    const answer = await run('python3', ['-c', SOAP, `https://${vcenter?.address}:${vcenter?.port}/sdk`])
    expect(answer.output).toContain('VMware vCenter Server')
    expect(answer.output).toMatch(/<instanceUuid>[0-9a-f-]{36}<\/instanceUuid>/i)
  })
})
