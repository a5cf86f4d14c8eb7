import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'
import { describeWith, had, missing, pathOf } from './parts/part.js'
import { pythonTools } from './parts/python.js'

/** The simulated iDRACs against the schemas of the DMTF, where somebody has brought these: the package has none. */
const tools = await pythonTools()
const folder = process.env.REDFISH_SCHEMAS
const schemas = folder
  ? had('Redfish schemas', folder)
  : missing('Redfish schemas', 'the validator brings none; REDFISH_SCHEMAS names no folder of CSDL files')

describeWith([tools, schemas], 'redfish_service_validator and the simulated iDRACs', () => {
  let lab: LabProcess
  let logs: string
  beforeAll(async () => {
    logs = await mkdtemp(join(tmpdir(), 'dsm-validator-'))
    lab = await startLab({ LAB_SITE: 'small' })
  })
  afterAll(async () => {
    await lab?.stop()
    await rm(logs, { recursive: true, force: true })
  })

  test('the system of an iDRAC is valid', { timeout: 200_000 }, async () => {
    const idrac = lab.site.idracs.find((each) => !each.personality)
    const where = ['--ip', `https://${idrac?.address}:${idrac?.port}`, '--authtype', 'Basic']
    const who = ['--username', idrac?.username ?? '', '--password', idrac?.password ?? '']
    const what = ['--schema_directory', pathOf(schemas), '--logdir', logs, '--skipschema']
    const only = ['--payload', 'Single', '/redfish/v1/Systems/System.Embedded.1']
    const program = join(pathOf(tools), 'bin', 'rf_service_validator')
    const run = await runCommand(program, [...where, ...who, ...what, ...only], { timeoutMs: 180_000 })
    expect(run.code, run.output).toBe(0)
  })
})
