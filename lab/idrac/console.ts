import { randomBytes } from 'node:crypto'
import { type Answer, done, refusal } from './answers.js'
import { type Call, pathPattern, type Route } from './route.js'
import { MANAGER } from './view.js'

const SERVICE = `${MANAGER}/Oem/Dell/DelliDRACCardService/Actions/DelliDRACCardService.`

/** A ticket for the virtual console: needs the licence and the console switched on. */
function getKvmSession({ view, body }: Call): Answer {
  const { SessionTypeName: name } = body
  if (typeof name !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['SessionTypeName'] })
  if (name.length === 0 || name.length > 32)
    return refusal(view, 400, { id: 'SYS425', args: [name, 'SessionTypeName'] })
  if (view.server.idrac.license === 'Express') return refusal(view, 403, { id: 'LIC501' })
  if (!view.server.idrac.kvm) return refusal(view, 400, { id: 'SYS446' })
  const ticket = { TempUsername: randomBytes(8).toString('hex'), TempPassword: randomBytes(16).toString('hex') }
  return done(view, 'console ticket', 'SYS413', ticket)
}

/** The web server's certificate as text. */
function exportCertificate({ view, body }: Call): Answer {
  if (body.SSLCertType !== 'Server')
    return refusal(view, 400, { id: 'SYS426', args: [String(body.SSLCertType), 'SSLCertType'] })
  const { server, core } = view
  const { cert } = core.keys.tls(server.name, {
    common_name: `idrac-${server.service_tag}`,
    addresses: [server.idrac.address],
  })
  return done(view, undefined, 'SYS413', { CertificateFile: cert })
}

export const consoleRoutes: Route[] = [
  { method: 'POST', pattern: pathPattern(`${SERVICE}GetKVMSession`), mutation: true, act: getKvmSession },
  { method: 'POST', pattern: pathPattern(`${SERVICE}ExportSSLCertificate`), mutation: false, act: exportCertificate },
]
