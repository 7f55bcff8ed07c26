import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { readHandoffs } from '../support/handoffs.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';
import { createUiProject } from './ui-project.ts';

let project: Project | undefined;
afterEach(() => project?.remove());

const receivers =
  'handoffs: { on_failure: { to: On-call }, on_degradation: { to: Platform }, on_success: { to: Research, dataset: margins, every: 24h } }';

describe('a task that failed for good is handed to whom the pipeline says', () => {
  test('with all that is needed to act: the error, what it blocks, its last lines, when a retry makes sense', async () => {
    project = createProject(`version: 1
name: shop
${receivers}
tasks:
  prices:
    command: |
      for n in $(seq 30); do echo "line $n"; done
      echo '{"retry_after_seconds":600,"quota_remaining":0}' >> "$ETL_TASK_REPORT"
      echo 'HTTP 429: too many requests' >&2
      exit 3
    retries: 1
    backoff: { initial: 10ms, max_retry_after: 10ms }
pipelines:
  level_0_parallel: [prices]
  level_1_parallel: { dependencies: [prices], tasks: [{ name: margins, command: "true" }, { name: report, command: "true" }] }
`);
    const { code, out, err } = await project.call(['run']);
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(
      /\n {2}hand-off {2}handoffs\/active\/pipeline_task_failed_\S+_prices\.yaml\n {2}resume {4}etl-tui run --resume\n$/,
    );
    const [failed, ...others] = readHandoffs(project.directory);
    expect(others).toEqual([]);
    expect(failed?.document).toMatchObject({
      handoff: 'pipeline_task_failed',
      to: 'On-call',
      urgency: 'high',
      summary: 'prices failed: exit code 3: HTTP 429: too many requests; 2 tasks were not run because of it',
      pipeline: 'shop',
      failed_task: 'prices',
      level: 'level_0_parallel',
      error: 'exit code 3: HTTP 429: too many requests',
      attempts: 2,
      blocked_tasks: ['margins', 'report'],
      blocked_count: 2,
      also_failed: [],
      retry_after_seconds: 600,
      quota_remaining: 0,
      workaround: null,
      retry_command: 'etl-tui run pipeline.yaml --from prices',
    });
    const { document } = failed!;
    expect(document['last_lines']).toHaveLength(20);
    expect(document['last_lines']).toContain('HTTP 429: too many requests');
    expect(readFileSync(String(document['log']), 'utf8')).toContain('line 30');
    const wait = Date.parse(String(document['estimated_retry_at'])) - Date.parse(String(document['failed_at']));
    expect(wait).toBe(600_000);
  });

  test('whatever it printed, as plain text', async () => {
    const hostile =
      "': &x *y !!js/function >- | # {a: [b]} %%TAG\\n---\\n\\033[2J\\033]0;title\\a\\377\\376\\x00 end\\n'";
    project = createProject(
      `version: 1\nname: shop\n${receivers}\ntasks:\n  load: { command: ["bash", "-c", "printf ${hostile.replaceAll('\\', '\\\\')} >&2; printf 'x%.0s' $(seq 3000) >&2; exit 1"] }\n`,
    );
    expect((await project.call(['run'])).code).toBe(1);
    const [failed] = readHandoffs(project.directory);
    const lines = failed?.document['last_lines'] as readonly string[];
    expect(lines[0]).toBe(': &x *y !!js/function >- | # {a: [b]} %TAG');
    expect(lines[1]).toBe('---');
    expect(failed?.text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(500);
  });

  test('once, however often the run ends: a retry that fails again changes the file, one that succeeds closes it', async () => {
    const ui = createUiProject(
      `version: 1\nname: shop\n${receivers}\ntasks:\n  load: { command: "echo try >> tries; test -e mended" }\n  mart: { command: "true", dependencies: [load] }\n`,
    );
    onTestFinished(() => ui.close());
    const screen = ui.open();
    await screen.waitFor('FAILED');
    const active = () => readHandoffs(ui.directory).map(({ document }) => document);
    await expect.poll(active).toMatchObject([{ failed_task: 'load', attempts: 1 }]);
    const [first] = active();
    expect(first).not.toHaveProperty('updated_at');
    screen.press('e', 'r');
    await expect
      .poll(active)
      .toMatchObject([
        { failed_task: 'load', attempts: 2, created_at: first?.['created_at'], updated_at: expect.anything() },
      ]);
    ui.touch('mended');
    screen.press('r');
    await screen.waitFor('SUCCESS');
    await expect.poll(active).toMatchObject([{ handoff: 'features_dataset_updated' }]);
    expect(readHandoffs(ui.directory, 'done').map(({ document }) => document)).toMatchObject([
      { failed_task: 'load', attempts: 2, closed: { by: 'etl-tui', note: 'load succeeded in attempt 3' } },
    ]);
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
  });

  test('with the parameters of the run in the commands that do it again, but for those that have their defaults', async () => {
    project = createProject(`version: 1
name: shop
${receivers}
params: { season: { default: "2024" }, week: { default: "1" } }
tasks:
  load: { command: "exit 3" }
checks:
  - { name: all_there, command: "exit 1" }
`);
    await project.call(['run', '-p', 'season=2019 to 2021', '-p', 'week=1']);
    const documents = readHandoffs(project.directory).map(({ document }) => document);
    expect(documents).toMatchObject([
      { check_command: "etl-tui check pipeline.yaml -p 'season=2019 to 2021'" },
      { retry_command: "etl-tui run pipeline.yaml --from load -p 'season=2019 to 2021'" },
    ]);
  });

  test('and when its last good load stood in for it', async () => {
    project = createProject(
      `version: 1\nname: shop\n${receivers}\ntasks:\n  odds: { command: "test -e good && rm good", use_last_good: true }\n`,
    );
    writeFileSync(join(project.directory, 'good'), '');
    expect((await project.call(['run'])).code).toBe(0);
    expect((await project.call(['run'])).code).toBe(0);
    const documents = readHandoffs(project.directory).map(({ document }) => document);
    expect(documents.find(({ handoff }) => handoff === 'pipeline_task_failed')).toMatchObject({
      workaround: 'its last good load',
      summary: 'odds failed, and the run continued with its last good load: exit code 1',
      action_required: expect.stringMatching(/^none for now: the run used its last good load; /),
    });
  });

  test('and when a fallback stood in for it, with what is in use instead, as nothing urgent', async () => {
    project = createProject(
      `version: 1\nname: shop\n${receivers}\ntasks:\n  odds: { command: "echo no answer >&2; exit 7", fallback: { command: "true", note: odds of yesterday } }\n`,
    );
    expect((await project.call(['run'])).code).toBe(0);
    const [updated, failed] = readHandoffs(project.directory).map(({ document }) => document);
    expect(failed).toMatchObject({
      failed_task: 'odds',
      urgency: 'low',
      workaround: 'odds of yesterday',
      error: 'exit code 7: no answer',
      summary: 'odds failed, and the run continued with odds of yesterday: exit code 7: no answer',
    });
    expect(updated).toMatchObject({
      handoff: 'features_dataset_updated',
      degraded: [{ task: 'odds', note: 'odds of yesterday' }],
      action_required: expect.stringContaining('degraded'),
    });
  });
});

test('a place that cannot be written is a warning, and the run does not fail', async () => {
  project = createProject(`version: 1\nname: shop\n${receivers}\ntasks:\n  load: { command: "true" }\n`);
  writeFileSync(join(project.directory, 'handoffs'), 'in the way');
  const ended = await project.call(['run']);
  const { err } = ended;
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  expect(err).toMatch(/warning.*run\/cannot-write/);
  expect(err).toContain('handoffs.directory');
});

test('wrong data is handed over as wrong data, and no data set is said to be up to date', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  project = createProject(`version: 1
name: shop
${receivers}
tasks:
  load: { command: "true", connections: 1 }
  mart: { command: "true", dependencies: [load] }
checks:
  - { name: no_row_twice, sql: "SELECT 3", after: [load], gate: true, description: one row per order }
  - { name: nonsense, sql: "SELECT nothing_there", after: [load], gate: [mart] }
  - { name: only_a_warning, sql: "SELECT 1", on_fail: warn, after: [load] }
`);
  const { code } = await project.call(['run'], { DATABASE_URL: database.url });
  expect(code).not.toBe(0);
  const documents = readHandoffs(project.directory).map(({ document }) => document);
  expect(documents.map(({ failed_check: check, status }) => [check, status])).toEqual([
    ['no_row_twice', 'fail'],
    ['nonsense', 'error'],
  ]);
  expect(documents[0]).toMatchObject({
    handoff: 'data_check_failed',
    to: 'On-call',
    urgency: 'high',
    kind: 'sql',
    expected: 'one row per order',
    gate: true,
    after: ['load'],
    blocked_tasks: ['mart'],
    also_failed: ['nonsense'],
    check_command: 'etl-tui check pipeline.yaml',
  });
  expect(documents[1]).toMatchObject({ gate: true });
  expect(existsSync(String(documents[0]?.['report']))).toBe(true);
});

test('a data set that is up to date: where it is, how many rows, what the checks said, when it is renewed', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  project = createProject(`version: 1
name: shop
${receivers}
tasks:
  orders: { command: "echo '{\\"rows\\":40}' >> $ETL_TASK_REPORT", connections: 1 }
  margins: { command: "mkdir -p data; echo x > data/margins.csv; echo '{\\"rows\\":12}' >> $ETL_TASK_REPORT", dependencies: [orders], outputs: [data/margins.csv] }
checks:
  - { name: right, sql: "SELECT 0" }
  - { name: odd, sql: "SELECT 2", on_fail: warn }
`);
  const env = { DATABASE_URL: database.url };
  expect((await project.call(['run'], env)).code).toBe(0);
  const [updated] = readHandoffs(project.directory).map(({ document }) => document);
  expect(updated).toMatchObject({
    to: 'Research',
    dataset: 'margins',
    location: {
      project: project.directory,
      files: ['data/margins.csv'],
      database: expect.stringContaining('127.0.0.1'),
    },
    row_count: 12,
    rows_by_task: { orders: 40, margins: 12 },
    validation: {
      status: 'passed_with_warnings',
      checks: { pass: 1, warn: 1, fail: 0 },
      warnings: [expect.stringMatching(/^odd: /)],
    },
    left_out: [],
    degraded: [],
  });
  expect((await project.call(['run', '--until', 'orders'], env)).code).toBe(0);
  expect(readHandoffs(project.directory)).toHaveLength(1);
  expect((await project.call(['run', '--from', 'margins', '--no-checks'], env)).code).toBe(0);
  expect(readHandoffs(project.directory).at(-1)?.document).toMatchObject({
    left_out: ['orders'],
    validation: { status: 'not_validated' },
    action_required: expect.stringContaining('not checked'),
  });
});

test('a run that is much slower than usual tells by how much, and which task it was', async () => {
  project = createProject(
    `version: 1\nname: shop\n${receivers}\ntasks:\n  load: { command: 'sleep "\${SECONDS_TO_TAKE:-0}"' }\n  other: { command: "true" }\n`,
  );
  for (let run = 0; run < 3; run += 1) expect((await project.call(['run'])).code).toBe(0);
  expect(
    readHandoffs(project.directory).some(({ document }) => document['handoff'] === 'performance_degradation'),
  ).toBe(false);
  const runs = JSON.parse((await project.call(['history', '--json'])).out) as readonly {
    total_duration_seconds: number;
  }[];
  const longest = Math.max(...runs.map(({ total_duration_seconds: seconds }) => seconds));
  expect((await project.call(['run'], { SECONDS_TO_TAKE: String(2.5 + longest) })).code).toBe(0);
  const slow = readHandoffs(project.directory).find(
    ({ document }) => document['handoff'] === 'performance_degradation',
  );
  expect(slow?.document).toMatchObject({
    to: 'Platform',
    reasons: ['slower_than_usual'],
    compared_runs: 3,
    bottleneck: { kind: 'task', name: 'load' },
    slower_tasks: expect.arrayContaining([expect.objectContaining({ task: 'load' })]),
    suggestion: expect.stringContaining('load'),
  });
  expect(slow?.document['slowdown']).toBeGreaterThan(1.5);
});

describe('etl-tui handoffs', () => {
  test('lists what is active, and closes one with who, when and why', async () => {
    project = createProject(`version: 1\nname: shop\n${receivers}\ntasks:\n  load: { command: "exit 1" }\n`);
    expect(await project.call(['handoffs', 'list'])).toMatchObject({
      code: 0,
      err: 'no active hand-offs in handoffs\n',
    });
    await project.call(['run']);
    const listed = await project.call(['handoffs', 'list']);
    expect(listed.out).toMatch(
      /^type +to +urgency +subject +age +file\npipeline_task_failed +On-call +normal +load +\S+ +handoffs\/active\/pipeline_task_failed_\S+_load\.yaml\n$/,
    );
    const [row] = JSON.parse((await project.call(['handoffs', 'list', '--json'])).out);
    expect(row).toMatchObject({ state: 'active', subject: 'load', document: { failed_task: 'load' } });
    expect((await project.call(['handoffs', 'close', 'laod'])).code).toBe(2);
    const closed = await project.call(['handoffs', 'close', 'load', '--note', 'the disk: full']);
    expect(closed).toMatchObject({ code: 0, out: expect.stringMatching(/^closed: handoffs\/done\/.*_load\.yaml\n$/) });
    expect(readHandoffs(project.directory)).toEqual([]);
    expect(readHandoffs(project.directory, 'done')[0]?.document).toMatchObject({ closed: { note: 'the disk: full' } });
    expect((await project.call(['handoffs', 'list', '--all'])).out).toContain(' done ');
  });

  test('finds the directory that the pipeline names, also from below it', async () => {
    project = createProject(
      `version: 1\nname: shop\nhandoffs: { directory: out/told, on_failure: { to: x } }\ntasks:\n  load: { command: "exit 1" }\n`,
    );
    await project.call(['run']);
    mkdirSync(join(project.directory, 'below'));
    expect(readHandoffs(project.directory, 'active', 'out/told')).toHaveLength(1);
    expect((await project.call(['handoffs', 'list'])).out).toContain('out/told/active');
  });
});

test.each([
  ['on the screen', [], {}, 1],
  ['beside a log', ['--ci'], {}, 1],
  ['not when it is turned off', ['--ci'], { ETL_TUI_BELL: '0' }, 0],
])('the bell of the terminal rings once when a run has failed: %s', async (_, args, env, times) => {
  const ui = createUiProject('version: 1\nname: shop\ntasks:\n  load: { command: "exit 1" }\n');
  onTestFinished(() => ui.close());
  const screen = ui.open(args, { env });
  await screen.waitFor(/FAILED|failed/);
  await expect.poll(() => ui.result() !== undefined).toBe(true);
  if (args.length === 0) screen.press('q');
  await screen.waitForExit();
  expect(screen.sent.split('\x07').length - 1).toBe(times);
});
