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

test('a role that may hold few connections gets no more of them at once, and every task is done', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.close);
  const owner = new pg.Client({ connectionString: database.superuserUrl ?? database.url });
  await owner.connect();
  onTestFinished(() => owner.end());
  const role = new URL(database.url).username;
  // One connection is that of the run itself.
  await owner.query(`ALTER ROLE ${pg.escapeIdentifier(role)} CONNECTION LIMIT 5`);
  const tasks = Array.from({ length: 6 }, (_, at) => `  t${at}: { command: [node, load.cjs], connections: 2 }`);
  const project = createProject(`version: 1\nname: few\ntasks:\n${tasks.join('\n')}\n`);
  onTestFinished(project.remove);
  writeFileSync(join(project.directory, 'load.cjs'), load);
  const ended = await project.call(['--ci'], { DATABASE_URL: database.url });
  expect(ended.out).not.toContain('too many connections');
  expect(ended.out).not.toContain('retrying');
  expect(ended.out.match(/✓ t\d +succeeded/g)).toHaveLength(6);
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
});
