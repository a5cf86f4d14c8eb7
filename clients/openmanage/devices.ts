import type { OmeObject, OpenmanageClient } from './client.js'
import { readPages } from './pages.js'

/** A server as OpenManage tells it. Credentials are never among it. */
export interface OmeDevice {
  device_id: number
  service_tag: string | null
  model: string | null
  name: string | null
  asset_tag: string | null
  chassis_service_tag: string | null
  /** Of the management entry of the iDRAC kind; null when there is none. */
  ip_address: string | null
  /** As its management URL says; null when it does not. */
  idrac_port: number | null
  idrac_version: string | null
  power_state: 'On' | 'Off' | 'PoweringOn' | 'PoweringOff' | 'Unknown'
  health_status: 'OK' | 'Warning' | 'Critical' | 'Unknown'
  connected: boolean | null
  managed: boolean
}

/** How devices of a baseline stand to it. */
export interface OmeCompliance {
  baseline: string
  service_tag: string | null
  status: string
}

const SERVER = 1000
const IDRAC = 2
const MANAGED = 3000
const POWER: Record<number, OmeDevice['power_state']> = { 17: 'On', 18: 'Off', 20: 'PoweringOn', 21: 'PoweringOff' }
const HEALTH: Record<number, OmeDevice['health_status']> = { 1000: 'OK', 3000: 'Warning', 4000: 'Critical' }
/** Blanks as %20: a plus is refused. Source: dell/OpenManage-Enterprise Python samples. */
const FIRST_PAGE = `/api/DeviceService/Devices?$filter=${encodeURIComponent(`Type eq ${SERVER}`)}&$top=50&$skip=0`

/** Pages of devices of type server, 50 a page. @throws DeviceError as {@link readPages} */
export async function* readDevices(client: OpenmanageClient): AsyncGenerator<OmeDevice[]> {
  for await (const rows of readPages(client, FIRST_PAGE))
    yield rows.filter((row) => row.Type === SERVER).flatMap((row) => deviceOf(row) ?? [])
}

/** Every baseline with the state of its devices. Read-only. */
export async function readCompliance(client: OpenmanageClient): Promise<OmeCompliance[]> {
  const found: OmeCompliance[] = []
  for await (const baselines of readPages(client, '/api/UpdateService/Baselines?$top=50&$skip=0'))
    for (const baseline of baselines)
      if (typeof baseline.Id === 'number')
        found.push(...(await reportsOf(client, baseline.Id, text(baseline.Name) ?? '')))
  return found
}

async function reportsOf(client: OpenmanageClient, id: number, baseline: string): Promise<OmeCompliance[]> {
  const found: OmeCompliance[] = []
  const path = `/api/UpdateService/Baselines(${id})/DeviceComplianceReports?$top=50&$skip=0`
  for await (const rows of readPages(client, path))
    for (const row of rows)
      found.push({ baseline, service_tag: text(row.ServiceTag), status: text(row.ComplianceStatus) ?? 'UNKNOWN' })
  return found
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null)

function deviceOf(row: OmeObject): OmeDevice | null {
  if (typeof row.Id !== 'number') return null
  const idrac = objects(row.DeviceManagement).find((one) => one.ManagementType === IDRAC)
  const profile = objects(idrac?.ManagementProfile)[0]
  return {
    device_id: row.Id,
    service_tag: text(row.DeviceServiceTag)?.toUpperCase() ?? null,
    model: text(row.Model),
    name: text(row.DeviceName),
    asset_tag: text(row.AssetTag),
    chassis_service_tag: text(row.ChassisServiceTag)?.toUpperCase() ?? null,
    ip_address: text(idrac?.NetworkAddress),
    idrac_port: portOf(text(profile?.ManagementURL)),
    idrac_version: text(profile?.Version),
    power_state: POWER[Number(row.PowerState)] ?? 'Unknown',
    health_status: HEALTH[Number(row.Status)] ?? 'Unknown',
    connected: typeof row.ConnectionState === 'boolean' ? row.ConnectionState : null,
    managed: row.ManagedState === MANAGED,
  }
}

const objects = (value: unknown): OmeObject[] =>
  Array.isArray(value) ? value.filter((one: unknown): one is OmeObject => one !== null && typeof one === 'object') : []

function portOf(url: string | null): number | null {
  if (url === null || !URL.canParse(url)) return null
  const { protocol, port } = new URL(url)
  return protocol === 'https:' ? Number(port || 443) : null
}
