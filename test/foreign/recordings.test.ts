import { afterAll, expect, test } from 'vitest'
import { readBios } from '../../clients/redfish/bios.js'
import { readFirmwareInventory } from '../../clients/redfish/inventory.js'
import { readManager } from '../../clients/redfish/manager.js'
import { readSystem } from '../../clients/redfish/system.js'
import { withSession } from '../helpers/redfish-client.js'
import { type RecordingName, type ServedRecording, serveRecording, TEST_LOGIN } from '../helpers/redfish-recording.js'
import { describeWith, pathOf } from './parts/part.js'
import { pythonTools, runPython } from './parts/python.js'

/** Two recorded machines read twice: by sushy and by us. What both read must be the same. */
const tools = await pythonTools()

describeWith([tools], 'sushy and our client on the recorded machines', () => {
  const servers: ServedRecording[] = []
  afterAll(async () => {
    for (const server of servers) await server.close()
  })

  test.each(['r630', 'r750'] as RecordingName[])('%s: the same model, tag, versions and counts', async (name) => {
    const server = await serveRecording(name)
    servers.push(server)
    const url = `https://127.0.0.1:${server.port}`
    const theirs = await runPython(pathOf(tools), 'redfish_reader.py', [url, TEST_LOGIN.username, TEST_LOGIN.password])
    const ours = await withSession(server, TEST_LOGIN, async (client) => {
      const system = await readSystem(client)
      return {
        model: system.model,
        sku: system.service_tag,
        bios: system.bios_version,
        power: system.power_state,
        idrac: (await readManager(client)).firmware_version,
        firmware_rows: (await readFirmwareInventory(client)).length,
        bios_attributes: Object.keys((await readBios(client)).attributes).length,
      }
    })
    expect(theirs).toEqual(ours)
  })
})
