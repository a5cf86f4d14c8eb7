import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Deps } from '../activities/deps.js'
import { EsxiConnections } from '../activities/esxi-connections.js'
import { IdracSessions } from '../activities/idrac-sessions.js'
import { VcenterSessions } from '../activities/vcenter-sessions.js'
import { createCommandLog } from '../db/command-log.js'
import type { Database } from '../db/connect.js'
import type { KeyRing } from '../db/crypto.js'
import type { BodyLimits } from '../db/stores/commands.js'
import { readActivitySettings } from '../db/stores/settings.js'
import type { WorkerPresence } from '../db/worker-presence.js'
import type { WorkerConfig } from './config.js'
import { describeWorkflow } from './connect.js'

const REFRESH_MS = 4_000
const FIRST_LIMITS: BodyLimits = {
  max_request_body_bytes: 8_192,
  max_response_body_bytes: 16_384,
  keep_read_bodies: false,
}

interface Given {
  config: WorkerConfig
  database: Database
  keys: KeyRing
  presence: WorkerPresence
  temporal: Client
  log: Logger
}

/** Everything that activities need, composed once; `close` ends sessions before the database goes. */
export function createDeps(given: Given): { deps: Deps; close: () => Promise<void> } {
  const { config, database, keys, presence, temporal, log } = given
  const { db } = database
  let limits = FIRST_LIMITS
  const refresh = async () => {
    const { max_request_body_bytes, max_response_body_bytes, keep_read_bodies } = await readActivitySettings(db)
    limits = { max_request_body_bytes, max_response_body_bytes, keep_read_bodies }
  }
  void refresh().catch(() => undefined)
  const timer = setInterval(() => void refresh().catch(() => undefined), REFRESH_MS)
  const commands = createCommandLog(database, { source: 'worker', limits: () => limits })
  const needs = { db, commands, worker_id: presence.worker_id, log, lab_in_use: config.lab_in_use }
  const deps: Deps = {
    ...needs,
    keys,
    presence,
    site: config.site,
    defaults: config.defaults,
    media: {
      iso_directory: config.iso_directory,
      max_storage_bytes: config.max_storage_bytes,
      base_url: config.media_base_url,
      own_ports: config.own_ports,
    },
    idracs: new IdracSessions(needs),
    vcenters: new VcenterSessions(needs),
    esxi: new EsxiConnections(needs),
    describeWorkflow: (workflow_id) => describeWorkflow(temporal, workflow_id),
  }
  const close = async () => {
    clearInterval(timer)
    await Promise.allSettled([deps.idracs.close(), deps.vcenters.close()])
    await commands.close()
  }
  return { deps, close }
}
