import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import { readLocalizedFault, readSoapFault } from '../../clients/vsphere/fault.js'
import { codeOfFault } from '../../clients/vsphere/fault-family.js'
import { moRef } from '../../clients/vsphere/mo-ref.js'
import { readEnvelope, readXml } from '../../clients/vsphere/soap-reader.js'
import { data, escapeXml, plainFields, typedData, typedText, writeEnvelope } from '../../clients/vsphere/soap-writer.js'
import { booleanAt, child, children, numberAt, refAt, textAt } from '../../clients/vsphere/xml-node.js'
import { envelope } from './vsphere-soap-server.js'

const SEED = 20261123

describe('writing an envelope', () => {
  test('writes the documented request for entering maintenance', () => {
    const body = writeEnvelope({
      target: moRef('HostSystem', 'host-21'),
      method: 'EnterMaintenanceMode_Task',
      namespace: 'urn:vim25',
      fields: [
        ['timeout', 3600],
        ['evacuatePoweredOffVms', false],
        ['maintenanceSpec', data(['vsanMode', data(['objectAction', 'ensureObjectAccessibility'])])],
      ],
    })
    expect(body).toContain(
      '<soapenv:Body><EnterMaintenanceMode_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this>' +
        '<timeout>3600</timeout><evacuatePoweredOffVms>false</evacuatePoweredOffVms>' +
        '<maintenanceSpec><vsanMode><objectAction>ensureObjectAccessibility</objectAction></vsanMode></maintenanceSpec>' +
        '</EnterMaintenanceMode_Task></soapenv:Body>',
    )
    expect(body).not.toContain('Header')
  })

  test('leaves optional members out, repeats lists, names polymorphic types', () => {
    const body = writeEnvelope({
      target: moRef('T', 't-1'),
      method: 'M',
      namespace: 'urn:vim25',
      operation_id: 'job/power & <1>',
      fields: [
        ['absent', undefined],
        ['pathSet', ['a', 'b']],
        ['option', typedData('OptionValue', ['key', 'K'], ['value', typedText('xsd:int', 100)])],
        ['time', new Date('2026-01-02T03:04:05Z')],
      ],
    })
    expect(body).toContain(
      '<pathSet>a</pathSet><pathSet>b</pathSet>' +
        '<option xsi:type="OptionValue"><key>K</key><value xsi:type="xsd:int">100</value></option>' +
        '<time>2026-01-02T03:04:05.000Z</time>',
    )
    expect(body).not.toContain('absent')
    expect(body).toContain('<operationID xmlns="urn:vim25">job/power &amp; &lt;1&gt;</operationID>')
  })

  test('refuses what XML cannot carry, and fractions', () => {
    expect(() => escapeXml('a\u0000b')).toThrow(RangeError)
    const call = { target: moRef('T', 't'), method: 'M', namespace: 'n', fields: [['x', 1.5]] as const }
    expect(() => writeEnvelope(call)).toThrow(RangeError)
  })

  test('masks hidden members on record', () => {
    const recorded = plainFields(
      [
        ['userName', 'u'],
        ['password', 'secret'],
        ['host', [moRef('HostSystem', 'host-1')]],
      ],
      ['password'],
    )
    expect(recorded).toEqual({ userName: 'u', password: '***', host: ['HostSystem:host-1'] })
  })

  test('every text arrives as it was written', () => {
    const text = fc.string({ unit: 'binary' }).filter((each) => {
      try {
        escapeXml(each)
        return true
      } catch {
        return false
      }
    })
    fc.assert(
      fc.property(text, (each) => {
        const root = readXml(`<a><b>${escapeXml(each)}</b></a>`)
        expect(child(root, 'b')?.text).toBe(each)
      }),
      { seed: SEED, numRuns: 500 },
    )
  })
})

describe('reading an answer', () => {
  test('keeps both type attributes apart, under any prefix', () => {
    for (const prefix of ['xsi', 'XMLSchema-instance', '_XMLSchema-instance']) {
      const root = readXml(
        `<r><val type="ClusterComputeResource" ${prefix}:type="ManagedObjectReference">c-1</val></r>`,
      )
      expect(refAt(root, 'val')).toEqual({ type: 'ClusterComputeResource', value: 'c-1' })
      expect(child(root, 'val')?.xsi_type).toBe('ManagedObjectReference')
    }
  })

  test('a service tag that looks like a number stays a text', () => {
    const root = readXml('<r><val>12345E6</val><v2>0012</v2></r>')
    expect(textAt(root, 'val')).toBe('12345E6')
    expect(textAt(root, 'v2')).toBe('0012')
  })

  test('decodes numeric references and CDATA', () => {
    expect(textAt(readXml('<r><v>it&#39;s &#x41;&amp;<![CDATA[<b>]]></v></r>'), 'v')).toBe("it's A&<b>")
  })

  test('converts by schema, and unknown texts to null', () => {
    const root = readXml('<r><n>17</n><m>x</m><t>true</t><f>0</f><e/></r>')
    expect(numberAt(root, 'n')).toBe(17)
    expect(numberAt(root, 'm')).toBeNull()
    expect(booleanAt(root, 't')).toBe(true)
    expect(booleanAt(root, 'f')).toBe(false)
    expect(booleanAt(root, 'n')).toBeNull()
    expect(textAt(root, 'e')).toBeNull()
    expect(children(root, 'nothing')).toEqual([])
  })

  test.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['a cut-off answer', envelope('<LoginResponse><returnval><key>5').slice(0, 300)],
    ['an answer cut between two elements', envelope('<A><b>1</b><c>2</c></A>').split('<c>')[0] ?? ''],
    ['an answer cut inside its end', envelope('<A/>').slice(0, -6)],
    ['a page of a proxy', '<html><body><h1>503 Service Unavailable</h1></body></html>'],
    ['no XML', 'upstream connect error'],
    ['nothing', ''],
  ])('refuses %s', (_name, body) => {
    expect(() => readEnvelope(body)).toThrow(DeviceError)
    try {
      readEnvelope(body)
    } catch (error) {
      expect(error).toMatchObject({ code: 'ProtocolError', facts: { sent: true, answered: false } })
    }
  })

  test('refuses an answer that is nested too deeply', () => {
    const deep = `${'<a>'.repeat(150)}${'</a>'.repeat(150)}`
    expect(() => readXml(deep)).toThrow(DeviceError)
  })
})

describe('faults', () => {
  test.each([
    ['InvalidLogin', 'AuthFailed'],
    ['PasswordExpired', 'PasswordChangeRequired'],
    ['NotAuthenticated', 'VcenterUnreachable'],
    ['NoPermission', 'PermissionMissing'],
    ['InvalidState', 'StateConflict'],
    ['InvalidPowerState', 'StateConflict'],
    ['QuestionPending', 'PinnedVm'],
    ['Timedout', 'StepTimeout'],
    ['TaskInProgress', 'DeviceBusy'],
    ['ConcurrentAccess', 'DeviceBusy'],
    ['RequestCanceled', 'Cancelled'],
    ['HostNotConnected', 'DeviceUnreachable'],
    ['HostNotReachable', 'DeviceUnreachable'],
    ['HostCommunication', 'DeviceUnreachable'],
    ['ManagedObjectNotFound', 'NotFound'],
    ['FileNotFound', 'NotFound'],
    ['MethodNotFound', 'Unsupported'],
    ['NotSupported', 'Unsupported'],
    ['InvalidArgument', 'InvalidRequest'],
    ['InsufficientFailoverResourcesFault', 'HaFailover'],
    ['NotEnoughLicenses', 'LicenseMissing'],
    ['SSLVerifyFault', 'TlsIdentityChanged'],
    ['VmHostAffinityRuleViolation', 'AffinityRule'],
    ['DrsDisabledOnVm', 'DrsNotAutomatic'],
    ['CannotAccessVmDisk', 'EvacuationBlocked'],
    ['PlatformConfigFault', 'DeviceJobFailed'],
    ['SomethingNew', 'DeviceJobFailed'],
  ])('%s means %s', (name, code) => {
    expect(codeOfFault(name)).toBe(code)
  })

  test('names the missing privileges and the object', () => {
    const fault = readSoapFault(
      readXml(
        '<Fault><faultcode>ServerFaultCode</faultcode><faultstring>Permission to perform this operation was denied.</faultstring>' +
          '<detail><NoPermissionFault xmlns:xsi="x" xsi:type="NoPermission"><object type="HostSystem">host-21</object>' +
          '<privilegeId>Host.Config.Maintenance</privilegeId></NoPermissionFault></detail></Fault>',
      ),
    )
    expect(fault).toMatchObject({
      fault: 'NoPermission',
      code: 'PermissionMissing',
      data: { object_moid: 'host-21', missing_privileges: ['Host.Config.Maintenance'] },
    })
  })

  test('an empty text is replaced by the name, a missing xsi:type by the element', () => {
    const fault = readSoapFault(readXml('<Fault><faultstring/><detail><InvalidLoginFault/></detail></Fault>'))
    expect(fault).toMatchObject({ fault: 'InvalidLogin', message: 'InvalidLogin', code: 'AuthFailed' })
  })

  test('reads the error of a task with its cause', () => {
    const fault = readLocalizedFault(
      readXml(
        '<error xmlns:xsi="x"><fault xsi:type="NoCompatibleHost"><faultCause><fault xsi:type="CannotAccessVmDisk"/>' +
          '<localizedMessage>disk</localizedMessage></faultCause></fault><localizedMessage>No host</localizedMessage></error>',
      ),
    )
    expect(fault).toMatchObject({ fault: 'NoCompatibleHost', message: 'No host', code: 'EvacuationBlocked' })
    expect(fault.data.cause).toMatchObject({ fault: 'CannotAccessVmDisk', message: 'disk' })
  })
})
