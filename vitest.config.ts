import { defineConfig } from 'vitest/config'

/** Groups of tests: `unit` needs nothing, the others need Postgres, Temporal or the lab and are run one file at a time. */
const group = (name: string, include: string[], serial = false) => ({
  test: {
    name,
    include,
    testTimeout: serial ? 120_000 : 30_000,
    hookTimeout: serial ? 120_000 : 30_000,
    fileParallelism: !serial,
  },
})

export default defineConfig({
  test: {
    // Groups run side by side, and the file of results is not written in one piece: a reader in between would fail.
    cache: false,
    projects: [
      group('unit', ['test/domain/**/*.test.ts', 'test/*.test.ts', 'test/scripts/**/*.test.ts']),
      group('lab', ['test/lab/**/*.test.ts'], true),
      group('clients', ['test/clients/**/*.test.ts'], true),
      group('db', ['test/db/**/*.test.ts'], true),
      group('workflows', ['test/workflows/**/*.test.ts', 'test/replay/**/*.test.ts'], true),
      group('api', ['test/api/**/*.test.ts', 'test/cli/**/*.test.ts'], true),
      group('e2e', ['test/activities/**/*.test.ts', 'test/scenarios/**/*.test.ts', 'test/e2e/**/*.test.ts'], true),
      group('crash', ['test/crash/**/*.test.ts'], true),
      group('foreign', ['test/foreign/**/*.test.ts'], true),
    ],
  },
})
