import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const write = (name: string, text: string) => writeFileSync(join(project.directory, name), text);
const begun = (): readonly string[] => {
  const path = join(project.directory, 'ran');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').toSorted() : [];
};
const eventsOf = (): readonly { readonly type: string; readonly task?: string }[] => {
  const runs = join(project.directory, 'logs/etl/runs');
  const [run] = readdirSync(runs);
  return readFileSync(join(runs, run!, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

const seasons = `
version: 1
name: seasons
params: { seasons: { default: "2022,2023,2024" } }
tasks:
  load:
    command: 'echo "load $ETL_MATRIX_SEASON" >>ran; test ! -e bad-$ETL_MATRIX_SEASON; echo x >"$FILE"'
    env: { FILE: "out-\${matrix:season}.csv" }
    outputs: ["out-\${matrix:season}.csv"]
    matrix: { season: "\${param:seasons}" }
  derive:
    command: 'echo "derive $ETL_MATRIX_SEASON" >>ran; test ! -e slow-$ETL_MATRIX_SEASON || sleep 300'
    dependencies: [load]
    matrix: { season: "\${param:seasons}" }
  report: { command: echo report >>ran, dependencies: [derive] }
`;

describe('a matrix', () => {
  test('runs each instance with its values, its log and its outputs', async () => {
    project = createProject(seasons);
    const planned = await project.call(['run', '--dry-run']);
    expect(planned.out).toContain('load[season=2022]');
    const run = await project.call(['run', '--ci', '-p', 'seasons=2023,2024']);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(begun()).toEqual(['derive 2023', 'derive 2024', 'load 2023', 'load 2024', 'report']);
    expect(run.out).toMatch(/✓ derive\[season=2024\]/);
    const [directory] = readdirSync(join(project.directory, 'logs/etl/runs'));
    const stored = join(project.directory, 'logs/etl/runs', directory!, 'pipeline.json');
    expect(JSON.parse(readFileSync(stored, 'utf8')).values).toEqual({ params: { seasons: ['2023', '2024'] } });
  });

  test('goes on beside a failed instance, which is run again alone by a resume', async () => {
    project = createProject(seasons);
    write('bad-2023', '');
    const run = await project.call(['run', '--ci']);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/✗ load\[season=2023\]/);
    expect(begun()).toEqual(['derive 2022', 'derive 2024', 'load 2022', 'load 2023', 'load 2024']);
    rmSync(join(project.directory, 'bad-2023'));
    const resumed = await project.call(['run', '--resume']);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(begun().filter((one) => one.includes('2022'))).toEqual(['derive 2022', 'load 2022']);
    expect(begun().filter((one) => one.includes('2023'))).toEqual(['derive 2023', 'load 2023', 'load 2023']);
    // The values of the run hold, whatever the default is now.
    expect((await project.call(['show', 'latest'])).out).toContain('load[season=2023]');
  });

  test('is resumed in the middle after a kill, with each instance done once', async () => {
    project = createProject(seasons);
    write('slow-2023', '');
    const run = project.start(['run', '--ci', '-p', 'seasons=2022,2023,2024']);
    await expect.poll(begun).toContain('derive 2023');
    await expect.poll(() => eventsOf().filter(({ type }) => type === 'task.finished').length).toBe(5);
    run.child.kill('SIGKILL');
    await run.ended;
    renameSync(join(project.directory, 'slow-2023'), join(project.directory, 'was-slow'));
    const resumed = await project.call(['run', '--resume']);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(begun()).toEqual([
      'derive 2022',
      'derive 2023',
      'derive 2023',
      'derive 2024',
      'load 2022',
      'load 2023',
      'load 2024',
      'report',
    ]);
    const replayed = await project.call(['show', 'latest', '--json']);
    expect(JSON.parse(replayed.out).result.results).toHaveLength(7);
    expect((await project.call(['logs', 'latest', 'derive[season=2023]', '--attempt', '1'])).code).toBe(0);
  });

  test('is counted as a task and by its instances', async () => {
    project = createProject(`${seasons}
  list: { command: "printf 'a\\nb\\n' >feeds.txt" }
  feed: { command: "true", matrix: { feed: { lines: feeds.txt, from: list } } }
`);
    const many = '5 tasks, 3 of them with a matrix (6 instances, others not known yet)';
    const counts = { tasks: 5, for_many_values: 3, instances: 6, instances_known: false };
    for (const call of [['validate'], ['doctor']])
      expect((await project.call(call)).out).toContain(`is valid: ${many}`);
    expect(JSON.parse((await project.call(['validate', '--format', 'json'])).out).counts).toEqual(counts);
    for (const call of [['plan'], ['run', '--dry-run']])
      expect((await project.call(call)).out).toContain(`seasons: ${many} in `);
    expect(JSON.parse((await project.call(['plan', '--json'])).out).counts).toEqual(counts);
    const known = await project.call(['plan', '--only', 'load,derive']);
    expect(known.out).toContain('seasons: 2 tasks with a matrix (6 instances) in 2 waves');
    expect((await project.call(['run', '--ci', '--only', 'list,feed'])).out).toContain(
      'seasons: 2 tasks, 1 of them with a matrix (instances not known yet), up to',
    );
  });

  test('that cannot be run with the default of its parameter is a mistake of the file', async () => {
    project = createProject(`params: { seasons: { type: list, default: [2022, 2023] }, day: { type: date } }
tasks:
  load: { command: "true", matrix: { season: [2022] } }
  derive: { command: "true", dependencies: [load], matrix: { season: "\${param:seasons}" } }
`);
    const mistake = '"derive[season=2023]" depends on "load", which has no instance with the same values';
    const validated = await project.call(['validate']);
    expect([validated.code, validated.out]).toEqual([2, expect.stringContaining(mistake)]);
    expect((await project.call(['doctor'])).out).toContain(mistake);
    const drawn = await project.call(['graph']);
    expect([drawn.code, drawn.err]).toEqual([2, expect.stringContaining(mistake)]);
    // A value that is missing concerns nothing that is drawn.
    const other = await project.call(['graph', '-p', 'seasons=2022']);
    expect([other.code, other.err]).toEqual([0, '']);
    expect(other.out).toContain('derive[season=2022]');
  });

  test('may be run for one value', async () => {
    project = createProject(seasons);
    const run = await project.call(['run', '--ci', '--only', 'load[season=2023],derive[season=2023]']);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(begun()).toEqual(['derive 2023', 'load 2023']);
  });

  test('of many instances has a line for every tenth of them', async () => {
    const values = Array.from({ length: 30 }, (_, at) => at).join(', ');
    project = createProject(`tasks: { t: { command: ["true"], matrix: { k: [${values}] } } }\n`);
    const planned = await project.call(['run', '--dry-run']);
    expect(planned.out).toContain('t: 30 instances, t[k=0], t[k=1] and 28 more');
    const run = await project.call(['run', '--ci']);
    expect(run.code).toBe(0);
    expect(run.out.split('\n').filter((line) => line.includes(' of 30 instances'))).toHaveLength(10);
    expect(run.out).not.toContain('t[k=');
  });

  test('says what is wrong with it, and where', async () => {
    project = createProject(`tasks:
  a: { command: [x], matrix: { season: [2023, 2023] } }
  b: { command: [x], matrix: { season: "\${param:saesons}" } }
  c: { command: [x], matrix: { Season: [1] } }
`);
    const validated = await project.call(['validate']);
    expect(validated.code).toBe(2);
    for (const text of [
      '"season" names "2023" twice',
      'there is no parameter "saesons"',
      '"Season" is not a valid name',
    ])
      expect(validated.out).toContain(text);
  });
});

describe('a matrix from a file of an earlier task', () => {
  const feeds = `
version: 1
name: feeds
tasks:
  filter: { command: 'echo filter >>ran; cp wanted.txt feeds.txt', outputs: [feeds.txt] }
  load:
    command: 'echo "load $ETL_MATRIX_FEED" >>ran; test ! -e stop || sleep 300; test "$ETL_MATRIX_FEED" != bad'
    matrix: { feed: { lines: feeds.txt, from: filter } }
  check: { command: 'echo "check $ETL_MATRIX_FEED" >>ran', dependencies: [load], matrix: { feed: { lines: feeds.txt, from: filter } } }
  report: { command: echo report >>ran, dependencies: [check] }
`;

  test('is one task in the plan, and as many as there are lines in the run', async () => {
    project = createProject(feeds);
    write('wanted.txt', 'a\ns3://b/c\n');
    const planned = await project.call(['run', '--dry-run']);
    expect(planned.out).toContain('load[feed=*]');
    const run = await project.call(['run', '--ci']);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(begun()).toEqual(['check a', 'check s3://b/c', 'filter', 'load a', 'load s3://b/c', 'report']);
    expect(run.out).toContain('load[feed=s3:%2F%2Fb%2Fc]');
    const { out } = await project.call(['show', 'latest', '--json']);
    const tasks = JSON.parse(out).result.results.map(({ task }: { readonly task: string }) => task);
    expect(tasks).toEqual([
      'filter',
      'load[feed=a]',
      'load[feed=s3:%2F%2Fb%2Fc]',
      'check[feed=a]',
      'check[feed=s3:%2F%2Fb%2Fc]',
      'report',
    ]);
  });

  test('goes on with the list of the journal when it is resumed, whatever is in the file now', async () => {
    project = createProject(feeds);
    write('wanted.txt', 'a\nb\n');
    write('stop', '');
    const run = project.start(['run', '--ci']);
    await expect.poll(begun).toEqual(['filter', 'load a', 'load b']);
    run.child.kill('SIGKILL');
    await run.ended;
    rmSync(join(project.directory, 'stop'));
    write('wanted.txt', 'c\n');
    write('feeds.txt', 'c\n');
    const resumed = await project.call(['run', '--resume']);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(resumed.out).toContain('reused: filter');
    expect(begun()).toEqual(['check a', 'check b', 'filter', 'load a', 'load a', 'load b', 'load b', 'report']);
    expect((await project.call(['report', 'latest', '--html', 'page.html'])).code).toBe(0);
  });

  test.each([
    ['a line twice', 'a\nb\na\n', 'the value "a" twice'],
    ['an empty line', 'a\n\nb\n', 'an empty value, in'],
    ['no file', undefined, 'did not write feeds.txt'],
  ])('makes the task fail that writes it: %s', async (_, lines, why) => {
    project = createProject(
      feeds.replace(', outputs: [feeds.txt]', '').replace('cp wanted.txt', 'test ! -e wanted.txt || cp wanted.txt'),
    );
    if (lines !== undefined) write('wanted.txt', lines);
    const run = await project.call(['run', '--ci']);
    expect(run.code).toBe(1);
    expect(run.out).toContain(why);
    expect(begun()).toEqual(['filter']);
  });

  test('without lines has nothing to do', async () => {
    project = createProject(feeds.replace(', outputs: [feeds.txt]', ''));
    write('wanted.txt', '');
    const run = await project.call(['run', '--ci']);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(run.out).toContain('load[feed=*]');
    expect(begun()).toEqual(['filter']);
  });

  test('goes on beside a failed instance', async () => {
    project = createProject(feeds);
    write('wanted.txt', 'good\nbad\n');
    const run = await project.call(['run', '--ci']);
    expect(run.code).toBe(1);
    expect(begun()).toEqual(['check good', 'filter', 'load bad', 'load good']);
    expect((await project.call(['show', 'latest'])).out).toContain('load[feed=bad]');
  });
});

describe('a matrix from a file of a task that does not run', () => {
  const feeds = `
version: 1
name: feeds
tasks:
  filter: { command: 'echo filter >>ran; cp wanted.txt feeds.txt', only_if: test -e wanted.txt }
  load: { command: 'echo "load $ETL_MATRIX_FEED" >>ran', retries: 3, matrix: { feed: { lines: feeds.txt, from: filter } } }
`;

  test.each([
    ['is not needed', []],
    ['is skipped', ['--skip', 'filter']],
    ['is left out', ['--only', 'load']],
  ])('takes the lines that are there when that %s', async (_, options) => {
    project = createProject(feeds);
    write('feeds.txt', 'a\nb\n');
    const run = await project.call(['run', '--ci', ...options]);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(begun()).toEqual(['load a', 'load b']);
    const { out } = await project.call(['show', 'latest', '--json']);
    expect(JSON.parse(out).result.results.map(({ task }: { readonly task: string }) => task)).toContain('load[feed=b]');
  });

  test.each([
    ['was not needed', []],
    ['was skipped', ['--skip', 'filter']],
    ['is not part of this run', ['--only', 'load']],
  ])('fails once without the file: the other %s', async (why, options) => {
    project = createProject(feeds);
    const run = await project.call(['run', '--ci', ...options]);
    expect(run.code).toBe(1);
    expect(run.out).toContain(`there is no feeds.txt, and filter, which writes it, ${why}`);
    expect(run.out).not.toContain('again in');
    expect(begun()).toEqual([]);
    write('feeds.txt', 'a\n');
    const resumed = await project.call(['run', '--resume']);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(begun()).toEqual(['load a']);
  });
});
