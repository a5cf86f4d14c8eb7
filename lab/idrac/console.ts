import { type Answer, done, refusal } from './answers.js'
import { consolesOf, issueTicket, MAX_CONSOLES, redeemTicket } from './console-sessions.js'
import { type Call, pathPattern, type Route } from './route.js'
import { MANAGER } from './view.js'

const SERVICE = `${MANAGER}/Oem/Dell/DelliDRACCardService/Actions/DelliDRACCardService.`

/** A ticket for the virtual console: needs the licence, the console switched on, and a free place. */
function getKvmSession({ view, body, user, token }: Call): Answer {
  const { SessionTypeName: name } = body
  if (typeof name !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['SessionTypeName'] })
  if (name.length === 0 || name.length > 32)
    return refusal(view, 400, { id: 'SYS425', args: [name, 'SessionTypeName'] })
  if (view.server.idrac.license === 'Express') return refusal(view, 403, { id: 'LIC501' })
  if (!view.server.idrac.kvm) return refusal(view, 400, { id: 'SYS446' })
  if (consolesOf(view).length >= MAX_CONSOLES) return refusal(view, 503, { id: 'RAC0218' })
  const ticket = issueTicket(view, user, token)
  const answer = { TempUsername: ticket.temp_user, TempPassword: ticket.temp_password }
  return done(view, 'console ticket', 'SYS413', answer)
}

/** The page that a browser opens: with a ticket that counts the console is open, else it asks for a password. */
function openConsole({ view, query, client }: Call): Answer {
  const page = (title: string) => ({ type: 'text/html', content: `<html><title>${title}</title></html>\n` })
  if (!redeemTicket(view, query, client)) return { status: 401, text: page('Sign in') }
  return { status: 200, text: page(`Virtual Console ${view.server.service_tag}`), effect: 'console opened' }
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
  { method: 'GET', pattern: pathPattern('/console'), mutation: true, open: true, act: openConsole },
  { method: 'POST', pattern: pathPattern(`${SERVICE}GetKVMSession`), mutation: true, act: getKvmSession },
  { method: 'POST', pattern: pathPattern(`${SERVICE}ExportSSLCertificate`), mutation: false, act: exportCertificate },
]
