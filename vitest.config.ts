import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    // Real processes and real databases: generous limits, so that a loaded machine is slow, not red.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // The servers of the tests are on this machine, which a proxy of the surroundings cannot reach.
    env: { HTTP_PROXY: '', http_proxy: '', HTTPS_PROXY: '', https_proxy: '' },
  },
});
