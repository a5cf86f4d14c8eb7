import type { LabCore } from '../core.js'
import type { PersonalityFlags } from '../presets.js'
import { identitiesOf } from '../site/identities.js'

/** The one OpenManage Enterprise of a site. It has no state of its own but its sessions: it shows what the site is. */
export interface Appliance {
  name: string
  username: string
  password: string
}

export interface OpenSession {
  id: string
  token: string
  user: string
  used_at: number
}

/** What one request sees. */
export interface ApplianceCall {
  core: LabCore
  appliance: Appliance
  flags: PersonalityFlags
  sessions: OpenSession[]
  /** Grows with each list: every third one tells a wrong count. */
  lists: number
}

export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** Its account out of the seed, so that it survives a restart without being kept. */
export function applianceOf(core: LabCore): Appliance {
  const name = 'openmanage-01'
  return { name, username: 'admin', password: identitiesOf(core.state.seed).password(name) }
}

/** An error as the appliance words it: the code says nothing, the id in the details does. */
export function refusal(status: number, id: string, message: string): Answer {
  const detail = { MessageId: id, RelatedProperties: [], Message: message, MessageArgs: [], Severity: 'Critical' }
  return {
    status,
    body: {
      error: {
        code: 'Base.1.0.GeneralError',
        message: 'A general error has occurred. See ExtendedInfo for more information.',
        '@Message.ExtendedInfo': [detail],
      },
    },
  }
}
