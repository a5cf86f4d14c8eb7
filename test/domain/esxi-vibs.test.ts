import { expect, test } from 'vitest'
import { vibsGone } from '../../domain/esxi-vibs.js'

test('what is replaced by another version of the same name is not gone', () => {
  const removed = ['VMware_bootbank_bmcal_8.0.2-0.0.22380479', 'BCM_bootbank_bnxtnet_226.0-1OEM', 'odd']
  expect(vibsGone(removed, ['VMW_bootbank_bnxtnet_230.0-1', 'VMware_bootbank_bmcal_8.0.3-0.70.24859861'])).toEqual([
    'odd',
  ])
  expect(vibsGone(removed, [])).toEqual(removed)
})
