import { describe, expect, test } from 'vitest'
import { readProfileFacts } from '../../../clients/redfish/scp-content.js'

const profile = (inside: string) =>
  `<SystemConfiguration Model="PowerEdge R760" ServiceTag="1234567">\n${inside}</SystemConfiguration>\n`
const component =
  '<Component FQDD="BIOS.Setup.1-1">\n <Attribute Name="ProcTurboMode">Enabled</Attribute>\n</Component>\n'
const user = (name: string, value: string) =>
  `<Component FQDD="iDRAC.Embedded.1"><Attribute Name="Users.2#${name}">${value}</Attribute></Component>`

describe('a profile in XML', () => {
  test('tells tag, model and components, nested ones too, and a tag of digits stays text', () => {
    const nested =
      '<Component FQDD="RAID.1"><Component FQDD="Disk.1"><Attribute Name="A">1</Attribute></Component></Component>'
    expect(readProfileFacts(profile(component + nested), 'XML')).toEqual({
      service_tag: '1234567',
      model: 'PowerEdge R760',
      component_fqdds: ['BIOS.Setup.1-1', 'RAID.1', 'Disk.1'],
      attributes: 2,
      contains_hashes: false,
    })
  })

  test.each([
    ['SHA256Password', 'A1B2C3', true],
    ['SHA256PasswordSalt', '', false],
    ['Password', '******', false],
    ['IPMIKey', '******', false],
  ])('%s with "%s" holds hashes: %s', (name, value, holds) => {
    expect(readProfileFacts(profile(user(name, value)), 'XML').contains_hashes).toBe(holds)
  })

  test.each([
    ['cut off', profile(component).slice(0, -30)],
    ['another root', '<Other><Component FQDD="x"></Component></Other>'],
    ['no component', profile('')],
    ['a document type', `<!DOCTYPE a [<!ENTITY x "y">]>${profile(component)}`],
    ['nested too deeply', profile('<Component FQDD="a">'.repeat(60) + '</Component>'.repeat(60))],
  ])('with %s is refused, without its content in the text', (_, text) => {
    expect(() => readProfileFacts(text, 'XML')).toThrow(/^The configuration profile cannot be used: [^<]{5,80}\.$/)
  })
})

test('a profile in JSON tells the same; another document or a cut-off one is refused', () => {
  const attributes = [{ Name: 'Users.2#SHA256Password', Value: 'ABC' }]
  const root = {
    Model: 'R760',
    ServiceTag: 'ABC1234',
    Components: [{ FQDD: 'iDRAC.Embedded.1', Attributes: attributes }],
  }
  const text = JSON.stringify({ SystemConfiguration: root })
  expect(readProfileFacts(text, 'JSON')).toMatchObject({ service_tag: 'ABC1234', attributes: 1, contains_hashes: true })
  for (const bad of [text.slice(0, -2), '{"TaskState":"Running"}', '[]'])
    expect(() => readProfileFacts(bad, 'JSON')).toThrow(/cannot be used/)
})
