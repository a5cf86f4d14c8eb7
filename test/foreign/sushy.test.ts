import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabIdrac, LabState } from '../../scripts/demo/lab-client.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'
import { type ImageServer, serveImage } from './parts/image-server.js'
import { describeWith, pathOf } from './parts/part.js'
import { pythonTools, runPython } from './parts/python.js'

/** The simulated iDRACs judged by sushy, the Redfish client of OpenStack. What it did is read from the lab's ledger. */
const tools = await pythonTools()

interface Found {
  [fact: string]: unknown
  power_after: string[]
}

describeWith([tools], 'sushy and the simulated iDRACs', () => {
  let lab: LabProcess
  let images: ImageServer
  beforeAll(async () => {
    images = await serveImage()
    lab = await startLab({ LAB_SITE: 'small' })
  })
  afterAll(async () => {
    await lab?.stop()
    await images?.close()
  })

  const oneOf = (generation: string): LabIdrac => {
    const found = lab.site.idracs.find((each) => each.generation === generation && !each.personality)
    if (!found) throw new Error(`no ${generation}`)
    return found
  }

  test.each(['14G', '15G'])(
    '%s: reads it, boots it from elsewhere, lends it an image, sets its BIOS, turns it off and on',
    async (generation) => {
      const { address, port, username, password, service_tag, model, name } = oneOf(generation)
      const state = await lab.control<LabState>('GET', '/lab/state')
      const before = state.servers.find((each) => each.service_tag === service_tag)
      const args = [`https://${address}:${port}`, username, password, images.url]
      const found = await runPython<Found>(pathOf(tools), 'sushy_client.py', args)
      expect(found).toMatchObject({
        wrong_password_refused: true,
        id: 'System.Embedded.1',
        manufacturer: 'Dell Inc.',
        model,
        sku: service_tag,
        power: 'On',
        boot: ['Pxe', 'Once'],
        inserted: [true, images.url],
        ejected: true,
        bios_pending: true,
        bios_unchanged: true,
        registries: ['BiosAttributeRegistry.v1_0_0'],
        sessions: 1,
      })
      expect(found.resets).toEqual(expect.arrayContaining(['ForceOff', 'ForceRestart', 'On']))
      const installed = (component: string) => before?.firmware.find((each) => each.component === component)?.version
      expect([found.bios_version, found.manager_version]).toEqual([installed('bios'), installed('idrac')])
      for (const count of ['processors', 'nics', 'firmware_rows', 'bios_attributes'])
        expect(Number(found[count])).toBeGreaterThan(0)
      expect(found.power_after).toEqual(['Off', 'On'])

      const after = await lab.control<LabState>('GET', '/lab/state')
      const now = after.servers.find((each) => each.service_tag === service_tag)
      expect([now?.power, now?.sessions_open]).toEqual(['On', 0])
      expect(now?.boot_count).toBe((before?.boot_count ?? 0) + 1)
      const resets = (await lab.ledger(name)).filter((line) => /ComputerSystem\.Reset$/.test(line.path))
      expect(resets.map((line) => line.status)).toEqual([204, 204])
    },
  )
})
