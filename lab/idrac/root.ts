import { macFor } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { readSession, readSessions } from './session-resource.js'
import { offsetTime, type Reader, ROOT, sample } from './view.js'

/** The service root: open to everybody, and the one place where the service tag stands without a login. */
const readRoot: Reader = (view) => {
  const { server, profile } = view
  const body = sample(view, ROOT) ?? {}
  const newer = profile.redfishVersion !== '1.13.1'
  return {
    ...body,
    Oem: {
      Dell: {
        '@odata.context': `${ROOT}/$metadata#DellServiceRoot.DellServiceRoot`,
        '@odata.type': '#DellServiceRoot.v1_0_0.DellServiceRoot',
        IsBranded: 0,
        ManagerMACAddress: server.idrac.mac_address || macFor(server, 'iDRAC'),
        ServiceTag: server.service_tag,
      },
    },
    RedfishVersion: profile.redfishVersion,
    ...(newer ? { ServiceIdentification: server.service_tag } : {}),
  }
}

/** Services that show the time. */
const withTime =
  (path: string): Reader =>
  (view) => {
    const body: JsonObject | undefined = sample(view, path)
    return body && { ...body, DateTime: offsetTime(view.core.clock.now()) }
  }

export const rootReaders: Resource[] = [
  [pathPattern(ROOT), readRoot],
  [pathPattern(`${ROOT}/TaskService`), withTime(`${ROOT}/TaskService`)],
  [pathPattern(`${ROOT}/JobService`), withTime(`${ROOT}/JobService`)],
  [pathPattern(`${ROOT}/SessionService/Sessions`), readSessions],
  [pathPattern(`${ROOT}/SessionService/Sessions/{id}`), readSession],
]
