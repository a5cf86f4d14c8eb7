import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { pino } from 'pino'
import { createClusterActivities } from '../../activities/cluster.js'
import type { Deps } from '../../activities/deps.js'
import type { Database } from '../../db/connect.js'
import { openKeyRing } from '../../db/crypto.js'
import { parseKek } from '../../db/key-file.js'
import { newId } from '../../db/new-id.js'
import { insertCredentialSet } from '../../db/stores/credentials.js'
import { acquireLeases } from '../../db/stores/leases.js'
import { upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { holdWorkerPresence } from '../../db/worker-presence.js'
import { activityFrame } from '../../workers/activity-interceptor.js'
import { createDeps } from '../../workers/deps.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'
import type { LabIdrac } from './lab-process.js'
import { startPostgres } from './postgres.js'

export interface LabLogin {
  name: string
  address: string
  port: number
  username: string
  password: string
}

/** The real activities' surroundings, without Temporal: Postgres, key ring, sessions, audit, store of files. */
export interface ActivityBench {
  deps: Deps
  database: Database
  iso_directory: string
  /** A server row and a credential for an iDRAC of the lab. */
  addServer(idrac: LabIdrac): Promise<string>
  /** A vCenter of the lab with its clusters and hosts, read by the product's own synchronisation. */
  addVcenter(vcenter: LabLogin): Promise<string>
  /** A context with the leases of these resources, as a workflow would pass it. */
  work(target_id: string, resources: string[], more?: Partial<WorkContext>): Promise<WorkContext>
  close(): Promise<void>
}

const SCALE = 200

export async function startActivityBench(): Promise<ActivityBench> {
  const folder = await mkdtemp(join(tmpdir(), 'dsm-bench-'))
  const postgres = await startPostgres()
  const database = await postgres.database()
  const { db } = database
  const keys = await openKeyRing(db, parseKek(randomBytes(32).toString('base64'), 'test'))
  const url = database.pool.options.connectionString ?? ''
  const presence = await holdWorkerPresence(url, `bench-${randomUUID()}`)
  const { deps, close } = createDeps({
    config: {
      database_url: url,
      temporal: { address: '', namespace: '', ca_file: undefined, cert_file: undefined, key_file: undefined },
      kek: undefined,
      kek_file: '',
      site: 'main',
      roles: [],
      lab_in_use: true,
      defaults: { idrac: null, esxi: null },
      iso_directory: folder,
      max_storage_bytes: 10 * 1024 ** 3,
      media_port: 0,
      media_host: '127.0.0.1',
      media_base_url: null,
      metrics_port: 0,
      own_ports: [],
      log_level: 'error',
    },
    database,
    keys,
    presence,
    temporal: {} as Client,
    log: pino({ level: 'silent' }),
  })
  const work: ActivityBench['work'] = async (target_id, resources, more = {}) => {
    const job_id = more.job_id ?? newId()
    const lease = await acquireLeases(db, { resources, owner_workflow_id: `job/${job_id}`, owner_job_id: job_id })
    if (!lease.held) throw new Error(`${lease.resource} is held`)
    return {
      job_id,
      job_type: 'rolling_update',
      task_id: null,
      target_id,
      site: 'main',
      scale: SCALE,
      credential_set_ids: [],
      round: 1,
      tokens: lease.tokens,
      ...more,
    }
  }
  return {
    deps,
    database,
    iso_directory: folder,
    work,
    async addVcenter({ name, address, port, username, password }) {
      const set = await insertCredentialSet(db, keys, { name, credential_type: 'vcenter', username, password })
      const { id } = await insertVcenter(db, { name, host: address, port, credential_set_id: set.id })
      const context = await work(id, [`vcenter:${id}`])
      const options = { cluster_moids: null, link_hosts: true, allow_mass_removal: false, dry_run: false }
      await untilDone(() => createClusterActivities(deps).syncVcenter({ context, vcenter_id: id, ...options }))
      return id
    },
    async addServer(idrac) {
      const { service_tag, address, port, model, name, username, password } = idrac
      const set = await insertCredentialSet(db, keys, { name, credential_type: 'idrac', username, password })
      const place = { ip_address: address, idrac_port: port, credential_set_id: set.id }
      const { server } = await upsertServer(db, { service_tag, model, ...place })
      return server.id
    },
    async close() {
      await close()
      await presence.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Runs an activity as a worker would, in its frame, again and again while it asks to be called again.
 * @returns its answer; throws the ApplicationFailure that is not to be repeated, or anything else
 */
export async function untilDone<T>(body: () => Promise<T>, limit_ms = 90_000): Promise<T> {
  const deadline = Date.now() + limit_ms
  let details: unknown
  for (let attempt = 1; ; attempt += 1) {
    const env = new MockActivityEnvironment(
      { attempt, heartbeatDetails: details },
      { interceptors: [() => ({ inbound: activityFrame() })], logger: new DefaultLogger('ERROR', () => {}) },
    )
    env.on('heartbeat', (beat: unknown) => {
      details = beat
    })
    try {
      return (await env.run(body)) as T
    } catch (thrown) {
      if (!(thrown instanceof ApplicationFailure) || thrown.nonRetryable || Date.now() > deadline) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** What an activity failed with for good. */
export async function failureOf(run: Promise<unknown>): Promise<ApplicationFailure> {
  try {
    await run
  } catch (thrown) {
    if (thrown instanceof ApplicationFailure) return thrown
    throw thrown
  }
  throw new Error('it did not fail')
}
