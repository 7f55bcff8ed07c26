import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { adminRole } from '../../../../src/engine/database/embedded/cluster/create-cluster.ts';
import { readPasswords } from '../../../../src/engine/database/embedded/cluster/embedded-directory.ts';
import {
  type EmbeddedServer,
  openEmbeddedServer,
} from '../../../../src/engine/database/embedded/open-embedded-server.ts';
import { findUnencrypted } from '../../../../src/engine/queue/find-unencrypted.ts';
import { migrateQueue } from '../../../../src/engine/queue/migrate/migrate-queue.ts';
import { openQueueClient, openQueuePool } from '../../../../src/engine/queue/open-queue-client.ts';
import { queueAddress } from '../../../../src/engine/queue/queue-address.ts';

const home = mkdtempSync(join(tmpdir(), 'etl-tui-tls-'));
const [certificate, key] = [join(home, 'server.crt'), join(home, 'server.key')];
const made = spawnSync(
  'openssl',
  ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext'].concat([
    'subjectAltName=DNS:localhost',
    '-out',
    certificate,
    '-keyout',
    key,
  ]),
);
let server: EmbeddedServer | undefined;

afterAll(async () => {
  await server?.lease.release('stop-if-last');
  rmSync(home, { recursive: true, force: true });
});

beforeAll(async () => {
  if (made.status !== 0) return;
  chmodSync(home, 0o755);
  const settings = ['fsync=off', 'max_connections=20'];
  const opened = await openEmbeddedServer({
    root: join(home, '.etl-tui/db'),
    env: process.env,
    onProgress: () => {},
    settings,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  server = opened.value;
  const { cluster } = server.directory;
  const { uid, gid } = statSync(cluster);
  for (const [from, name] of [[certificate, 'server.crt'] as const, [key, 'server.key'] as const]) {
    const to = join(cluster, name);
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    chownSync(to, uid, gid);
  }
  const login = `postgres://${adminRole}:${readPasswords(cluster)?.admin}@127.0.0.1:${server.lease.port}/postgres`;
  const admin = new pg.Client({ connectionString: login });
  await admin.connect();
  await admin.query('ALTER SYSTEM SET ssl = on');
  await admin.query('SELECT pg_reload_conf()');
  await vi.waitFor(async () => expect((await admin.query('SHOW ssl')).rows).toEqual([{ ssl: 'on' }]), 60_000);
  await admin.end();
});

const addressOf = (url: string, settings: string) => {
  const named = new URL(url);
  named.hostname = 'localhost';
  named.search = settings;
  const address = queueAddress({ ETL_TUI_QUEUE: named.href });
  if (!address.ok) throw new Error(address.error.message);
  return address.value;
};

it.skipIf(made.status !== 0)('verifies the server, and encrypts every connection, those of DBOS as well', async () => {
  const url = server?.url ?? '';
  const address = addressOf(url, `?sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate)}`);
  expect(await migrateQueue(address)).toMatchObject({ ok: true });
  const opened = await openQueueClient(address, { applicationName: 'one' });
  if (!opened.ok) throw new Error(opened.error.message);
  const client = opened.value;
  const pool = openQueuePool(client.address, 'two', 1);
  try {
    const isEncrypted = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    expect(await client.query(isEncrypted)).toEqual({ ok: true, value: [{ ssl: true }] });
    expect((await pool.query(isEncrypted)).rows).toEqual([{ ssl: true }]);
    expect(findUnencrypted(client.address)).toBeUndefined();
  } finally {
    await pool.end();
    await client.close();
  }
  const elsewhere = await openQueueClient(addressOf(url, '?sslmode=verify-full'), { applicationName: 'three' });
  expect(!elsewhere.ok && [elsewhere.error.code, elsewhere.error.message]).toEqual([
    'database/unreachable',
    expect.stringMatching(/self.signed certificate/),
  ]);
});
