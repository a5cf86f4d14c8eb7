import { TestWorkflowEnvironment } from '@temporalio/testing'
import { findTemporalBinary, findTestServerBinary } from '../../scripts/embedded/temporal-binary.js'
import { SEARCH_ATTRIBUTES } from '../../scripts/embedded/temporal-namespace.js'

let localPath: Promise<string> | undefined
let testServerPath: Promise<string> | undefined

/** Path of the real Temporal server, found once per test process. */
export function temporalServerPath(): Promise<string> {
  localPath ??= findTemporalBinary({ cliPath: process.env.TEMPORAL_CLI_PATH, searchPath: process.env.PATH }).then(
    (b) => b.path,
  )
  return localPath
}

/** Path of the time-skipping test server, found once per test process. */
export function timeSkippingServerPath(): Promise<string> {
  testServerPath ??= findTestServerBinary().then((binary) => binary.path)
  return testServerPath
}

/** A real Temporal server in memory, with short timers. End it with `teardown()`. */
export async function realTemporal(extraArgs: string[] = []): Promise<TestWorkflowEnvironment> {
  const path = await temporalServerPath()
  const args = ['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="10ms"', ...extraArgs]
  const env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, extraArgs: args },
  })
  return withSearchAttributes(env)
}

/**
 * A server that skips time. One per test: its clock may overshoot after another workflow's execution timeout.
 * It knows no lists, counts or schedules. Await or end every workflow before `teardown()`.
 */
export async function timeSkippingTemporal(): Promise<TestWorkflowEnvironment> {
  const path = await timeSkippingServerPath()
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  })
  return withSearchAttributes(env)
}

async function withSearchAttributes(env: TestWorkflowEnvironment): Promise<TestWorkflowEnvironment> {
  await env.connection.operatorService.addSearchAttributes({
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: env.namespace ?? 'default',
  })
  return env
}
