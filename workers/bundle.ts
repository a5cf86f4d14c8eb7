import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'

export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url))

/**
 * Bundles the workflows for the sandbox. The source map keeps lines but not the sources themselves: the bundle is parsed
 * for every cached workflow, so its size counts.
 */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    failureConverterPath,
    workflowInterceptorModules: [fileURLToPath(new URL('../workflows/lib/story-interceptor.ts', import.meta.url))],
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  })
}
