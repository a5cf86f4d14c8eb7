import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../helpers/source-files.js'

interface Service {
  image?: string
  profiles?: string[]
  network_mode?: string
  restart?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  volumes?: string[]
  networks?: string[]
  secrets?: string[]
  configs?: Array<{ source: string }>
  ports?: string[]
  healthcheck?: { test: string[]; interval: string; retries: number }
}

interface Compose {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean } | null>
  volumes: Record<string, unknown>
  secrets: Record<string, { file?: string }>
  configs: Record<string, { content?: string }>
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')
const compose = parse(text, { merge: true }) as Compose
const services = Object.entries(compose.services)
const isOneShot = ({ restart }: Service) => restart?.startsWith('on-failure') ?? false
const product = services.filter(([, { image }]) => image?.includes('DSM_IMAGE'))
/** The image behind `${NAME:-default}`. */
const defaultImage = (image = '') => /^\$\{\w+:-(.+)\}$/.exec(image)?.[1] ?? image

/** Everything that could let somebody in and is not demanded from the operator. */
function defaultSecrets(all: Array<[string, Service]>): string[] {
  return all.flatMap(([service, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([name, value]) => {
        if (/(PASSWORD|PWD|SECRET|TOKEN)$/.test(name) || name === 'KEK') return !/^\$\{\w+:\?.+\}$/.test(String(value))
        return (
          /:\/\/[^/]*:[^/]*@/.test(String(value).replace(/\$\{\w+:\?[^}]*\}/g, '')) &&
          !/:\/\/\w+:\$\{\w+:\?[^}]+\}@/.test(String(value))
        )
      })
      .map(([name]) => `${service}.${name}`),
  )
}

describe('docker-compose.yml', () => {
  test('has the parts of the distributed form', () => {
    const wanted = [
      'postgres',
      'temporal',
      'temporal-schema',
      'temporal-namespace',
      'temporal-ui',
      'migrate',
      'api',
      'worker',
      'media',
      'lab',
    ]
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(wanted))
  })

  test('every image is named by exact version, and none is the deprecated all-in-one', () => {
    const images = services.map(([, { image }]) => defaultImage(image))
    for (const image of images) {
      expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[\w.]+)?$|@sha256:[0-9a-f]{64}$/)
      expect(image).not.toContain('auto-setup')
    }
  })

  test.each(services)('%s waits only for services that can satisfy it', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = compose.services[name]
      expect(other, name).toBeDefined()
      if (condition === 'service_healthy') expect(other?.healthcheck, name).toBeDefined()
      if (condition === 'service_completed_successfully') expect(isOneShot(other ?? {}), name).toBe(true)
    }
  })

  test.each(services)('%s refers only to what is defined', (_, service) => {
    for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
    for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network)
    for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret)
    for (const { source } of service.configs ?? []) expect(Object.keys(compose.configs)).toContain(source)
    if (service.network_mode)
      expect(Object.keys(compose.services)).toContain(service.network_mode.replace('service:', ''))
    expect(Boolean(service.network_mode) && Boolean(service.networks)).toBe(false)
  })

  test('whoever runs for long has a health check and comes back; whoever runs once does not loop', () => {
    for (const [name, service] of services) {
      if (isOneShot(service)) expect(service.healthcheck, name).toBeUndefined()
      else {
        expect(service.healthcheck?.test.length, name).toBeGreaterThan(1)
        expect(service.restart, name).toBe('unless-stopped')
      }
    }
  })

  test('no password, token or key has a default', () => {
    expect(defaultSecrets(services)).toEqual([])
    expect(compose.secrets.kek?.file).toMatch(/^\$\{KEK_FILE:\?.+\}$/)
    const planted: Service = {
      environment: {
        DB_PASSWORD: 'hunter2',
        X_TOKEN: `$\{X:-abc}`,
        URL: 'postgres://a:b@c/d',
        FINE: 'postgres://a@c/d',
      },
    }
    expect(defaultSecrets([['planted', planted]])).toEqual(['planted.DB_PASSWORD', 'planted.X_TOKEN', 'planted.URL'])
  })

  test.each(product)('%s runs with as few rights as it needs', (_, service) => {
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
  })

  test('programs that the product starts exist', () => {
    for (const [name, { command = [] }] of product) {
      const script = command.find((word) => word.endsWith('.ts'))
      expect(script, name).toMatch(/^(api|workers|lab|scripts)\//)
    }
  })

  test('database and Temporal are published nowhere, Temporal Web only on this machine', () => {
    const published = services.filter(([, { ports }]) => ports?.length).map(([name]) => name)
    expect(published.sort()).toEqual(['api', 'media', 'temporal-ui'])
    expect(compose.services['temporal-ui']?.ports?.every((port) => port.startsWith('127.0.0.1:'))).toBe(true)
    expect(compose.networks.inside?.internal).toBe(true)
    for (const name of ['postgres', 'temporal']) expect(compose.services[name]?.networks).toEqual(['inside'])
    // A port of a service that is only in an internal network would not be reachable.
    for (const name of published)
      expect(compose.services[name]?.networks?.some((network) => !compose.networks[network]?.internal)).toBe(true)
  })

  test('the simulated site is there on request only, beside the worker that talks to it', () => {
    expect(services.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual(['lab'])
    expect(compose.services.lab).toMatchObject({ profiles: ['lab'], network_mode: 'service:worker' })
  })

  test('the number of history shards is stated, for it can never change', () => {
    expect(compose.services.temporal?.environment?.NUM_HISTORY_SHARDS).toBe('16')
  })

  test('.env.example names every demanded variable and no value that lets anybody in', () => {
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8')
    const demanded = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]))
    for (const name of demanded) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'))
  })
})
