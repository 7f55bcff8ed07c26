import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  embeddedDirectory,
  embeddedRoot,
  existingMajors,
} from '../../../src/engine/database/embedded/cluster/embedded-directory.ts';
import { findRunning } from '../../../src/engine/database/embedded/server/postmaster.ts';
import { expectCleanAftermath } from '../../support/aftermath.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { openSilentProxy, type SilentProxy } from '../../support/silent-proxy.ts';
import { projectOf } from './namespace.ts';

let database: TestDatabase;
let proxy: SilentProxy;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openSilentProxy(new URL(database.url));
});

afterAll(async () => {
  proxy?.close();
  await database?.close();
});

const slow = `
version: 1
name: slow
tasks:
  load: { command: "true", connections: 1 }
checks:
  - { name: slow, sql: "SELECT pg_sleep(600)", timeout: 15m, retries: 0 }
`;

describe('a server behind a network that swallows everything', () => {
  test('at the start is a precondition that is missing', async () => {
    const it = projectOf(slow);
    proxy.fallSilent();
    const ended = await it.call(['--ci'], { DATABASE_URL: `${proxy.url}?connect_timeout=2` });
    expect(ended.err).toMatch(/error\[database\/unreachable\]: .* cannot be reached: no answer in time/);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [3] });
  });

  test('in the middle of a check ends the check long before its own limit', async () => {
    const it = projectOf(slow);
    proxy.speak();
    const isAsked = proxy.isAsked('pg_sleep');
    const run = it.start(['--ci'], { DATABASE_URL: proxy.url });
    await run.says('✓ load');
    await isAsked;
    proxy.fallSilent();
    const ended = await run.ended;
    expect(ended.out).toMatch(/\? slow +check error .*the database did not answer/);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [1] });
  });
});

describe('a connection that breaks in the middle of a check', () => {
  test('is followed by another attempt, and the result says so', async () => {
    const it = projectOf(
      slow.replace('retries: 0', 'backoff: { initial: 10ms }').replace('pg_sleep(600)', 'pg_sleep(0.5)::text'),
    );
    proxy.speak();
    proxy.breakWhenAsked('pg_sleep');
    const ended = await it.call(['--ci'], { DATABASE_URL: proxy.url });
    expect(ended.out).toMatch(/↻ slow +retrying .*attempt 1 of 3 failed: the database did not answer/);
    expect(ended.out).toMatch(/≠ slow +check failed .*attempt 2/);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [4] });
  });
});

describe('an embedded PostgreSQL that a signal has stopped', () => {
  test('is named at once, with how it goes on', async () => {
    const it = projectOf(slow);
    expect((await it.call(['db', 'start'])).code).toBe(0);
    const root = embeddedRoot(it.directory);
    const server = await findRunning(embeddedDirectory(root, existingMajors(root)[0]!).cluster);
    const { pid } = server!;
    process.kill(pid, 'SIGSTOP');
    const ended = await it.call(['--ci']);
    expect(ended.err).toContain(`The embedded PostgreSQL (process ${pid}) is stopped by a signal (SIGSTOP)`);
    expect(ended.err).toContain(`kill -CONT ${pid}`);
    expect((await it.call(['db', 'stop'])).code).toBe(0);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [3] });
  });
});
