import { readPackage } from '../firmware/update-package.js'
import { type Answer, done, refusal } from './answers.js'
import { availablePackages, keepAvailable } from './available.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import { boundaryOf, parseMultipart } from './multipart.js'
import { type Call, pathPattern, type Route } from './route.js'
import { INVENTORY } from './view.js'

/**
 * The older upload, up to iDRAC9: one part `file` to HttpPushUri with the ETag of the inventory as If-Match; the
 * package then waits as an `Available-` row.
 */
function push({ view, headers, raw }: Call): Answer {
  if (!view.profile.httpPush) return refusal(view, 405, { id: 'SYS402' })
  if (isLocked(view)) return lockdownRefusal(view, 'RAC1201')
  if (headers['if-match'] === undefined) return refusal(view, 428, { id: 'SYS404' })
  const boundary = boundaryOf(headers['content-type'])
  const parts = boundary === undefined ? undefined : parseMultipart(raw, boundary)
  const file = parts?.[0]
  if (file?.name !== 'file' || file.fileName === undefined) return refusal(view, 400, { id: 'SYS412' })
  if (/\.bin$/i.test(file.fileName)) return refusal(view, 400, { id: 'SYS434' })
  const reading = readPackage(file.content)
  if (!reading.ok) return refusal(view, 400, { id: reading.message_id })
  const id = `Available-${reading.facts.component_id}-${reading.facts.version}`
  const others = availablePackages(view.server).filter((one) => one.id !== id)
  keepAvailable(view.server, [...others, { id, file_name: file.fileName, facts: reading.facts }])
  const path = `${INVENTORY}/${id}`
  return {
    status: 201,
    headers: { Location: path },
    body: { '@odata.id': path, Id: id, Name: reading.facts.name, Version: reading.facts.version },
    effect: `package ${id} stored`,
  }
}

function removeAvailable({ view, headers, params }: Call): Answer {
  const id = params[0] ?? ''
  const kept = availablePackages(view.server)
  if (!kept.some((one) => one.id === id))
    return refusal(view, id.startsWith('Available-') ? 404 : 405, {
      id: id.startsWith('Available-') ? 'SYS403' : 'SYS402',
      args: [id],
    })
  if (headers['if-match'] === undefined) return refusal(view, 428, { id: 'SYS404' })
  keepAvailable(
    view.server,
    kept.filter((one) => one.id !== id),
  )
  return done(view, `package ${id} removed`)
}

export const httpPushRoutes: Route[] = [
  { method: 'POST', pattern: pathPattern(INVENTORY), mutation: true, form: true, act: push },
  { method: 'DELETE', pattern: pathPattern(`${INVENTORY}/{id}`), mutation: true, act: removeAvailable },
]
