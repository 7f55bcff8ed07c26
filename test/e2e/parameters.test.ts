import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const lines = (name: string) => readFileSync(join(project.directory, name), 'utf8').trim().split('\n');
const dayOf = (offset: number, from = Date.now()) => new Date(from + offset * 86_400_000).toISOString().slice(0, 10);

/** What the work gives, and the day of it: it is done again when the day changes meanwhile. */
async function onOneDay<Value>(work: () => Promise<Value>): Promise<readonly [string, Value]> {
  for (;;) {
    const before = dayOf(0);
    const value = await work();
    if (dayOf(0) === before) return [before, value];
  }
}

describe('a date counted from the start', () => {
  const pipeline = `version: 1
name: daily
params:
  day: { type: date, default: yesterday }
tasks:
  load: { command: 'echo "$ETL_PARAM_DAY $ETL_PARAM_DAY_YYYYMMDD $ETL_PARAM_DAY_NEXT $OF_DAY" > load.txt', env: { OF_DAY: "of \${param:day}" } }
checks:
  - { name: seen, command: 'echo "$ETL_PARAM_DAY_YEAR-$ETL_PARAM_DAY_MONTH-$ETL_PARAM_DAY_DAY" > check.txt' }
`;

  test('reaches tasks and checks with its parts, and is told in the log and the plan', async () => {
    project = createProject(pipeline);
    const [today, ended] = await onOneDay(() => project.call(['run', '--ci']));
    const day = dayOf(-1, Date.parse(today));
    expect(lines('load.txt')).toEqual([`${day} ${day.replaceAll('-', '')} ${today} of ${day}`]);
    expect(lines('check.txt')).toEqual([day]);
    expect(ended.out).toContain(`with day=${day}`);
    const planned = await project.call(['plan', '--json', '-p', 'day=2024-01-31']);
    expect(JSON.parse(planned.out).params).toEqual({ day: '2024-01-31' });
    expect((await project.call(['run', '--dry-run', '-p', 'day=2024-01-31'])).out).toContain('with day=2024-01-31\n');
    await expectCleanAftermath({ directory: project.directory, ended });
  });

  test('is refused with a hint, and nothing starts', async () => {
    project = createProject(pipeline);
    const ended = await project.call(['run', '--ci', '-p', 'day=31.01.2024']);
    expect([ended.code, ended.out]).toEqual([2, '']);
    expect(ended.err).toContain('parameter "day" cannot be "31.01.2024"');
    expect(ended.err).toContain('did you mean "2024-01-31"?');
  });
});

test('a run that is resumed on another day keeps the date with which it was started, and so do its results', async () => {
  project = createProject(`version: 1
name: daily
params: { day: { type: date, default: yesterday }, from: { type: month, default: last month } }
tasks:
  extract: { command: 'echo "$ETL_PARAM_DAY $ETL_PARAM_FROM" >> days.txt' }
  load: { command: 'echo "$ETL_PARAM_DAY $ETL_PARAM_FROM" >> days.txt; test -e go', dependencies: [extract] }
`);
  // As a run of some earlier day would have noted it.
  expect((await project.call(['run', '--ci', '-p', 'day=2024-02-29', '-p', 'from=2024-01'])).code).toBe(1);
  expect((await project.call(['run', '--ci', '--resume'])).code).toBe(1);
  await project.call(['run', '--ci', '--resume', '-p', 'day=2024-02-29']);
  // The first task was not run again, because none of its parameters has changed.
  expect(lines('days.txt')).toEqual(Array(4).fill('2024-02-29 2024-01'));
  const changed = await project.call(['run', '--ci', '--resume', '-p', 'day=2024-03-01']);
  expect(changed.out).toContain('re-run: extract');
  expect(lines('days.txt').slice(4)).toEqual(Array(2).fill('2024-03-01 2024-01'));
  const shown = JSON.parse((await project.call(['show', 'latest', '--rebuild', '--json'])).out);
  expect(shown.performance.params).toEqual({ day: '2024-03-01', from: '2024-01' });
  expect(shown.performance.moments).toEqual(['day', 'from']);
});

test('days that are missing are made up for by a range, each of them once, and resumed in the middle', async () => {
  project = createProject(`version: 1
name: backfill
params: { day: { type: date, default: yesterday } }
tasks:
  load:
    matrix: { day: "\${param:day}" }
    command: 'test ! -e "bad-$ETL_MATRIX_DAY"; echo "$ETL_MATRIX_DAY_YYYYMMDD $ETL_MATRIX_DAY_NEXT" >> days.txt'
`);
  writeFileSync(join(project.directory, 'bad-2024-02-29'), '');
  const failed = await project.call(['run', '--ci', '-p', 'day=2024-02-28..2024-03-01']);
  expect([failed.code, failed.err]).toEqual([1, '']);
  expect(failed.out).toContain('with day=2024-02-28..2024-03-01');
  rmSync(join(project.directory, 'bad-2024-02-29'));
  const resumed = await project.call(['run', '--ci', '--resume']);
  expect([resumed.code, resumed.err]).toEqual([0, '']);
  expect(lines('days.txt').toSorted()).toEqual(['20240228 2024-02-29', '20240229 2024-03-01', '20240301 2024-03-02']);
  const [today] = await onOneDay(() => project.call(['run', '--ci']));
  expect(lines('days.txt').at(-1)).toMatch(new RegExp(`^\\d{8} ${today}$`));
  const refused = await project.call(['run', '--ci', '-p', 'day=2024-03-01..2024-02-28']);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('2024-02-28..2024-03-01')]);
});

test('the load of a day is compared with that of other days, and a list only with itself', async () => {
  project = createProject(`version: 1
name: daily
params: { day: { type: date }, seasons: { type: list, default: [2023] } }
tasks: { load: { command: "true" } }
`);
  const run = (day: string, seasons: string) =>
    project.call(['run', '--ci', '-p', `day=${day}`, '-p', `seasons=${seasons}`]);
  for (const day of ['2024-01-01', '2024-01-02', '2024-01-03']) expect((await run(day, '2024')).code).toBe(0);
  await run('2024-01-03', '2023,2024');
  const last = await run('2024-01-04', '2024');
  expect(last.code).toBe(0);
  const { runs, left_out } = JSON.parse((await project.call(['trends', '--json'])).out);
  expect([runs.length, left_out]).toEqual([4, 1]);
  expect((await project.call(['trends'])).out).toMatch(/^daily: 4 runs with any day, seasons=2024\n/);
});
