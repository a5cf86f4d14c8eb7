import { describe, expect, test } from 'vitest'
import { chooseStore, cutListing, folderInside, type ListedStore } from '../../domain/datastore-listing.js'

const store = (moid: string, name: string, more: Partial<ListedStore> = {}): ListedStore => ({
  moid,
  name,
  accessible: true,
  mounts: [{ host_moid: 'host-1', mounted: true, accessible: true }],
  ...more,
})
const host = { moid: 'host-1', name: 'esx-1' }

describe('the datastore that is meant', () => {
  const stores = [
    store('ds-1', 'shared'),
    store('ds-2', 'local', { mounts: [{ host_moid: 'host-2', mounted: true, accessible: true }] }),
    store('ds-3', 'local'),
    store('ds-4', 'gone', { accessible: false }),
    store('ds-5', 'silent', { accessible: null, mounts: null }),
  ]
  test.each([
    ['by its name', 'shared', null, 'ds-1'],
    ['by its id', 'ds-2', null, 'ds-2'],
    ['by its name and the host that sees it', 'local', host, 'ds-3'],
    ['although vCenter does not say whether it is accessible', 'silent', null, 'ds-5'],
  ])('is found %s', (_how, wanted, on, moid) => {
    expect(chooseStore(stores, wanted, on)).toMatchObject({ ok: true, store: { moid } })
  })
  test.each([
    ['there is none', 'other', null, 'NotFound'],
    ['the host does not mount it', 'ds-2', host, 'NotFound'],
    ['several have the name', 'local', null, 'OptionConflict'],
    ['it is not accessible', 'gone', null, 'StateConflict'],
  ])('is refused when %s', (_why, wanted, on, code) => {
    expect(chooseStore(stores, wanted, on)).toMatchObject({ ok: false, blockers: [{ code }] })
  })
})

test.each([
  ['', ''],
  ['/', ''],
  ['iso/new/', 'iso/new'],
  ['/vmfs/volumes/ds1/iso', 'iso'],
  ['/vmfs/volumes/ds1', ''],
  ['/vmfs/volumes/ds10/iso', 'vmfs/volumes/ds10/iso'],
])('the folder of %j is %j', (path, folder) => {
  expect(folderInside(path, 'ds1')).toBe(folder)
})

test('a listing is cut in the order of its paths, and says so', () => {
  const files = ['c', 'a', 'b'].map((path) => ({ path }))
  expect(cutListing(files, 2)).toEqual({ files: [{ path: 'a' }, { path: 'b' }], truncated: true })
  expect(cutListing(files, 3).truncated).toBe(false)
})
