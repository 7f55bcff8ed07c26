import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import type { TerminalScreen } from '../support/screen.ts';
import { createUiProject, type UiProject } from './ui-project.ts';

let database: TestDatabase;
let project: UiProject;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
afterEach(() => project.close());

const wrong = `
version: 1
name: league
defaults: { retries: 0 }
tasks:
  games: { command: "echo loaded" }
  plays: { command: "echo loaded", dependencies: [games] }
checks:
  - { name: games_are_loaded, kind: sql, sql: "SELECT 1", expect: 1 }
  - { name: plays_have_games, kind: sql, sql: "SELECT 49", expect: 0 }
  - { name: lines_are_fresh, kind: sql, sql: "SELECT 1", expect: 0, on_fail: warn }
`;

function open(pipeline: string, size: { columns: number; rows: number }, args: readonly string[] = [], env = {}) {
  project = createUiProject(pipeline);
  return project.open(args, { ...size, env: { DATABASE_URL: database.url, ...env } });
}

async function quit(screen: TerminalScreen): Promise<number> {
  screen.press('q');
  return screen.waitForExit();
}

test.each([
  { columns: 60, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 50 },
])('at $columns x $rows wrong data is visible, e goes to the check, and the summary names it', async (size) => {
  const screen = open(wrong, size);
  await screen.waitFor('≠ DATA WRONG');
  const [header = ''] = screen.rows();
  expect(header).toMatch(size.columns < 120 ? /✓2 ≠1 !1/ : /✓ 2 done {2}≠ 1 check failed {2}! 1 check warned/);
  expect(screen.cell(0, header.indexOf('DATA WRONG'))).toMatchObject({ foreground: 5, isBold: true });
  // The first row of a frame may be there before its last one.
  await screen.waitFor('e next failed');
  screen.press('e');
  await screen.waitFor(/5 Checks(.|\n)*≠ failed +plays_have_games/);
  expect(await quit(screen)).toBe(4);
  expect(screen.text()).toMatch(/≠ plays_have_games: .*49(.|\n)*league ran in .*, but its data is wrong/);
  expect(screen.text()).toContain('1 passed, 1 warned, 1 failed');
});

test.each([
  ['NO_COLOR', [], { NO_COLOR: '1' }, '≠ DATA WRONG 00:00   ✓2 ≠1 !1'],
  ['--ascii', ['--ascii'], {}, '# DATA WRONG 00:00   +2 #1 !1'],
] as const)('with %s wrong data has an icon and a text', async (_, args, env, header) => {
  const screen = open(wrong, { columns: 80, rows: 24 }, args, env);
  await screen.waitFor('DATA WRONG');
  expect(screen.rows()[0]?.replace(/\d\d:\d\d/, '00:00')).toContain(header);
  expect(await quit(screen)).toBe(4);
});

test('a success with warnings and degraded tasks says so on the screen and in the summary', async () => {
  const pipeline = wrong
    .replace('SELECT 49', 'SELECT 0')
    .replace('{ command: "echo loaded" }', '{ command: "exit 1", fallback: { command: "true", note: of yesterday } }');
  const screen = open(pipeline, { columns: 80, rows: 24 });
  await screen.waitFor('SUCCESS');
  expect(screen.rows()[0]).toMatch(/✓1 ≈1 !1/);
  expect(await quit(screen)).toBe(0);
  expect(screen.text()).toMatch(/league succeeded in \S+, with 1 warning and 1 degraded task/);
});
