import { describe, expect, it } from 'vitest'
import { refuseForbiddenAction } from '../../../clients/redfish/actions.js'
import { findAction, safePath } from '../../../clients/redfish/links.js'
import { readMessages, shortMessageId, tellingMessage } from '../../../clients/redfish/messages.js'
import { loadRecording } from '../../helpers/redfish-recording.js'

const ORIGIN = 'https://192.0.2.1'

describe('links of a device', () => {
  it.each([
    ['/redfish/v1/Chassis/', '/redfish/v1/Chassis'],
    ['/redfish/v1/Systems/S/Processors//CPU.Socket.1', '/redfish/v1/Systems/S/Processors/CPU.Socket.1'],
    ['/redfish/v1/Chassis/S/Thermal#/Fans/0', '/redfish/v1/Chassis/S/Thermal'],
    ['/redfish/v1/M/iDRAC.Embedded.1%23NIC.1', '/redfish/v1/M/iDRAC.Embedded.1%23NIC.1'],
    ['/redfish/v1/F/0x17%7C%7CFan.Embedded.1A', '/redfish/v1/F/0x17%7C%7CFan.Embedded.1A'],
    ['/redfish/v1/L?$skip=50', '/redfish/v1/L?$skip=50'],
    [`${ORIGIN}/redfish/v1/S/1`, '/redfish/v1/S/1'],
  ])('%s is asked as %s', (link, path) => {
    expect(safePath(link, ORIGIN)).toBe(path)
  })

  it.each([
    'https://198.51.100.7/redfish/v1/S',
    'https://192.0.2.1.evil.example/redfish/v1',
    'https://192.0.2.1@evil.example/redfish/v1',
    '//evil.example/redfish/v1',
    '//redfish/v1/Systems',
    'http://192.0.2.1/redfish/v1',
    '/admin',
    '/redfishy/v1',
    '/redfish/../admin',
    '/redfish/v1/%2e%2e/%2E%2e/admin',
    '/redfish/v1/x\r\nX-Evil: 1',
    '/redfish/v1/x y',
    '/redfish\\..\\admin',
    'javascript:alert(1)',
    '',
    `/redfish/${'x'.repeat(3000)}`,
  ])('%s is never followed', (link) => {
    expect(() => safePath(link, ORIGIN)).toThrow(/leaves it/)
  })

  it('all links of both recordings are followable', () => {
    let count = 0
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) for (const entry of value) walk(entry)
      else if (value && typeof value === 'object') {
        for (const [key, entry] of Object.entries(value)) {
          if (key === '@odata.id' && typeof entry === 'string' && entry !== '') {
            count += 1
            safePath(entry, ORIGIN)
          } else walk(entry)
        }
      }
    }
    for (const name of ['r630', 'r750'] as const) for (const body of loadRecording(name).values()) walk(body)
    expect(count).toBeGreaterThan(7_000)
  })
})

describe('actions', () => {
  it.each([
    ['#ComputerSystem.Reset', 'ComputerSystem.Reset'],
    ['OemManager.v1_1_0#OemManager.ExportSystemConfiguration', 'OemManager.ExportSystemConfiguration'],
    ['#OemManager.v1_4_0.OemManager#OemManager.ExportSystemConfiguration', 'OemManager.ExportSystemConfiguration'],
    ['#OemManager.ExportSystemConfiguration', 'OemManager.ExportSystemConfiguration'],
  ])('%s is found as %s, with its target verbatim', (key, name) => {
    const entry = { target: '/redfish/v1/Odd/EID_674_Manager.X' }
    expect(findAction({ Actions: { [key]: entry } }, name)?.target).toBe(entry.target)
    expect(findAction({ Actions: { Oem: { [key]: entry } } }, name)?.target).toBe(entry.target)
  })

  it('an import is not taken for its preview', () => {
    const resource = { Actions: { Oem: { '#OemManager.ImportSystemConfigurationPreview': { target: '/preview' } } } }
    expect(findAction(resource, 'OemManager.ImportSystemConfiguration')).toBe(null)
  })

  it.each([
    '/redfish/v1/Managers/M/Oem/Dell/DellLCService/Actions/DellLCService.LCWipe',
    '/redfish/v1/Managers/M/Oem/Dell/DellLCService/Actions/DellLCService.SystemErase',
    '/redfish/v1/Managers/M/Actions/Manager.ResetToDefaults',
    '/redfish/v1/Managers/M/Actions/Oem/DellManager.ResetToDefaults',
    '/redfish/v1/Managers/M/Oem/Dell/DellJobService/Actions/DellJobService.DeleteJobQueue',
    '/redfish/v1/Managers/M/actions%2FDellLCService.LCWipe',
    '/redfish/v1/Managers/M/Actions/DellLCService%2ELCWipe',
    '/redfish/v1/Managers/M/Actions/DellLCService.LCWipe?x=ComputerSystem.Reset',
  ])('%s is out of reach', (path) => {
    expect(() => refuseForbiddenAction(path)).toThrow(/never called/)
  })

  it('what the product needs is in reach', () => {
    refuseForbiddenAction('/redfish/v1/Systems/S/Actions/ComputerSystem.Reset')
    refuseForbiddenAction('/redfish/v1/UpdateService/MultipartUpload')
  })
})

describe('messages', () => {
  it.each([
    ['IDRAC.2.8.SYS518', 'SYS518'],
    ['IDRAC.SYS518', 'SYS518'],
    ['PR19', 'PR19'],
    ['Base.1.12.Success', 'Success'],
    ['7e012790', '7e012790'],
  ])('%s is %s', (full, short) => {
    expect(shortMessageId(full)).toBe(short)
  })

  it('the vendor entry tells more than the generic one, wherever they stand', () => {
    const body = loadRecording('r630').get('/redfish/v1/Systems/System.Embedded.1/EthernetInterfaces/NIC.Slot.3-1')
    expect(tellingMessage(readMessages(body))?.id).toBe('SYS403')
    expect(tellingMessage(readMessages({ error: { code: 'Base.1.2.GeneralError', message: 'broken' } }))?.text).toBe(
      'broken',
    )
    expect(readMessages({ '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.7.SYS413' }] })[0]?.id).toBe('SYS413')
    expect(readMessages({ error: 'odd' })).toEqual([])
    expect(readMessages(undefined)).toEqual([])
  })
})
