import { DeviceError } from '../errors.js'
import type { DeviceHttp } from '../http.js'
import { chooseVimVersion, chooseVsanVersion } from './api-version.js'
import type { MoRef } from './mo-ref.js'
import { type AboutInfo, readServiceContent, SERVICE_INSTANCE, type ServiceContent } from './service-content.js'
import { readDocument, sendCall, type WireCall } from './soap-client.js'
import type { SoapField } from './soap-writer.js'
import type { SoapNode } from './xml-node.js'

export interface CallOptions {
  /** Does it change vCenter or a device? Then it is never repeated here, also not after a lost session. Default false. */
  mutation?: boolean
  /** Default 60,000. */
  timeout_ms?: number
  signal?: AbortSignal
  /** Id that shows in the logs of vCenter and host; the workflow id. */
  operation_id?: string
  /** `vsan` calls go to the sibling endpoint. Default `vim`. */
  api?: 'vim' | 'vsan'
}

/** A logged-in session with one vCenter (or ESXi host). All functions of this folder take one. */
export interface VsphereSession {
  readonly about: AboutInfo
  readonly service: ServiceContent
  /** Negotiated version of the API, e.g. `8.0.2.0`. */
  readonly api_version: string
  /**
   * Calls a method and gives the response element. A read whose session was lost is repeated once after a new login; a
   * mutation is not: the session is renewed and the error (`message_id` `NotAuthenticated`) thrown, so that the caller
   * reads the state first.
   * @throws DeviceError
   */
  call(target: MoRef, method: string, fields?: readonly SoapField[], options?: CallOptions): Promise<SoapNode>
  /** Runs a request of another kind (`/folder`) with the session's cookie; the same rule for a lost session. */
  withCookie<T>(mutation: boolean, request: (http: DeviceHttp, cookie: string) => Promise<T>): Promise<T>
  /** One cheap call that keeps the session alive (needed every ten minutes without other calls). */
  keepAlive(): Promise<void>
  /** When the last call was answered (our clock, ms). */
  readonly last_used_ms: number
  /** Logs out (best effort) and closes the connection. */
  close(): Promise<void>
}

export interface SessionOptions {
  /** Connection with identity check and recorder. The session owns it: `close` closes it. */
  http: DeviceHttp
  username: string
  password: string
  /** Runs each login, the first and those after a lost session: the place for a budget. What it throws is thrown on. */
  logInWithin?: (login: () => Promise<void>) => Promise<void>
  signal?: AbortSignal
}

const DEFAULT_TIMEOUT_MS = 60_000
/** vCenter ends sessions after 30 minutes without use (some after 120): older ones are looked at before a mutation. */
const CHECK_BEFORE_MUTATION_AFTER_MS = 5 * 60_000
/** Spoken when a server has no list of versions: old enough for every supported server. */
const OLDEST_VIM_VERSION = '6.7'

const isNotAuthenticated = (error: unknown): boolean =>
  error instanceof DeviceError && error.facts.message_id === 'NotAuthenticated'

class Session implements VsphereSession {
  private cookie: string | null = null
  /** Grows with each login, so that several calls that lost the same session cause one new login. */
  private generation = 0
  private login_in_flight: Promise<void> | null = null
  /** A refused login is never tried again with the same secret: it would lock the account. */
  private rejected: DeviceError | null = null
  private vsan_version: Promise<string | null> | null = null
  last_used_ms = Date.now()

  constructor(
    private readonly options: SessionOptions,
    readonly service: ServiceContent,
    readonly api_version: string,
  ) {}

  get about(): AboutInfo {
    return this.service.about
  }

  async call(target: MoRef, method: string, fields: readonly SoapField[] = [], options: CallOptions = {}) {
    return await this.guarded(options.mutation ?? false, () => this.send(target, method, fields, options))
  }

  async withCookie<T>(mutation: boolean, request: (http: DeviceHttp, cookie: string) => Promise<T>): Promise<T> {
    return await this.guarded(mutation, () => request(this.options.http, this.cookie ?? ''))
  }

  async keepAlive(): Promise<void> {
    await this.call(SERVICE_INSTANCE, 'CurrentTime')
  }

  async close(): Promise<void> {
    try {
      if (this.cookie !== null && this.rejected === null)
        await this.send(this.service.session_manager, 'Logout', [], {})
    } catch {
      // The session ends by itself when vCenter cannot be reached; nothing depends on the logout.
    } finally {
      this.cookie = null
      await this.options.http.close()
    }
  }

  /** Logs in unless another call has done so since `seen`; all callers wait for the same login. */
  async login(seen: number): Promise<void> {
    if (this.generation !== seen) return
    this.login_in_flight ??= this.logInWithin(() => this.loginOnce()).finally(() => {
      this.login_in_flight = null
    })
    await this.login_in_flight
  }

  private async guarded<T>(mutation: boolean, action: () => Promise<T>): Promise<T> {
    if (this.login_in_flight !== null) await this.login_in_flight
    if (this.rejected !== null) throw this.rejected
    if (mutation) await this.renewIfIdle()
    const seen = this.generation
    try {
      return await action()
    } catch (error) {
      if (!isNotAuthenticated(error)) throw error
      await this.login(seen)
      if (mutation) throw error
      return await action()
    } finally {
      this.last_used_ms = Date.now()
    }
  }

  /** A mutation should not be the call that finds out that the session is gone. */
  private async renewIfIdle(): Promise<void> {
    if (Date.now() - this.last_used_ms > CHECK_BEFORE_MUTATION_AFTER_MS) await this.keepAlive()
  }

  private logInWithin(login: () => Promise<void>): Promise<void> {
    return this.options.logInWithin?.(login) ?? login()
  }

  private async loginOnce(): Promise<void> {
    const { username, password } = this.options
    const fields: SoapField[] = [
      ['userName', username],
      ['password', password],
      // Keeps the texts of faults and tasks in one language.
      ['locale', 'en'],
    ]
    try {
      this.cookie = null
      await this.send(this.service.session_manager, 'Login', fields, {}, ['password'])
      this.generation += 1
    } catch (error) {
      const refused = error instanceof DeviceError && ['AuthFailed', 'PasswordChangeRequired'].includes(error.code)
      if (refused) this.rejected = error
      throw error
    }
  }

  private async send(
    target: MoRef,
    method: string,
    fields: readonly SoapField[],
    options: CallOptions,
    hidden?: readonly string[],
  ): Promise<SoapNode> {
    const vsan = options.api === 'vsan'
    const version = vsan ? await this.vsanVersion() : this.api_version
    const namespace = vsan ? 'urn:vsan' : 'urn:vim25'
    const call: WireCall = {
      target,
      method,
      fields,
      namespace,
      path: vsan ? '/vsanHealth' : '/sdk',
      soap_action: version === null ? namespace : `${namespace}/${version}`,
      cookie: this.cookie,
      mutation: options.mutation ?? false,
      timeout_ms: options.timeout_ms ?? DEFAULT_TIMEOUT_MS,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.operation_id === undefined ? {} : { operation_id: options.operation_id }),
      ...(hidden === undefined ? {} : { hidden }),
    }
    const answer = await sendCall(this.options.http, call)
    if (answer.cookie !== null) this.cookie = answer.cookie
    return answer.response
  }

  private vsanVersion(): Promise<string | null> {
    this.vsan_version ??= readDocument(this.options.http, '/sdk/vsanServiceVersions.xml').then(
      (document) => (document === null ? null : chooseVsanVersion(document)),
      () => null,
    )
    return this.vsan_version
  }
}

async function readContent(options: SessionOptions, version: string): Promise<ServiceContent> {
  const answer = await sendCall(options.http, {
    target: SERVICE_INSTANCE,
    method: 'RetrieveServiceContent',
    fields: [],
    namespace: 'urn:vim25',
    path: '/sdk',
    soap_action: `urn:vim25/${version}`,
    cookie: null,
    mutation: false,
    timeout_ms: DEFAULT_TIMEOUT_MS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  return readServiceContent(answer.response)
}

/**
 * Chooses the API version, reads the service content and logs in, once. One such session per vCenter and credential in a
 * process: vCenter's table of sessions is small, and each wrong login counts towards locking the account.
 * @throws DeviceError `AuthFailed` (never tried again with this session), `VcenterUnreachable`, `Tls…`, `Unsupported`.
 */
export async function openVsphereSession(options: SessionOptions): Promise<VsphereSession> {
  try {
    const document = await readDocument(options.http, '/sdk/vimServiceVersions.xml', options.signal)
    const version = document === null ? OLDEST_VIM_VERSION : chooseVimVersion(document)
    const session = new Session(options, await readContent(options, version), version)
    await session.login(0)
    return session
  } catch (error) {
    await options.http.close()
    throw error
  }
}
