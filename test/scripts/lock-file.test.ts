import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completeLock, foreignPlatformEntry, type LockFile, missingOptionals } from '../../scripts/testing/lock-file.js'
import { ROOT } from '../helpers/source-files.js'

const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))
const lock = read('package-lock.json') as LockFile
const manifest = read('package.json') as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

test('every optional dependency is in the lock file, or npm ci refuses it (cure: node --import tsx scripts/complete-lock.ts)', () => {
  expect(missingOptionals(lock)).toEqual([])
})

test('every dependency is exact, and the lock file has the same version', () => {
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
  }
})

test('the lock file names no registry', () => {
  expect(Object.entries(lock.packages).filter(([, entry]) => 'resolved' in entry)).toEqual([])
})

test('a planted gap is found and filled', () => {
  const gap: LockFile = {
    packages: {
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@tool/linux-x64-musl': '1.0.0', '@tool/win32-ia32-msvc': '1.0.0' },
      },
    },
  }
  expect(missingOptionals(gap).map(({ name }) => name)).toEqual(['@tool/linux-x64-musl', '@tool/win32-ia32-msvc'])
  const full = completeLock(gap)
  expect(missingOptionals(full)).toEqual([])
  expect(full.packages['node_modules/@tool/linux-x64-musl']).toEqual({
    version: '1.0.0',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  })
  expect(() => foreignPlatformEntry({ name: '@tool/any', version: '1.0.0', dev: false })).toThrow('does not name')
  expect(() => foreignPlatformEntry({ name: '@tool/linux-x64', version: '^1.0.0', dev: false })).toThrow(
    'does not name',
  )
})
