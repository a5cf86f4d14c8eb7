import { type Answer, type ApplianceCall, refusal } from './appliance.js'
import { allDevices } from './devices.js'
import { pageOf } from './lists.js'

const BASELINES = [
  { Id: 11, Name: 'Compute 2026-01', CatalogId: 3 },
  { Id: 12, Name: 'Edge', CatalogId: 3 },
]
const PATH = '/api/UpdateService/Baselines'

/** The baselines with how many of their devices comply. */
export function listBaselines(call: ApplianceCall, query: URLSearchParams): Answer {
  const devices = allDevices(call.core).filter((row) => row.Type === 1000 && row.DeviceServiceTag !== null)
  const rows = BASELINES.map((one) => ({
    '@odata.type': '#UpdateService.Baselines',
    '@odata.id': `${PATH}(${one.Id})`,
    ...one,
    Description: '',
    DowngradeEnabled: false,
    ComplianceSummary: {
      ComplianceStatus: 'CRITICAL',
      NumberOfCritical: 1,
      NumberOfWarning: 0,
      NumberOfDowngrade: 0,
      NumberOfNormal: devices.length - 1,
    },
    Targets: devices.map((row) => ({ Id: row.Id, Type: { Id: 1000, Name: 'DEVICE' } })),
  }))
  return pageOf(call, { rows, path: PATH, query, context: '/api/$metadata#Collection(UpdateService.Baselines)' })
}

/** How each device of a baseline stands to it: the first lacks a BIOS, the rest comply. */
export function listReports(call: ApplianceCall, id: number, query: URLSearchParams): Answer {
  if (!BASELINES.some((one) => one.Id === id)) return refusal(404, 'CGEN1004', 'Unable to find the baseline.')
  const devices = allDevices(call.core).filter((row) => row.Type === 1000 && row.DeviceServiceTag !== null)
  const rows = devices.map((row, index) => ({
    Id: row.Id,
    DeviceId: row.Id,
    ServiceTag: row.DeviceServiceTag,
    DeviceModel: row.Model,
    DeviceName: row.DeviceName,
    ComplianceStatus: index === 0 ? 'CRITICAL' : 'OK',
    RebootRequired: index === 0,
    ComponentComplianceReports: [
      {
        Id: row.Id * 10,
        Name: 'BIOS',
        SourceName: 'DCIM:INSTALLED#741__BIOS.Setup.1-1',
        CurrentVersion: '1.0.0',
        Version: index === 0 ? '1.1.0' : '1.0.0',
        UpdateAction: index === 0 ? 'UPGRADE' : 'EQUAL',
        Criticality: index === 0 ? 'Urgent' : 'OK',
        ComplianceStatus: index === 0 ? 'CRITICAL' : 'OK',
        RebootRequired: true,
      },
    ],
  }))
  const path = `${PATH}(${id})/DeviceComplianceReports`
  return pageOf(call, { rows, path, query, context: '/api/$metadata#Collection(UpdateService.DeviceComplianceReport)' })
}
