import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { createProject } from './command-line.ts';

const pgModule = createRequire(import.meta.url).resolve('pg');

/** Holds two connections for a moment, and fails when the server refuses one of them. */
const load = `
const { Client } = require(${JSON.stringify(pgModule)});
(async () => {
  const all = [1, 2].map(() => new Client(process.env.DATABASE_URL));
  for (const client of all) await client.connect();
  await all[0].query('SELECT pg_sleep(0.3)');
  for (const client of all) await client.end();
})().catch((error) => { console.error(error.message); process.exit(1); });
`;

test('a role that may hold few connections gets no more of them at once, and every task is done', async ({ skip }) => {
  const database = await createTestDatabase();
  onTestFinished(database.close);
  skip(database.superuserUrl === undefined, 'roles cannot be made on a server that was only given');
  const admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
  onTestFinished(() => admin.end());
  const url = new URL(database.url);
  // A role of its own: other tests use that of the database at the same time.
  [url.username, url.password] = [`few_${process.pid}`, 'few'];
  // One connection is that of the run itself.
  await admin.query(`CREATE ROLE ${url.username} LOGIN PASSWORD 'few' CONNECTION LIMIT 5`);
  onTestFinished(async () => void (await admin.query(`DROP ROLE ${url.username}`)));
  await admin.query(`GRANT ALL ON DATABASE ${url.pathname.slice(1)} TO ${url.username}`);
  onTestFinished(
    async () => void (await admin.query(`REVOKE ALL ON DATABASE ${url.pathname.slice(1)} FROM ${url.username}`)),
  );
  const tasks = Array.from({ length: 6 }, (_, at) => `  t${at}: { command: [node, load.cjs], connections: 2 }`);
  const project = createProject(`version: 1\nname: few\ntasks:\n${tasks.join('\n')}\n`);
  onTestFinished(project.remove);
  writeFileSync(join(project.directory, 'load.cjs'), load);
  const ended = await project.call(['--ci'], { DATABASE_URL: url.href });
  expect(ended.out).not.toContain('too many connections');
  expect(ended.out).not.toContain('retrying');
  expect(ended.out.match(/✓ t\d +succeeded/g)).toHaveLength(6);
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
});
