import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
name: nfl
tasks:
  games: { command: "echo loaded; echo '{\\"rows\\":1234}' >> $ETL_TASK_REPORT" }
  odds: { command: "echo no odds in attempt $ETL_ATTEMPT; exit 3", retries: 1, backoff: { initial: 10ms } }
  mart: { command: "true", dependencies: [odds] }
`;

let project: Project;
let logs: string;
let run: string;
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  project = createProject(pipeline);
  expect((await project.call(['run'])).code).toBe(1);
  logs = join(project.directory, 'logs/etl');
  [run = ''] = readdirSync(join(logs, 'runs'));
  const names = [`parallel_run_${run}.json`, `consistency_${run}.json`, `performance/execution_${run}.json`];
  files = new Map(names.map((name) => [name, readFileSync(join(logs, name), 'utf8')]));
});
afterAll(() => project.remove());

const damages: readonly (readonly [string, (path: string, text: string) => void])[] = [
  ['gone', (path) => rmSync(path)],
  ['half written', (path, text) => writeFileSync(path, text.slice(0, text.length / 2))],
  ['empty', (path) => writeFileSync(path, '')],
];

describe('a run whose result files are', () => {
  test.each(damages)('%s is told from its journal, and they are written again on demand', async (_, damage) => {
    const { call } = project;
    for (const [name, text] of files) damage(join(logs, name), text);
    const shown = await call(['show', 'latest', '--json']);
    expect(shown.code).toBe(0);
    expect(shown.err).toContain(`warning[run/no-result]: Run ${run} has ended, but some results are missing`);
    expect(shown.err).toContain(`etl-tui show ${run} --rebuild`);
    const { status, result } = JSON.parse(shown.out) as Shown;
    expect([status, result.verdict]).toEqual(['failed', 'task-failed']);
    expect(result.results.map(({ task, status: how, attempts, rows }) => [task, how, attempts, rows])).toEqual([
      ['games', 'success', 1, 1234],
      ['odds', 'failed', 2, undefined],
      ['mart', 'upstream_failed', 0, undefined],
    ]);
    const page = join(project.directory, 'page.html');
    expect((await call(['report', 'latest', '--html', page])).code).toBe(0);
    expect(readFileSync(page, 'utf8')).toContain('exit code 3');
    const [listed] = JSON.parse((await call(['history', '--json'])).out) as readonly object[];
    expect(listed).toMatchObject({ run_id: run, status: 'failed', tasks: 3, failed: 1 });
    const rebuilt = await call(['show', 'latest', '--rebuild']);
    expect([rebuilt.code, rebuilt.err]).toEqual([0, '']);
    expect(rebuilt.out).toContain(`parallel_run_${run}.json`);
    for (const [name, text] of files) expect(readFileSync(join(logs, name), 'utf8')).toBe(text);
  });

  test('partly gone is told from what is left and from its journal', async () => {
    rmSync(join(logs, `parallel_run_${run}.json`));
    const shown = await project.call(['show', 'latest']);
    expect(shown.out).toContain('✗ nfl failed in');
    expect(shown.out).toContain('at once');
    expect(shown.out).not.toContain(`parallel_run_${run}.json`);
    expect(shown.err).toContain(`parallel_run_${run}.json" is missing or not whole`);
    await project.call(['show', 'latest', '--rebuild']);
  });
});

test('the results of a run whose process died right after its end can be written', async () => {
  const { call } = project;
  for (const name of files.keys()) rmSync(join(logs, name));
  writeFileSync(
    join(logs, 'runs', run, 'owner.json'),
    JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), boot: 'earlier' }),
  );
  expect((await call(['show', 'latest'])).err).toContain('run/no-result');
  const rebuilt = await call(['show', 'latest', '--rebuild']);
  expect([rebuilt.code, rebuilt.err]).toEqual([0, '']);
  for (const [name, text] of files) expect(readFileSync(join(logs, name), 'utf8')).toBe(text);
  expect((await call(['trends'])).out).toContain('odds');
});

test('a run that was interrupted has no results to write', async () => {
  const journal = join(logs, 'runs', run, 'journal.jsonl');
  const text = readFileSync(journal, 'utf8');
  const end = text.indexOf('{"seq":', text.indexOf('"task.finished"'));
  writeFileSync(journal, text.slice(0, end));
  for (const name of files.keys()) rmSync(join(logs, name));
  const rebuilt = await project.call(['show', 'latest', '--rebuild']);
  expect(rebuilt.code).toBe(2);
  expect(rebuilt.err).toContain(`error[run/no-result]: run ${run} has no results: it was interrupted before its end`);
});

type Shown = {
  readonly status: string;
  readonly result: {
    readonly verdict: string;
    readonly results: readonly { task: string; status: string; attempts: number; rows?: number }[];
  };
};
