import { DeviceError } from '../clients/errors.js'
import { createRedfishClient, type RedfishClient } from '../clients/redfish/client.js'
import { closeSession, openSession } from '../clients/redfish/session.js'
import { closeSession as closeRow, closeStraySlots, listOrphanSessions } from '../db/stores/device-sessions.js'
import { noteIdracLogin, reserveIdracLogin } from '../db/stores/idrac-logins.js'
import { dropLogin, reserveLogin, settleLogin } from '../db/stores/login-budget.js'
import { scaledLoginWindow, scaledSessionIdle } from '../domain/time-scale.js'
import { scopedRecorder } from './audit-scope.js'
import type { Deps } from './deps.js'
import { identityCheck } from './device-identity.js'
import { NotYet } from './failures.js'

/** A user and password with where it came from; lives only inside an activity. */
export interface Account {
  credential_set_id: string | null
  username: string
  password: string
  why: string
}

/** Where an iDRAC is, and how work on it is paced. */
export interface IdracPlace {
  server_id: string | null
  address: string
  port: number
  /** Already decided for this address. */
  scale: number
  job_id: string | null
  /** Of the server that is meant; whoever answers with another one gets no password. */
  service_tag?: string
  first_contact?: 'pin' | 'ask' | null
  expected_change?: boolean
}

/** What a piece of work may know of the session it was lent. */
export interface Login {
  username: string
  /** The session is not ended before so many ms of real time have passed, except with the worker. */
  linger(ms: number): void
}

interface Member {
  client: RedfishClient
  account: Account
  slot_id: string
  token: string
  session_uri: string
  busy: boolean
  idle: NodeJS.Timeout | null
  /** Kept at least until then, even when nobody uses it. */
  keep_until: number
  /** The password is right, but the device wants another before it lets anybody work. */
  password_change_required: boolean
}

/** Over all workers; the device itself allows eight for everyone. */
const SESSIONS_PER_IDRAC = 2
const IDLE_MS = 20_000
/** An iDRAC blocks an address at the third wrong password in a minute. */
const WRONG_PASSWORDS = 2
const WRONG_WINDOW_MS = 60_000
const LOOK_AGAIN_MS = 300

type Needs = Pick<Deps, 'db' | 'commands' | 'worker_id' | 'log'>

/**
 * Sessions of this worker with iDRACs: reused, one request in flight each, at most two per iDRAC over all workers, released
 * after 20 s without use. Every login is taken from the device's budget before it is tried.
 */
export class IdracSessions {
  readonly #members = new Map<string, Member[]>()
  readonly #waiters = new Map<string, (() => void)[]>()
  /** Rows of sessions that this process knows. */
  readonly #slots = new Set<string>()
  #closed = false

  constructor(private readonly needs: Needs) {}

  /**
   * Gives `body` a client with a session of its own for as long as it runs.
   * @throws NotYet while both sessions are taken or the login budget is spent; DeviceError `AuthFailed` without another try
   */
  async use<T>(
    place: IdracPlace,
    accounts: () => Promise<Account[]>,
    body: (client: RedfishClient, login: Login) => Promise<T>,
  ): Promise<T> {
    const member = await this.#take(place, accounts)
    try {
      return await body(member.client, loginOf(member))
    } catch (thrown) {
      if (thrown instanceof DeviceError && thrown.code === 'DeviceUnreachable') member.client.forget()
      throw thrown
    } finally {
      this.#giveBack(place, member)
    }
  }

  /** A client without any session, for the unauthenticated root. */
  bare(place: IdracPlace): RedfishClient {
    return createRedfishClient(this.#connection(place))
  }

  /**
   * One login with one account, inside the budget; used where accounts are being tried. False when the device refuses it. The
   * connection of `base`, a client that has asked the root, is used on; it is the session's after a login and closed after
   * anything else.
   */
  async tryLogin(place: IdracPlace, account: Account, base?: RedfishClient): Promise<boolean> {
    try {
      this.#list(place).push(await this.#login(place, account, base))
    } catch (thrown) {
      await base?.close()
      if (thrown instanceof DeviceError && thrown.code === 'AuthFailed') return false
      throw thrown
    }
    const member = this.#list(place).at(-1)
    if (member) this.#giveBack(place, member)
    return true
  }

  /**
   * Logs in with one account and out again, inside the budget, over the connection of `base` as {@link tryLogin}. Nothing of
   * it is kept: the account is on trial.
   * @throws NotYet without budget or session; DeviceError `AuthFailed`, `PasswordChangeRequired`
   */
  async tryOnce(
    place: IdracPlace,
    account: Account,
    base: RedfishClient,
  ): Promise<{ password_change_required: boolean }> {
    const member = await this.#login(place, account, base, false).catch(async (thrown: unknown) => {
      await base.close()
      throw thrown
    })
    // In the list for as long as nobody else can see it there: `#end` takes it out before its first wait.
    this.#list(place).push(member)
    await this.#end(keyOf(place), member)
    return { password_change_required: member.password_change_required }
  }

  /** Ends the sessions that nobody uses at this address; at the end of a job. */
  async release(address: string, port: number): Promise<void> {
    const idle = (this.#members.get(`${address}:${port}`) ?? []).filter(
      (member) => !member.busy && member.keep_until <= Date.now(),
    )
    await Promise.all(idle.map((member) => this.#end(`${address}:${port}`, member)))
  }

  /** Ends everything; at the end of the worker. */
  async close(): Promise<void> {
    this.#closed = true
    const all = [...this.#members].flatMap(([key, members]) => members.map((member) => this.#end(key, member)))
    await Promise.allSettled(all)
  }

  #list(place: IdracPlace): Member[] {
    const key = keyOf(place)
    const list = this.#members.get(key) ?? []
    this.#members.set(key, list)
    return list
  }

  async #take(place: IdracPlace, accounts: () => Promise<Account[]>): Promise<Member> {
    const list = this.#list(place)
    const free = list.find((member) => !member.busy)
    if (free) return claim(free)
    if (list.length >= SESSIONS_PER_IDRAC) {
      await this.#turn(place)
      return this.#take(place, accounts)
    }
    const placeholder = { busy: true, idle: null, keep_until: 0 } as Member
    list.push(placeholder)
    try {
      const member = await this.#firstThatWorks(place, await accounts())
      list.splice(list.indexOf(placeholder), 1, member)
      return claim(member)
    } catch (thrown) {
      list.splice(list.indexOf(placeholder), 1)
      this.#wake(place)
      throw thrown
    }
  }

  /** The choice first; after a refusal the next candidate, at most once. */
  async #firstThatWorks(place: IdracPlace, accounts: Account[]): Promise<Member> {
    const [first, second] = accounts
    if (!first)
      throw new DeviceError('NoCredential', `No credential fits ${place.address}.`, { sent: false, answered: false })
    try {
      return await this.#login(place, first)
    } catch (thrown) {
      if (!(thrown instanceof DeviceError) || thrown.code !== 'AuthFailed' || !second) throw thrown
      return this.#login(place, second)
    }
  }

  async #login(place: IdracPlace, account: Account, base?: RedfishClient, stays = true): Promise<Member> {
    const { slot_id, attempt_id } = await this.#reserve(place, account)
    this.#slots.add(slot_id)
    try {
      const opened = await this.#open(place, account, attempt_id, base)
      await this.#record({ slot_id, attempt_id }, opened)
      const member: Member = {
        ...opened,
        account,
        slot_id,
        busy: true,
        idle: null,
        keep_until: 0,
        client: opened.base,
      }
      member.client = opened.base.withTokens({
        current: async () => member.token,
        renew: (refused) => this.#renew(place, member, opened.base, refused),
      })
      if (stays) void this.#endOrphans(place, member)
      return member
    } catch (thrown) {
      await this.#closeRow(slot_id)
      throw thrown
    }
  }

  /** @throws NotYet while both sessions are taken or the login budget is spent */
  async #reserve(place: IdracPlace, account: Account): Promise<{ slot_id: string; attempt_id: number }> {
    const { db, worker_id } = this.needs
    const login = this.#loginRequest(place, account)
    const { server_id } = place
    const answer = await reserveIdracLogin(db, { server_id, worker_id, sessions: SESSIONS_PER_IDRAC, login })
    if (answer.reserved) return answer
    if (answer.why === 'budget') throw budgetSpent(place, answer.retry_at)
    // A row of ours that the database could not close, or whose answer was lost, would hold its place for ever.
    await closeStraySlots(db, { address: keyOf(place), worker_id, known: [...this.#slots] })
    throw new NotYet('SessionLimit', `Both sessions of ${place.address} are in use.`, LOOK_AGAIN_MS)
  }

  /** A session that cannot be noted is ended at once: nobody would find it later. Its login counts as wrong for a while. */
  async #record(
    reserved: { slot_id: string; attempt_id: number },
    opened: { base: RedfishClient; token: string; session_uri: string },
  ): Promise<void> {
    try {
      await noteIdracLogin(this.needs.db, { ...reserved, session_uri: opened.session_uri })
    } catch (thrown) {
      await closeSession(opened.base, opened).catch(() => undefined)
      throw thrown
    }
  }

  /** Without the database the row stays open; as a stray it is closed later. */
  async #closeRow(slot_id: string): Promise<void> {
    this.#slots.delete(slot_id)
    await closeRow(this.needs.db, slot_id).catch(() => undefined)
  }

  async #open(place: IdracPlace, account: Account, attempt_id: number, given?: RedfishClient) {
    const base = given ?? createRedfishClient(this.#connection(place))
    try {
      const { token, session_uri, password_change_required } = await openSession(base, account, place.service_tag)
      return { base, token, session_uri, password_change_required }
    } catch (thrown) {
      await this.#settle(attempt_id, thrown).catch(() => undefined)
      await base.close()
      throw thrown
    }
  }

  #loginRequest(place: IdracPlace, account: Account) {
    return {
      device_kind: 'idrac' as const,
      address: keyOf(place),
      account: account.username,
      credential_set_id: account.credential_set_id,
      limit: WRONG_PASSWORDS,
      window_seconds: scaledLoginWindow(WRONG_WINDOW_MS, place.scale) / 1000,
      worker_id: this.needs.worker_id,
      job_id: place.job_id,
    }
  }

  async #settle(attempt_id: number, thrown: unknown): Promise<void> {
    const { db } = this.needs
    if (!(thrown instanceof DeviceError)) return settleLogin(db, attempt_id, 'no_answer')
    if (thrown.code === 'AuthFailed') return settleLogin(db, attempt_id, 'refused')
    if (thrown.facts.answered) return settleLogin(db, attempt_id, 'ok')
    if (!thrown.facts.sent) return dropLogin(db, attempt_id)
    await settleLogin(db, attempt_id, 'no_answer')
  }

  /** The device has forgotten the session (it restarted): one login with the same account. */
  async #renew(place: IdracPlace, member: Member, base: RedfishClient, refused: string): Promise<string> {
    if (member.token !== refused) return member.token
    const budget = await reserveLogin(this.needs.db, this.#loginRequest(place, member.account))
    if (!budget.reserved) throw budgetSpent(place, budget.retry_at)
    const { attempt_id } = budget
    try {
      // Whoever answers now may be another device than the one that the root was read from.
      base.memory.delete('root')
      const opened = await openSession(base, member.account, place.service_tag)
      member.token = opened.token
      member.session_uri = opened.session_uri
      const { slot_id } = member
      await noteIdracLogin(this.needs.db, { slot_id, attempt_id, session_uri: opened.session_uri })
      return opened.token
    } catch (thrown) {
      await this.#settle(attempt_id, thrown).catch(() => undefined)
      // Its password is wrong now: kept, it would be tried again at every use, and after the cure as well.
      if (thrown instanceof DeviceError && thrown.code === 'AuthFailed') await this.#forget(place, member)
      throw thrown
    }
  }

  /** The device knows the session no more: there is nothing to end there. */
  async #forget(place: IdracPlace, member: Member): Promise<void> {
    const list = this.#list(place)
    const at = list.indexOf(member)
    if (at >= 0) list.splice(at, 1)
    await this.#closeRow(member.slot_id)
  }

  /** Deletes on the device what workers that are gone left open. Best effort: the device ends them by itself at last. */
  async #endOrphans(place: IdracPlace, member: Member): Promise<void> {
    try {
      for (const orphan of await listOrphanSessions(this.needs.db, { address: keyOf(place) })) {
        if (orphan.session_uri && orphan.session_uri !== member.session_uri)
          await closeSession(member.client, { session_uri: orphan.session_uri })
        await closeRow(this.needs.db, orphan.id)
      }
    } catch (thrown) {
      this.needs.log.warn(
        { address: place.address, reason: String(thrown) },
        'sessions of a lost worker could not be ended',
      )
    }
  }

  #giveBack(place: IdracPlace, member: Member): void {
    member.busy = false
    if (!this.#list(place).includes(member)) {
      void member.client.close()
      this.#wake(place)
      return
    }
    const kept_ms = Math.max(scaledSessionIdle(IDLE_MS, place.scale), member.keep_until - Date.now())
    const idle_ms = this.#closed ? 0 : kept_ms
    member.idle = setTimeout(() => void this.#end(keyOf(place), member), idle_ms)
    this.#wake(place)
  }

  async #end(key: string, member: Member): Promise<void> {
    const list = this.#members.get(key) ?? []
    const at = list.indexOf(member)
    if (at < 0 || !member.client) return
    list.splice(at, 1)
    if (member.idle) clearTimeout(member.idle)
    try {
      await closeSession(member.client, { session_uri: member.session_uri, token: member.token })
    } catch (thrown) {
      this.needs.log.warn(
        { device: key, reason: String(thrown) },
        'a session could not be ended; the device ends it by itself',
      )
    }
    await this.#closeRow(member.slot_id)
    await member.client.close()
    this.#wakeKey(key)
  }

  #turn(place: IdracPlace): Promise<void> {
    return new Promise((resolve) => {
      const key = keyOf(place)
      this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), resolve])
    })
  }

  #wake(place: IdracPlace): void {
    this.#wakeKey(keyOf(place))
  }

  #wakeKey(key: string): void {
    const [next, ...rest] = this.#waiters.get(key) ?? []
    this.#waiters.set(key, rest)
    next?.()
  }

  #connection(place: IdracPlace) {
    return {
      address: place.address,
      port: place.port,
      identity: identityCheck(this.needs, {
        device_kind: 'idrac',
        address: place.address,
        port: place.port,
        device_id: place.server_id,
        job_id: place.job_id,
        first_contact: place.first_contact ?? null,
        ...(place.expected_change ? { expected_change: true } : {}),
      }),
      recorder: scopedRecorder(this.needs.commands, {
        operation_type: 'session',
        device_kind: 'idrac',
        server_id: place.server_id,
        worker_id: this.needs.worker_id,
      }),
    }
  }
}

const keyOf = (place: { address: string; port: number }) => `${place.address}:${place.port}`

function loginOf(member: Member): Login {
  return {
    username: member.account.username,
    linger: (ms) => {
      member.keep_until = Math.max(member.keep_until, Date.now() + ms)
    },
  }
}

function claim(member: Member): Member {
  member.busy = true
  if (member.idle) clearTimeout(member.idle)
  member.idle = null
  return member
}

function budgetSpent(place: IdracPlace, retry_at: string): NotYet {
  const wait = Math.max(100, Date.parse(retry_at) - Date.now())
  const text = `Waiting until ${retry_at} before another login at ${place.address}, so that it does not lock.`
  return new NotYet('LoginBudget', text, wait)
}
