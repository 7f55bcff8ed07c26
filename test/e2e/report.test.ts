import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPage, wordsOf } from '../unit/cli/report/read-page.ts';
import { createProject, type Project } from './command-line.ts';

/** The first task goes on until there are samples enough for a chart, however slow the machine is. */
const pipeline = `
version: 1
name: nfl
params: { season: { default: "2024" }, api_token: { default: "hunter2hunter2" } }
pipelines:
  load_parallel: { tasks: [games, odds] }
  mart_parallel: { dependencies: [games, odds], tasks: [mart] }
tasks:
  games: { command: "for i in {1..300}; do [ $(cat logs/etl/runs/$ETL_RUN_ID/samples.jsonl 2>/dev/null | wc -l) -ge 3 ] && break; sleep 0.1; done; echo '{\\"rows\\":1234}' >> $ETL_TASK_REPORT" }
  odds: { command: "echo '</pre><script>alert(1)</script>'; printf 'a\\\\033]0;title\\\\007b\\\\xff\\\\n'; echo $ETL_PARAM_API_TOKEN >&2; exit 3", retries: 1, backoff: { initial: 10ms } }
  mart: { command: "true" }
`;

let project: Project;
let page: string;

beforeAll(async () => {
  project = createProject(pipeline);
  await project.call(['run', '--only', 'games']);
  await project.call(['run']);
  const { code, out, err } = await project.call(['report', 'latest', '--html', 'out/report.html']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^run \d{8}_\d{6}_[a-z0-9]{4}: out\/report\.html \(\d+ KB\)\n$/);
  page = readFileSync(join(project.directory, 'out/report.html'), 'utf8');
});
afterAll(() => project.remove());

describe('report', () => {
  test('writes one page with the outcome, the failures, the timeline, the charts and the runs before', () => {
    const words = wordsOf(page);
    expect(words).toMatch(/✗ FAILED nfl failed in [\d.]+s/);
    expect(words).toContain('odds ✗ failed exit code 3 (2 attempts');
    expect(words).toContain('Not run: 1 task mart: "odds" failed');
    expect(words).toMatch(/Timeline .* games .* Machine and database CPU \d+ % on average/);
    expect(words).toMatch(/games ✓ succeeded [\d.]+s .* load_parallel/);
    expect(words).toMatch(/The last runs .*, this run .* ✗ failed/);
    expect(readPage(page).unbalanced).toEqual([]);
  });

  test('shows what a task printed as text, without secrets', () => {
    expect(page).not.toContain('<script');
    expect(readPage(page).text).toContain('</pre><script>alert(1)</script>');
    expect(page).not.toContain('hunter2');
    expect(wordsOf(page)).toContain('season=2024');
  });

  test('replaces an earlier report, and leaves nothing else behind', async () => {
    const { code } = await project.call(['report', 'latest', '--html', 'out/report.html']);
    expect(code).toBe(0);
    expect(readdirSync(join(project.directory, 'out'))).toEqual(['report.html']);
  });

  test('writes to a device without replacing it', async () => {
    const link = join(project.directory, 'null');
    symlinkSync('/dev/null', link);
    expect((await project.call(['report', 'latest', '--html', 'null'])).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect((await project.call(['run', '--only', 'mart', '--junit', 'null'])).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test('refuses a pipe at once, which might have no reader', async () => {
    execFileSync('mkfifo', [join(project.directory, 'pipe')]);
    const { code, err } = await project.call(['report', 'latest', '--html', 'pipe']);
    expect(err).toContain('pipe": it is not a regular file');
    expect(code).toBe(3);
  });

  test.each([
    [['report', 'nothing', '--html', 'x.html'], 2, 'error[run/unknown-run]: there is no run "nothing"'],
    [['report', 'latest'], 2, 'required option "--html <FILE>" not specified'],
    [['report', 'latest', '--html', 'taken'], 3, 'error[run/cannot-write]: Cannot write "'],
    [['report', 'latest', '--html', 'a/b/x.html'], 3, 'there is no such directory'],
  ])('refuses %j with exit code %i', async (args, exitCode, message) => {
    mkdirSync(join(project.directory, 'taken'), { recursive: true });
    const { code, err, out } = await project.call(args);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: exitCode, out: '' });
    expect(existsSync(join(project.directory, 'x.html'))).toBe(false);
  });

  test('of a run of which only the performance record is left tells what that knows', async () => {
    const other = createProject(pipeline);
    await other.call(['run', '--only', 'games,odds']);
    const logs = join(other.directory, 'logs/etl');
    const [run = ''] = readdirSync(join(logs, 'runs'));
    for (const name of ['runs', `parallel_run_${run}.json`, `consistency_${run}.json`]) {
      rmSync(join(logs, name), { recursive: true });
    }
    expect((await other.call(['report', run, '--html', 'x.html'])).code).toBe(0);
    const words = wordsOf(readFileSync(join(other.directory, 'x.html'), 'utf8'));
    expect(words).toContain('odds ✗ failed exit code 3');
    expect(words).toMatch(/Timeline .* games/);
    other.remove();
  });

  test('of a run that is under way tells how far it has come', async () => {
    const other = createProject(
      'name: long\ntasks: { wait: { command: "echo begun; until [ -e go ]; do sleep 0.05; done" } }\n',
    );
    const run = other.start(['run']);
    const runs = join(other.directory, 'logs/etl/runs');
    await expect
      .poll(() => existsSync(runs) && readdirSync(runs).some((id) => existsSync(join(runs, id, 'tasks/wait/1.log'))))
      .toBe(true);
    expect((await other.call(['report', 'latest', '--html', 'x.html'])).code).toBe(0);
    expect(wordsOf(readFileSync(join(other.directory, 'x.html'), 'utf8'))).toMatch(
      /RUNNING long is running for .* 1 running/,
    );
    writeFileSync(join(other.directory, 'go'), '');
    await run.ended;
    other.remove();
  });
});
