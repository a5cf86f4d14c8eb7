import type { Answer } from './answers.js'
import { pathPattern, type Route } from './route.js'
import { ROOT, type View } from './view.js'

const TOP = [
  'AccountService',
  'Chassis',
  'EventService',
  'Managers',
  'SessionService',
  'Systems',
  'TaskService',
  'UpdateService',
]

/** The OData metadata document: the service's own schema only; the DMTF's and Dell's schemas are not served. */
function metadataText(view: View): string {
  const singletons = TOP.map((name) => `<Singleton Name="${name}" Type="${name}.${name}"/>`).join('')
  const version = `v${view.profile.redfishVersion.split('.').slice(0, 2).join('_')}`
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">' +
    `<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Service.${version}">` +
    `<EntityContainer Name="Service">${singletons}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>\n`
  )
}

const readMetadata = ({ view }: { view: View }): Answer => ({
  status: 200,
  text: { type: 'application/xml', content: metadataText(view) },
})

export const metadataRoutes: Route[] = [
  { method: 'GET', pattern: pathPattern(`${ROOT}/$metadata`), mutation: false, open: true, act: readMetadata },
]

/** The Link header that names the schema of a body, as iDRACs send it with every resource. */
export function describedBy(odataType: string): string {
  const name = odataType.replace('#', '').split('.').slice(0, -1).join('.')
  return `</redfish/v1/JsonSchemas/${name}.json>;rel=describedby`
}
