import { expect, it } from 'vitest'
import { cleanSerial, cleanUuid, type LinkableHost, linkHosts, swappedUuid } from '../../domain/host-link.js'

const UUID = '44454c4c-4800-1056-8054-b8c04f583433'
const host = (id: string, serial_number: string | null, changes: Partial<LinkableHost> = {}): LinkableHost => ({
  id,
  name: `esx-${id}`,
  serial_number,
  host_uuid: null,
  server_id: null,
  link_source: null,
  ...changes,
})
const server = (id: string, service_tag: string, changes = {}) => ({ id, service_tag, system_uuid: null, ...changes })

it('links by service tag, trimmed and in any case', () => {
  const { links } = linkHosts([host('1', ' abc1234 ')], [server('s', 'ABC1234')])
  expect(links).toEqual([{ host_id: '1', server_id: 's', link_source: 'serial' }])
})

it('looks at other identifiers, but never at a chassis tag', () => {
  const blade = host('1', 'CHASSIS', { other_serials: ['CHASSIS', 'BLADE01'] })
  const { links } = linkHosts(
    [blade],
    [server('s', 'BLADE01', { chassis_service_tag: 'CHASSIS' }), server('x', 'CHASSIS')],
  )
  expect(links).toEqual([{ host_id: '1', server_id: 's', link_source: 'serial' }])
})

it('falls back to the UUID, in either byte order', () => {
  const of = (host_uuid: string) =>
    linkHosts([host('1', 'None', { host_uuid })], [server('s', 'ABC1234', { system_uuid: UUID })])
  expect(of(UUID.toUpperCase()).links[0]?.link_source).toBe('uuid')
  expect(of(swappedUuid(cleanUuid(UUID) ?? '')).links).toHaveLength(1)
  expect(of('00000000-0000-0000-0000-000000000000').links).toEqual([])
})

it.each(['', 'None', ' unknown ', 'No Asset Tag', '0000000', 'To be filled by O.E.M.'])(
  'drops the placeholder %j',
  (text) => {
    expect(cleanSerial(text)).toBeNull()
  },
)

it('reports several hosts with one identity and several servers for one host, and links none of them', () => {
  const twins = linkHosts([host('1', 'ABC1234'), host('2', 'ABC1234')], [server('s', 'ABC1234')])
  expect(twins).toMatchObject({ links: [], ambiguous: [{ host_ids: ['1', '2'], server_ids: ['s'] }] })
  const both = linkHosts([host('1', 'A1', { other_serials: ['B2'] })], [server('s', 'A1'), server('t', 'B2')])
  expect(both).toMatchObject({ links: [], ambiguous: [{ host_ids: ['1'], server_ids: ['s', 't'] }] })
})

it('keeps manual links, and does not give their server away', () => {
  const manual = host('1', 'OTHER', { server_id: 's', link_source: 'manual' })
  const { kept, links, unlinked } = linkHosts([manual, host('2', 'ABC1234')], [server('s', 'ABC1234')])
  expect([kept, links, unlinked.map((entry) => entry.host_id)]).toEqual([[{ host_id: '1', server_id: 's' }], [], ['2']])
})
