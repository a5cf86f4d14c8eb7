import { DeviceError } from '../clients/errors.js'
import type { EsxiConnection } from '../clients/esxi/connection.js'
import { openEsxiConnection, type SshTarget } from '../clients/esxi/ssh.js'
import type { Host } from '../db/schema/hosts.js'
import { getHost } from '../db/stores/hosts.js'
import { dropLogin, reserveLogin, settleLogin } from '../db/stores/login-budget.js'
import { readActivitySettings } from '../db/stores/settings.js'
import { isLoopback, scaledLoginWindow, scaleFor } from '../domain/time-scale.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import { type EsxiAccount, esxiAccount } from './accounts.js'
import { auditOf, inAuditScope, scopedRecorder } from './audit-scope.js'
import type { Deps } from './deps.js'
import { identityCheck } from './device-identity.js'
import { NotYet, StepFailed } from './failures.js'

/** ESXi locks an account for a quarter of an hour at the fifth wrong password. */
const WRONG_PASSWORDS = 2
const WRONG_WINDOW_MS = 15 * 60_000
/** The simulated site cannot listen on port 22 of its hosts. */
const LAB_SSH_PORT = 2222
const SSH_PORT = 22

export interface AtEsxi {
  host: Host
  connection: EsxiConnection
  scale: number
}

/** SSH to ESXi: one connection per activity, one authentication attempt each, inside the login budget. */
export class EsxiConnections {
  constructor(private readonly needs: Pick<Deps, 'db' | 'commands' | 'worker_id' | 'lab_in_use'>) {}

  async open(host: Host, account: EsxiAccount, context: WorkContext): Promise<EsxiConnection> {
    const address = host.ip_address
    if (!address) throw new StepFailed('SshUnavailable', `The management address of ${host.name} is not known.`)
    const port = await this.#port(host, address)
    const scale = scaleFor(address, context.scale)
    const { db, worker_id } = this.needs
    const budget = await reserveLogin(db, {
      device_kind: 'esxi',
      address: `${address}:${port}`,
      account: account.username,
      credential_set_id: account.credential_set_id,
      limit: WRONG_PASSWORDS,
      window_seconds: scaledLoginWindow(WRONG_WINDOW_MS, scale) / 1000,
      worker_id,
      job_id: context.job_id,
    })
    if (!budget.reserved) {
      const wait = Math.max(100, Date.parse(budget.retry_at) - Date.now())
      throw new NotYet('LoginBudget', `Waiting until ${budget.retry_at} before another login at ${host.name}.`, wait)
    }
    try {
      const connection = await openEsxiConnection(this.#target(host, address, port, account, context))
      await settleLogin(db, budget.attempt_id, 'ok')
      return connection
    } catch (thrown) {
      await this.#settle(budget.attempt_id, thrown)
      throw thrown
    }
  }

  #target(host: Host, address: string, port: number, account: EsxiAccount, context: WorkContext): SshTarget {
    const { db, commands, worker_id } = this.needs
    return {
      address,
      port,
      username: account.username,
      secret: account.ssh_private_key
        ? { kind: 'private_key', private_key: account.ssh_private_key }
        : { kind: 'password', password: account.password },
      identity: identityCheck(
        { db },
        { device_kind: 'esxi', address, port, device_id: host.id, job_id: context.job_id },
      ),
      recorder: scopedRecorder(commands, {
        operation_type: 'esxi',
        device_kind: 'esxi',
        vcenter_host_id: host.id,
        worker_id,
      }),
    }
  }

  async #port(host: Host, address: string): Promise<number> {
    if (host.ssh_port) return host.ssh_port
    const { esxi_ssh_port } = await readActivitySettings(this.needs.db)
    return this.needs.lab_in_use && isLoopback(address) ? LAB_SSH_PORT : (esxi_ssh_port ?? SSH_PORT)
  }

  async #settle(attempt_id: number, thrown: unknown): Promise<void> {
    const { db } = this.needs
    if (!(thrown instanceof DeviceError)) return settleLogin(db, attempt_id, 'no_answer')
    if (thrown.code === 'AuthFailed') return settleLogin(db, attempt_id, 'refused')
    // A connection that never came to the password spends nothing.
    await dropLogin(db, attempt_id)
  }
}

/** Wraps every SSH command to a host: account, one connection, each command on record. */
export async function withEsxi<T>(
  deps: Deps,
  context: WorkContext,
  host_id: string,
  body: (at: AtEsxi) => Promise<T>,
): Promise<T> {
  const host = await getHost(deps.db, host_id)
  if (!host || host.removed_at) throw new StepFailed('UnknownTarget', `Host ${host_id} is not there any more.`)
  const account = await esxiAccount(deps, host, context.credential_set_ids)
  const audit = auditOf(context, deps.worker_id, {
    operation_type: 'esxi',
    device_kind: 'esxi',
    vcenter_host_id: host_id,
    credential_set_id: account.credential_set_id,
  })
  return inAuditScope(audit, async () => {
    const connection = await deps.esxi.open(host, account, context)
    try {
      return await body({ host, connection, scale: scaleFor(host.ip_address ?? '', context.scale) })
    } finally {
      await connection.close()
    }
  })
}
