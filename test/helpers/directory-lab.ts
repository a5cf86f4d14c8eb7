/** A lab with its two directories only, and what a client needs to speak to them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DirectoryConfig } from '../../clients/ldap/config.js'
import { startLdapFace } from '../../lab/ldap/face.js'
import type { SimDirectory } from '../../lab/model-directory.js'
import { runLab } from '../../lab/run-lab.js'
import type { SiteExtras } from '../../lab/views.js'

export type ShownDirectory = SiteExtras['directories'][number]

export interface DirectoryLab {
  url: string
  lab: Awaited<ReturnType<typeof runLab>>['lab']
  freeipa: ShownDirectory
  active_directory: ShownDirectory
  /** The directory's own state, to be changed by a test. */
  state(vendor: SimDirectory['vendor']): SimDirectory
  passwordOf(vendor: SimDirectory['vendor'], username: string): string
  /** Requests that reached a directory, by text of the operation. */
  asked(pattern: RegExp, since?: number): { path: string; effect?: string; status: number }[]
  /** Rules and lock-outs gone, the ledger goes on. */
  calm(): void
  stop(): Promise<void>
}

export async function startDirectoryLab(seed = 5): Promise<DirectoryLab> {
  const dir = mkdtempSync(join(tmpdir(), 'dsm-directory-'))
  const running = await runLab({ site: 'small', speed: 1, seed, port: 0, data_dir: dir, embedded: false }, [
    startLdapFace,
  ])
  const site = (await (await fetch(`${running.url}/lab/site`)).json()) as SiteExtras
  const [freeipa, active_directory] = site.directories
  if (!freeipa || !active_directory) throw new Error('the site has no directories')
  const state = (vendor: SimDirectory['vendor']): SimDirectory => {
    const found = running.lab.state.directories.find((one) => one.vendor === vendor)
    if (!found) throw new Error(`there is no ${vendor}`)
    return found
  }
  return {
    url: running.url,
    lab: running.lab,
    freeipa,
    active_directory,
    state,
    passwordOf(vendor, username) {
      const entry = state(vendor).entries.find(
        ({ attributes }) => (attributes.sAMAccountName ?? attributes.uid)?.[0] === username,
      )
      if (!entry?.password) throw new Error(`nobody is called ${username}`)
      return entry.password
    },
    asked: (pattern, since = 0) =>
      running.lab.ledger.read({ since }).filter((row) => row.kind === 'ldap' && pattern.test(row.path)),
    calm() {
      for (const rule of running.lab.rules.list()) running.lab.rules.remove(rule.id)
      for (const directory of running.lab.state.directories) directory.lockouts = {}
    },
    async stop() {
      await running.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The settings of a directory of the lab as a client takes them. */
export function configOf(shown: ShownDirectory, change: Partial<DirectoryConfig> = {}): DirectoryConfig {
  const { hostname, port } = new URL(shown.url)
  return {
    vendor: shown.vendor as DirectoryConfig['vendor'],
    servers: [hostname],
    port: Number(port),
    tls_mode: 'ldaps',
    ca_pem: shown.ca_pem,
    base_dn: shown.base_dn,
    bind_dn: shown.bind_dn,
    bind_password: shown.bind_password,
    user_base: null,
    user_filter: null,
    username_attribute: null,
    group_base: null,
    group_filter: null,
    nested_groups: true,
    connect_timeout_ms: 2000,
    operation_timeout_ms: 2000,
    ...change,
  }
}
