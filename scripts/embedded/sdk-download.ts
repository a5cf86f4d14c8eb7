import { TestWorkflowEnvironment } from '@temporalio/testing'

/**
 * One-shot process: lets the Temporal SDK download a server into a folder, by starting it once and ending it.
 * Arguments: `temporal` or `temporal-test-server`, and the folder.
 */
const [kind, downloadDir] = process.argv.slice(2)
if (!downloadDir) throw new Error('usage: sdk-download.ts temporal|temporal-test-server FOLDER')
const server = { executable: { type: 'cached-download', downloadDir } } as const
try {
  const environment =
    kind === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server })
  await environment.teardown()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
