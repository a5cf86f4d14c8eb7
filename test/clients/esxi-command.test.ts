import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import * as commands from '../../clients/esxi/command.js'
import { depotArgument, operationIdPart, profileArgument, quote, reasonArgument } from '../../clients/esxi/quote.js'

const SEED = 20261123
/** A shell in which `esxcli` prints its arguments, one a line, between brackets. */
const bin = mkdtempSync(join(tmpdir(), 'esxi-command-'))
writeFileSync(join(bin, 'esxcli'), '#!/bin/sh\nfor each in "$@"; do printf \'[%s]\\n\' "$each"; done\n')
chmodSync(join(bin, 'esxcli'), 0o755)
afterAll(() => rmSync(bin, { recursive: true }))

const inShell = (line: string): string =>
  execFileSync('/bin/sh', ['-c', line], { env: { PATH: `${bin}:${process.env.PATH}` }, encoding: 'utf8', cwd: bin })

const request: commands.UpdateRequest = {
  method: 'update',
  depot_path: '/vmfs/volumes/ds 1/depots/VMware-ESXi-8.0.3.zip',
  profile_name: 'DEL-ESXi_803.24280767-A02',
  allow_hardware_warnings: false,
}

describe('arguments', () => {
  const NASTY = fc.string({
    unit: fc.constantFrom(
      'a',
      '/',
      '.',
      ' ',
      "'",
      '"',
      '`',
      '$',
      '(',
      ')',
      ';',
      '&',
      '|',
      '>',
      '\n',
      '\\',
      '*',
      '-',
      '..',
      '\u0000',
      'é',
    ),
    maxLength: 40,
  })

  test('any text in quotes reaches the program unchanged', () => {
    fc.assert(
      fc.property(
        NASTY.filter((each) => !each.includes('\u0000')),
        (text) => {
          expect(inShell(`esxcli ${quote(text)}`)).toBe(`[${text}]\n`)
        },
      ),
      { seed: SEED, numRuns: 60 },
    )
  })

  test('whatever passes as a depot is one argument below /vmfs/volumes', () => {
    let accepted = 0
    fc.assert(
      fc.property(NASTY, (text) => {
        const path = `/vmfs/volumes/d${text}.zip`
        let argument: string
        try {
          argument = depotArgument(path)
        } catch (error) {
          expect(error).toMatchObject({ code: 'InvalidRequest', facts: { sent: false } })
          return
        }
        accepted += 1
        expect(path.split('/')).not.toContain('..')
        expect(inShell(`esxcli -d ${argument}`)).toBe(`[-d]\n[${path}]\n`)
      }),
      { seed: SEED, numRuns: 200 },
    )
    expect(accepted).toBeGreaterThan(5)
  })

  test.each([
    '/vmfs/volumes/ds/../../etc/x.zip',
    '/vmfs/volumes/../x.zip',
    '/vmfs/volumes//x.zip',
    '/vmfs/volumes/ds/./x.zip',
    '/vmfs/volumes/x.iso',
    'vmfs/volumes/ds/x.zip',
    '/tmp/x.zip',
    "/vmfs/volumes/d's/x.zip",
    '/vmfs/volumes/ds/x.zip\n',
    '/vmfs/volumes/ds/a\u0007.zip',
    'https://depot/x.zip',
    '',
  ])('%j is no depot', (path) => {
    expect(() => depotArgument(path)).toThrow(DeviceError)
  })

  test.each(['', '-f', '--no-sig-check', 'a b', "a'b", 'a;b', '$(id)', 'a\nb', 'x'.repeat(129)])(
    '%j is no profile',
    (name) => {
      expect(() => profileArgument(name)).toThrow(DeviceError)
    },
  )

  test.each([
    'ESXi-8.0U3k-25595708-standard',
    'ESXi-9.1.1.0-25714478-standard',
    'DEL-ESXi-703_23794027-A24',
    'DEL-ESXi_803.24280767-A02',
    'ESXi-6.7.0-20220104001-standard',
  ])('%s is a profile', (name) => {
    expect(profileArgument(name)).toBe(`'${name}'`)
  })

  test.each(['', '../x', 'a/b', 'a b', 'a;b', '-x'])('%j is no operation id', (id) => {
    expect(() => operationIdPart(id)).toThrow(DeviceError)
  })

  test('a reason is plain text', () => {
    expect(reasonArgument('job 4f1c: ESXi upgrade')).toBe("'job 4f1c: ESXi upgrade'")
    expect(() => reasonArgument('$(reboot)')).toThrow(DeviceError)
  })
})

describe('commands', () => {
  test('a trial run is the same command with one flag more', () => {
    expect(inShell(commands.dryRunCommand(request).line).split('\n').filter(Boolean)).toEqual([
      '[software]',
      '[profile]',
      '[update]',
      '[-d]',
      '[/vmfs/volumes/ds 1/depots/VMware-ESXi-8.0.3.zip]',
      '[-p]',
      '[DEL-ESXi_803.24280767-A02]',
      '[--dry-run]',
    ])
  })

  test('flags that force, skip signatures or lower the level do not exist', () => {
    const variants = [true, false].flatMap((allow_hardware_warnings) =>
      (['update', 'install'] as const).map((method) => ({ ...request, method, allow_hardware_warnings })),
    )
    for (const each of variants) {
      const line = commands.startUpdateCommand(each, 'op-1').line + commands.dryRunCommand(each).line
      expect(line).not.toMatch(/ -f\b|--force|no-sig-check|acceptance/)
      expect(line.includes('--ok-to-remove')).toBe(each.method === 'install')
      expect(line.includes('--no-hardware-warning')).toBe(each.allow_hardware_warnings)
    }
  })

  test('the detached form survives both shells with its arguments', () => {
    const { line, mutation } = commands.startUpdateCommand(request, 'op-1')
    expect(mutation).toBe(true)
    expect(line).toBe(
      "nohup sh -c 'esxcli software profile update -d '\\''/vmfs/volumes/ds 1/depots/VMware-ESXi-8.0.3.zip'\\'' -p " +
        "'\\''DEL-ESXi_803.24280767-A02'\\'' >/tmp/dsm-op-1.out 2>&1; echo $? >/tmp/dsm-op-1.rc' >/dev/null 2>&1 &",
    )
  })

  test('the recovery key is marked as secret, reads as reads', () => {
    expect(commands.RECOVERY_KEY_LIST.secret_output).toBe(true)
    for (const each of [
      commands.VERSION_GET,
      commands.VIB_LIST,
      commands.BOOT_BANKS,
      commands.dryRunCommand(request),
    ]) {
      expect(each.mutation).toBe(false)
    }
    expect(commands.rebootCommand('x').mutation).toBe(true)
    expect(commands.setMaintenanceCommand(true, 60).mutation).toBe(true)
  })
})
