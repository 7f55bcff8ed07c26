import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createUiProject, says, type UiProject } from './ui-project.ts';

let database: TestDatabase;
let client: pg.Client;
let project: UiProject;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('CREATE TABLE orphans (play int)');
});
afterAll(async () => {
  await client.end();
  await database.close();
});
beforeEach(async () => {
  await client.query('TRUNCATE orphans');
  await client.query('INSERT INTO orphans VALUES (1), (2)');
});
afterEach(() => project.close());

const league = `
version: 1
name: league
defaults: { retries: 0 }
tasks:
  plays: { command: "echo plays >> ran" }
  mart: { command: "echo mart >> ran", dependencies: [plays] }
checks:
  - { name: plays_have_games, kind: sql, sql: "SELECT count(*) FROM orphans", expect: 0, after: [plays], gate: true }
`;

const ran = () => readFileSync(join(project.directory, 'ran'), 'utf8').trim().split('\n');

function open(size = { columns: 80, rows: 24 }) {
  project = createUiProject(league);
  return project.open([], { ...size, env: { DATABASE_URL: database.url } });
}

test('the checks open at the one that failed, r runs it again, and once it passes the rest of the run goes on', async () => {
  const screen = open();
  await screen.waitFor('≠ DATA WRONG');
  await screen.waitFor(/5 Checks 1(.|\n)*≠ failed +plays_have_games/);
  await screen.waitFor('r check again  R tasks again');
  expect(says('mart', 'check plays_have_games failed')(screen)).toBe(true);
  screen.press('r');
  await screen.waitFor('check failed again: plays_have_games; R retries its tasks');
  expect(screen.rows()[0]).toContain('≠ DATA WRONG');
  await client.query('TRUNCATE orphans');
  screen.press('r');
  await screen.waitFor('SUCCESS');
  await screen.waitFor(/✓ passed +plays_have_games/);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(ran()).toEqual(['plays', 'mart']);
  expect(project.result()?.status).toBe('success');
  const replay = await project.call(['show', 'latest', '--json']);
  expect(JSON.parse(replay.out)).toMatchObject({ status: 'success', consistency: { summary: { pass: 1, fail: 0 } } });
  const again = project.open(['replay', 'latest', '--speed', '1000']);
  await again.waitFor('SUCCESS');
  again.press('q');
  await again.waitForExit();
});

test('R asks, then runs the tasks before the check and what is downstream again', async () => {
  const screen = open({ columns: 120, rows: 40 });
  await screen.waitFor('≠ DATA WRONG');
  screen.press('5', 'R');
  await screen.waitFor('Run plays and 1 task downstream again? Then the check runs again.  y yes  n no');
  screen.press('n');
  await screen.waitFor('? help');
  await client.query('TRUNCATE orphans');
  screen.press('R', 'y');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(ran()).toEqual(['plays', 'plays', 'mart']);
});

test('a run left with wrong data behind a gate has exit code 4, also after its check was run again', async () => {
  const screen = open();
  await screen.waitFor('≠ DATA WRONG');
  screen.press('r');
  await screen.waitFor('check failed again');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(4);
  expect(screen.text()).toMatch(/≠ plays_have_games: .*2(.|\n)*league ran in .*, but its data is wrong/);
});
