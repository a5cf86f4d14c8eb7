import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type Logger, type WorkflowBundleOption } from '@temporalio/worker'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CACHE = join(ROOT, '.cache', 'build')
const SOURCES = ['workflows', 'domain', 'workers/failure-converter.cjs', 'package-lock.json']

export const failureConverterPath = join(ROOT, 'workers', 'failure-converter.cjs')

/**
 * Bundles the workflows for the sandbox. The source map keeps lines but not the sources themselves: the bundle is parsed
 * for every cached workflow, so its size counts.
 */
export async function bundleWorkflows(logger?: Logger): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows', 'index.ts'),
    failureConverterPath,
    workflowInterceptorModules: [join(ROOT, 'workflows', 'lib', 'story-interceptor.ts')],
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
    ...(logger ? { logger } : {}),
  })
}

/**
 * The bundle for a worker that starts: made once per state of the sources and kept, since a worker that was killed must be
 * back within seconds. Where the folder cannot be written, it is made anew each time.
 */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const codePath = join(CACHE, `workflows-${fingerprint()}.js`)
  if (existsSync(codePath)) return { codePath }
  const { code } = await bundleWorkflows()
  try {
    mkdirSync(CACHE, { recursive: true })
    const draft = `${codePath}.${process.pid}`
    writeFileSync(draft, code)
    renameSync(draft, codePath)
    return { codePath }
  } catch {
    return { code }
  }
}

/** Changes with every file that goes into the bundle, and with every package. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES)
    for (const file of filesBelow(join(ROOT, source))) hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 24)
}

function filesBelow(path: string): string[] {
  if (/\.(cjs|json)$/.test(path)) return existsSync(path) ? [path] : []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
