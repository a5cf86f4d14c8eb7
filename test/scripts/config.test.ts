import { describe, expect, test } from 'vitest'
import { ConfigError, describeConfig, loadConfig, withoutPassword } from '../../scripts/embedded/config.js'

describe('configuration of the embedded form', () => {
  test('an empty environment gives the documented defaults', () => {
    const config = loadConfig({})
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      TEMPORAL_UI_PORT: 8233,
      LAB: 'auto',
      LAB_SITE: 'small',
    })
    expect(config).toMatchObject({
      LAB_SPEED: 100,
      LAB_SEED: 1,
      LAB_PORT: 8090,
      MEDIA_SERVER_PORT: 8888,
      METRICS_PORT: 9464,
    })
    expect(config.DATA_DIR).toMatch(/\/\.data$/)
  })
  test.each([
    ['PORT', '99999'],
    ['PORT', 'eighty'],
    ['LAB', 'maybe'],
    ['LAB_SITE', 'huge'],
    ['LAB_SPEED', '0'],
    ['LAB_URL', 'ftp://x'],
    ['DATABASE_URL', 'mysql://u:secretpw@h/db'],
    ['TEMPORAL_ADDRESS', 'temporal.example'],
    ['LOG_LEVEL', 'loud'],
    ['KEK_FILE', 'relative/kek'],
    ['SITE', 'Not A Site'],
  ])('a bad %s is one line with its name and an example', (name, value) => {
    const attempt = () => loadConfig({ [name]: value })
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(new RegExp(`^${name} [^\\n]+ Example: ${name}=[^\\n]+$`))
    expect(attempt).not.toThrow(/secretpw/)
  })
  test('an address off loopback needs TLS or a proxy in front', () => {
    expect(() => loadConfig({ HOST: '0.0.0.0' })).toThrow(/^HOST is not a loopback address/)
    expect(loadConfig({ HOST: '0.0.0.0', BEHIND_PROXY: '1' }).HOST).toBe('0.0.0.0')
    expect(loadConfig({ HOST: '0.0.0.0', TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' }).HOST).toBe('0.0.0.0')
  })
  test('what is printed holds no secret', () => {
    const config = loadConfig({
      KEK: 'c2VjcmV0LWtleQ==',
      DATABASE_URL: 'postgres://dsm:topsecret@db:5432/dsm',
      IDRAC_DEFAULT_PASSWORD: 'calvin',
    })
    const line = describeConfig(config)
    expect(line).toContain('DATABASE_URL=postgres://db:5432/dsm')
    expect(line).not.toMatch(/c2VjcmV0|topsecret|calvin/)
  })
  test('a URL is shown without user and password', () => {
    expect(withoutPassword('postgres://dsm:pw@127.0.0.1:5000/dsm')).toBe('postgres://127.0.0.1:5000/dsm')
  })
})
