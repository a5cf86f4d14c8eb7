import type { Logger } from 'pino'
import type { Database } from '../db/connect.js'
import type { KeyRing } from '../db/crypto.js'
import type { ApiConfig } from './config.js'
import type { EventFeed } from './event-feed.js'
import type { TemporalGateway } from './temporal.js'

/** What the resources of the API are given; composed in main.ts. */
export interface Services {
  config: Readonly<ApiConfig>
  database: Database
  /** Throws `KeyUnavailable` while the key is missing or wrong: reads go on, nothing is sealed. */
  keys(): KeyRing
  temporal: TemporalGateway
  feed: EventFeed
  log: Logger
}
