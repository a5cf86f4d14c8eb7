import { expect, it } from 'vitest'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import { startIdracSite, uploadBody } from './idrac-site.js'

const ROOT = '/redfish/v1'

it('goes on with a staged update, a dark iDRAC and open sessions when the lab itself is stopped and started again', async () => {
  const before = await startIdracSite({}, 300)
  const [staged, restarting] = [before.server('15G'), before.server('16G')]
  const token = await before.login(staged)
  const found = firmwareFiles(new Set([staged.model]), (name) => name).find(
    ({ file }) => file.component === 'bios' && file.models.includes(staged.model) && file.prerequisites.length === 0,
  )
  if (!found) throw new Error('no package')
  const { raw, headers } = uploadBody(
    { Targets: [], '@Redfish.OperationApplyTime': 'Immediate' },
    found.file.file_name,
    found.bytes,
  )
  const uploaded = await before.call(staged, 'POST', `${ROOT}/UpdateService/MultipartUpload`, { token, raw, headers })
  const id = String(uploaded.headers.location).split('/').at(-1) ?? ''
  const reset = { token: await before.login(restarting), body: { ResetType: 'GracefulRestart' } }
  await before.call(restarting, 'POST', `${ROOT}/Managers/iDRAC.Embedded.1/Actions/Manager.Reset`, reset)
  await before.until('dark', () => before.lab.lifecycle.idracState(restarting) === 'dark')
  const kept = JSON.stringify(before.lab.snapshot())
  await before.close()

  const after = await startIdracSite({}, 600, kept)
  try {
    const again = after.lab.find.server(staged.name)
    expect((await after.call(again, 'GET', `${ROOT}/Systems`, { token })).status).toBe(200)
    await after.until('the update is done', () => after.lab.jobs.find(again, id)?.state === 'Completed')
    expect(again.firmware.find((row) => row.component === 'bios')?.version).toBe(found.file.version)
    const back = after.lab.find.server(restarting.name)
    await after.until('the other is ready', () => back.idrac.loading_until === null)
    await after.listens(back)
    expect((await after.call(back, 'GET', ROOT)).status).toBe(200)
  } finally {
    await after.close()
  }
})
