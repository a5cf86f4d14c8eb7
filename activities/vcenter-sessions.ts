import { DeviceError } from '../clients/errors.js'
import { openDeviceHttp } from '../clients/http.js'
import { openVsphereSession, type VsphereSession } from '../clients/vsphere/session.js'
import type { Vcenter } from '../db/schema/hosts.js'
import { dropLogin, type LoginRequest, reserveLogin, settleLogin } from '../db/stores/login-budget.js'
import { scaledLoginWindow, scaleFor } from '../domain/time-scale.js'
import { scopedRecorder } from './audit-scope.js'
import type { Deps } from './deps.js'
import { identityCheck } from './device-identity.js'
import { NotYet } from './failures.js'
import type { Account } from './idrac-sessions.js'

/** vCenter locks an account at the fifth wrong password in three minutes; two are left to us. */
const WRONG_PASSWORDS = 2
const WRONG_WINDOW_MS = 180_000
const KEEP_ALIVE_MS = 10 * 60_000

type Needs = Pick<Deps, 'db' | 'commands' | 'worker_id' | 'log'>

/** One session per vCenter in this worker, shared by all activities, with a single login at a time. */
export class VcenterSessions {
  readonly #sessions = new Map<string, Promise<VsphereSession>>()
  readonly #keepAlive: NodeJS.Timeout

  constructor(private readonly needs: Needs) {
    this.#keepAlive = setInterval(() => void this.#touch(), KEEP_ALIVE_MS)
    this.#keepAlive.unref()
  }

  /**
   * The session of a vCenter; opened when there is none.
   * @throws NotYet while the login budget is spent; DeviceError `AuthFailed`, `VcenterUnreachable`, `TlsIdentity…`
   */
  async of(vcenter: Vcenter, account: () => Promise<Account>, scale: number): Promise<VsphereSession> {
    const open = this.#sessions.get(vcenter.id)
    if (open) return open
    const opening = this.#open(vcenter, account, scale)
    this.#sessions.set(vcenter.id, opening)
    opening.catch(() => {
      if (this.#sessions.get(vcenter.id) === opening) this.#sessions.delete(vcenter.id)
    })
    return opening
  }

  /** Forgets a session whose login or connection is of no use any more. */
  async drop(vcenter_id: string): Promise<void> {
    const session = this.#sessions.get(vcenter_id)
    this.#sessions.delete(vcenter_id)
    await session?.then((open) => open.close()).catch(() => undefined)
  }

  async close(): Promise<void> {
    clearInterval(this.#keepAlive)
    await Promise.all([...this.#sessions.keys()].map((id) => this.drop(id)))
  }

  async #open(vcenter: Vcenter, account: () => Promise<Account>, configured_scale: number): Promise<VsphereSession> {
    const { username, password, credential_set_id } = await account()
    const address = `${vcenter.host}:${vcenter.port}`
    const scale = scaleFor(vcenter.host, configured_scale)
    const logInWithin = (login: () => Promise<void>) =>
      this.#inBudget(vcenter, login, {
        device_kind: 'vcenter',
        address,
        account: username,
        credential_set_id,
        limit: WRONG_PASSWORDS,
        per_account: true,
        window_seconds: scaledLoginWindow(WRONG_WINDOW_MS, scale) / 1000,
        worker_id: this.needs.worker_id,
      })
    try {
      return await openVsphereSession({ http: this.#http(vcenter), username, password, logInWithin })
    } catch (thrown) {
      throw asVcenterError(vcenter, thrown)
    }
  }

  /** Every login counts, also the one after a session that vCenter ended. */
  async #inBudget(vcenter: Vcenter, login: () => Promise<void>, wanted: LoginRequest): Promise<void> {
    const budget = await reserveLogin(this.needs.db, wanted)
    if (!budget.reserved) {
      const wait = Math.max(100, Date.parse(budget.retry_at) - Date.now())
      throw new NotYet(
        'LoginBudget',
        `Waiting until ${budget.retry_at} before another login at vCenter ${vcenter.name}.`,
        wait,
      )
    }
    try {
      await login()
      await settleLogin(this.needs.db, budget.attempt_id, 'ok')
    } catch (thrown) {
      await this.#settle(budget.attempt_id, thrown)
      throw thrown
    }
  }

  async #settle(attempt_id: number, thrown: unknown): Promise<void> {
    if (thrown instanceof DeviceError && thrown.code === 'AuthFailed')
      return settleLogin(this.needs.db, attempt_id, 'refused')
    if (thrown instanceof DeviceError && !thrown.facts.sent) return dropLogin(this.needs.db, attempt_id)
    await settleLogin(
      this.needs.db,
      attempt_id,
      thrown instanceof DeviceError && thrown.facts.answered ? 'ok' : 'no_answer',
    )
  }

  #http(vcenter: Vcenter) {
    return openDeviceHttp({
      address: vcenter.host,
      port: vcenter.port,
      max_connections: 6,
      identity: identityCheck(this.needs, {
        device_kind: 'vcenter',
        address: vcenter.host,
        port: vcenter.port,
        device_id: vcenter.id,
        job_id: null,
      }),
      recorder: scopedRecorder(this.needs.commands, {
        operation_type: 'vcenter',
        device_kind: 'vcenter',
        vcenter_id: vcenter.id,
        worker_id: this.needs.worker_id,
      }),
      ...(vcenter.tls_ca_pem ? { ca: vcenter.tls_ca_pem } : {}),
    })
  }

  async #touch(): Promise<void> {
    for (const [id, session] of this.#sessions) {
      await session.then((open) => open.keepAlive()).catch(() => this.drop(id))
    }
  }
}

const AWAY = ['DeviceUnreachable', 'DeviceTimeout', 'VcenterUnreachable']

/** What cannot be reached behind a vCenter's address is the vCenter: code and sentence say which. */
export function asVcenterError(vcenter: { name: string }, thrown: unknown): unknown {
  if (!(thrown instanceof DeviceError)) return thrown
  const sentence = `vCenter ${vcenter.name} does not answer: `
  if (!AWAY.includes(thrown.code) || thrown.message.startsWith(sentence)) return thrown
  return new DeviceError('VcenterUnreachable', `${sentence}${thrown.message}`, thrown.facts, { cause: thrown })
}
