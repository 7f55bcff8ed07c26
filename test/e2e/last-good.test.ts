import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';

/** A loader that fails while the file `broken` is there, and what is made of its data; the check looks at a table. */
const pipeline = `
version: 1
name: nightly
params: { day: { default: monday } }
tasks:
  rates:
    command: 'echo "asking for rates"; test ! -e broken || { echo "no route to host" >&2; exit 7; }; cp source rates'
    use_last_good: true
  report: { command: 'cp rates report', dependencies: [rates] }
  games: { command: 'echo games' }
checks:
  - { name: rates_are_sane, sql: SELECT 0, after: [rates], gate: true }
  - { name: games_are_there, sql: SELECT 0, after: [games] }
`;

let database: TestDatabase;
let project: Project;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => project.remove());
afterAll(() => database?.close());

function start(): void {
  project = createProject(pipeline);
  writeFileSync(join(project.directory, 'source'), 'monday\n');
}

const run = (...args: readonly string[]) => project.call(['run', '--ci', ...args], { DATABASE_URL: database.url });
const breakIt = () => writeFileSync(join(project.directory, 'broken'), '');

/** The newest file of this kind; runs of one second are told apart by their number. */
function read<Content>(
  prefix: string,
  seen: ReadonlySet<string>,
): { readonly name: string; readonly content: Content } {
  const logs = join(project.directory, 'logs/etl');
  const names = readdirSync(logs).filter((name) => name.startsWith(prefix) && !seen.has(name));
  expect(names).toHaveLength(1);
  return { name: names[0]!, content: JSON.parse(readFileSync(join(logs, names[0]!), 'utf8')) };
}

type Row = { readonly task: string; readonly completed_at: string; readonly [field: string]: unknown };
type RunFile = { readonly status: string; readonly summary: object; readonly results: readonly Row[] };

test('a run goes on with the last good load of a task that fails, and says since when what is made of it is stale', async () => {
  start();
  expect((await run()).code).toBe(0);
  const good = read<RunFile>('parallel_run_', new Set());
  const since = good.content.results[0]!.completed_at;
  const judged = read('consistency_', new Set()).name;
  breakIt();

  const ended = await run();
  const { out } = ended;
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  expect(out).toMatch(/≈ rates +degraded .*exit code 7, uses its last good load, stale since \d{4}-/);
  expect(out).toContain('no route to host');
  expect(out).toMatch(/≤ report +stale .*since .*: built on an earlier load of "rates"/);
  expect(out).toMatch(/rates_are_sane .*its data is stale since/);
  expect(out).toMatch(/nightly succeeded in \S+, with 1 degraded task and 1 stale task/);

  const { name, content } = read<RunFile>('parallel_run_', new Set([good.name]));
  const stale = { since, task: 'rates', why: 'earlier_load' };
  expect(content.summary).toMatchObject({ success: 3, failed: 0, degraded: 1, stale: 1 });
  expect(content.results).toMatchObject([
    { task: 'rates', status: 'success', error: null, last_failure: 'exit code 7', stale },
    { task: 'report', status: 'success', stale },
    { task: 'games', status: 'success' },
  ]);
  expect(content.results[2]).not.toHaveProperty('stale');
  const checks = read<{ checks: readonly object[] }>('consistency_', new Set([judged])).content.checks;
  expect(checks).toMatchObject([{ check: 'rates_are_sane', status: 'pass', stale }, { check: 'games_are_there' }]);
  expect(checks[1]).not.toHaveProperty('stale');
  const record = join(project.directory, 'logs/etl/performance', name.replace('parallel_run_', 'execution_'));
  expect(JSON.parse(readFileSync(record, 'utf8')).results[0]).toMatchObject({ stale });

  // The journal alone tells the same, also when the records are gone.
  rmSync(join(project.directory, 'logs/etl/performance'), { recursive: true });
  rmSync(join(project.directory, 'logs/etl', name));
  const shown = await project.call(['show', 'latest']);
  expect(shown.out).toMatch(/≈ rates +degraded .*exit code 7, its last good load, stale since/);
  expect(shown.out).toMatch(/≤ report +stale .*built on an earlier load of "rates"/);
});

test('a further failure goes on with the same load, which is no newer for that, and the next success ends it', async () => {
  start();
  await run();
  const { name, content } = read<RunFile>('parallel_run_', new Set());
  breakIt();
  await run('-p', 'day=tuesday');
  const seen = new Set([name, ...readdirSync(join(project.directory, 'logs/etl'))]);
  await run();
  const third = read<RunFile>('parallel_run_', seen);
  expect(third.content.results[0]).toMatchObject({ stale: { since: content.results[0]!.completed_at } });
  rmSync(join(project.directory, 'broken'));
  const { out } = await run();
  expect(out).not.toContain('stale');
});

test('without an earlier good load the task fails as any other, and the run says that there is none', async () => {
  start();
  breakIt();
  const { code, out } = await run();
  expect(code).toBe(1);
  expect(out).toMatch(/✗ rates +failed .*exit code 7, and there is no earlier good load/);
  expect(existsSync(join(project.directory, 'report'))).toBe(false);
});
