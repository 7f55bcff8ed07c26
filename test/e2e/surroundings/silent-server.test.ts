import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  embeddedDirectory,
  embeddedRoot,
  existingMajors,
} from '../../../src/engine/database/embedded/cluster/embedded-directory.ts';
import { findRunning } from '../../../src/engine/database/embedded/server/postmaster.ts';
import { expectCleanAftermath } from '../../support/aftermath.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { projectOf } from './namespace.ts';

let database: TestDatabase;
let proxy: SilentProxy;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openProxy(new URL(database.url));
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
    const run = it.start(['--ci'], { DATABASE_URL: `${proxy.url}?connect_timeout=2` });
    await run.says('✓ load');
    await proxy.isAsked('pg_sleep');
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

type SilentProxy = {
  readonly url: string;
  /** From now on nothing passes, and no connection is closed. */
  fallSilent(): void;
  speak(): void;
  /** Resolves when `text` passes to the server. */
  isAsked(text: string): Promise<void>;
  /** Breaks the connection on which `text` comes first. */
  breakWhenAsked(text: string): void;
  close(): void;
};

async function openProxy({ hostname, port, username, password, pathname }: URL): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  const waiting = new Map<string, () => void>();
  let breaking: string | undefined;
  let isSilent = false;
  const server = createServer((client) => {
    const target = dial(Number(port), hostname);
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => isSilent || to.destroy());
      from.on('data', (chunk) => {
        if (isSilent) return;
        const text = from === client ? chunk.toString('latin1') : '';
        if (breaking !== undefined && text.includes(breaking)) {
          breaking = undefined;
          from.destroy();
          return;
        }
        to.write(chunk);
        for (const [wanted, tell] of waiting) if (text.includes(wanted)) tell();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as { port: number }).port;
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${own}${pathname}`,
    fallSilent: () => {
      isSilent = true;
    },
    speak: () => {
      isSilent = false;
    },
    isAsked: (text) => new Promise((resolve) => waiting.set(text, resolve)),
    breakWhenAsked: (text) => {
      breaking = text;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
