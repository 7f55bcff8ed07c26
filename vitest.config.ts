import { defineConfig } from 'vitest/config';

const temporary = 'test/support/temporary-directory.ts';
const build = 'test/support/build-program.ts';
const seed = 'test/support/fixed-seed.ts';

export default defineConfig({
  test: {
    // Real processes and real databases: generous limits, so that a loaded machine is slow, not red.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A poll that names no limit would give up after one second. Less than a test has, so that what it found last is told.
    expect: { poll: { timeout: 60_000 } },
    // One more than the cores of the smallest machine: many tests wait for processes more than they compute.
    maxWorkers: 3,
    globalSetup: [temporary],
    // Moments are printed in the time zone of the reader. The servers of the tests are on this machine, which a proxy of the environment cannot reach.
    env: { HTTP_PROXY: '', http_proxy: '', HTTPS_PROXY: '', https_proxy: '', TZ: 'UTC' },
    projects: [
      // No build, no database, no process. Its files share their modules, since half of the time would go into loading them.
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], setupFiles: [seed], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.{ts,tsx}'],
          setupFiles: [seed],
          globalSetup: [build],
        },
      },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: [build] } },
    ],
  },
});
