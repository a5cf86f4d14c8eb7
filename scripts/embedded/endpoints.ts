import { join } from 'node:path'
import { replaceFile, runFolder } from './data-directory.js'

/** Where the running system can be reached; written when it is ready. URLs without a password. */
export interface Endpoints {
  api: string
  /** `host:port` */
  temporal: string
  temporal_ui: string | null
  database: string
  lab: string | null
  metrics: string
  media: string
}

export const endpointsFile = (dataDir: string): string => join(runFolder(dataDir), 'endpoints.json')

export async function writeEndpoints(dataDir: string, endpoints: Endpoints): Promise<void> {
  await replaceFile(endpointsFile(dataDir), `${JSON.stringify(endpoints, null, 2)}\n`)
}
