import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Ended, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const write = (name: string, text = '') => writeFileSync(join(project.directory, name), text);
const has = (name: string) => existsSync(join(project.directory, name));
const isClean = (ended: Ended) => expectCleanAftermath({ directory: project.directory, ended });
const taskOf = async (name: string) => {
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  return result.results.find(({ task }: { task: string }) => task === name);
};
const pipelineOf = (waitFor: string, more = '') =>
  `version: 1\nname: waits\ntasks:\n  load: { command: touch loaded, wait_for: { ${waitFor} }${more} }\n`;

describe('a task that waits', () => {
  test('for a file starts when it is there, and the run says for what it waits and until when', async () => {
    project = createProject(
      `${pipelineOf('file: "in/${param:day}-*.csv", every: 50ms')}params: { day: { default: monday } }\n`,
    );
    const run = project.start(['run', '--ci']);
    await run.says('waits for file in/${param:day}-*.csv, until 20');
    expect(has('loaded')).toBe(false);
    mkdirSync(join(project.directory, 'in'));
    write('in/sunday-1.csv');
    write('in/monday-1.csv');
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    const load = await taskOf('load');
    expect(load).toMatchObject({ status: 'success', attempts: 1 });
    expect(load.waiting_seconds.awaited).toBeGreaterThan(0);
    await isClean(ended);
  });

  test('for a command looks until it succeeds, and its looks are no attempts', async () => {
    project = createProject(pipelineOf("command: 'echo look >>looks; test -e ready', every: 20ms"));
    const run = project.start(['run', '--ci']);
    const looks = () => (has('looks') ? readFileSync(join(project.directory, 'looks'), 'utf8').split('\n').length : 0);
    await expect.poll(looks).toBeGreaterThan(3);
    write('ready');
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(await taskOf('load')).toMatchObject({ status: 'success', attempts: 1 });
    await isClean(ended);
  });

  test('for a run of another pipeline starts when one has succeeded with the same values', async () => {
    project = createProject(
      `${pipelineOf('pipeline: copy, params: [day], every: 50ms')}params: { day: { default: monday } }\n`,
    );
    mkdirSync(join(project.directory, 'copy'));
    write(
      'copy/pipeline.yaml',
      'version: 1\nname: copy\nparams: { day: { default: sunday } }\ntasks: { a: { command: "true" }, b: { command: test -e ../good } }\n',
    );
    const copy = (...args: readonly string[]) =>
      project.call(['run', 'copy', '--ci', '--log-dir', 'copy/logs/etl', ...args]);
    const run = project.start(['run', '--ci']);
    await run.says('waits for pipeline copy (day)');
    expect((await copy('-p', 'day=monday')).code).toBe(1);
    write('good');
    expect((await copy()).code).toBe(0);
    expect((await copy('-p', 'day=monday', '--only', 'a')).code).toBe(0);
    expect(has('loaded')).toBe(false);
    expect((await copy('-p', 'day=monday')).code).toBe(0);
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(has('loaded')).toBe(true);
    await isClean(ended);
  });

  test('once for each day of a range waits for a run of each of these days', async () => {
    project = createProject(`version: 1
name: days
params: { day: { type: date } }
tasks:
  load:
    matrix: { of: "\${param:day}" }
    wait_for: { pipeline: copy, params: [day], every: 50ms, timeout: 5s }
    command: touch "loaded-$ETL_MATRIX_OF"
`);
    mkdirSync(join(project.directory, 'copy'));
    write(
      'copy/pipeline.yaml',
      'version: 1\nname: copy\nparams: { day: { type: date } }\ntasks: { a: { command: "true" } }\n',
    );
    const copied = await project.call(['run', 'copy', '--log-dir', 'copy/logs/etl', '-p', 'day=2024-01-02']);
    expect(copied.code).toBe(0);
    const ended = await project.call(['run', '--ci', '-p', 'day=2024-01-01..2024-01-02']);
    expect(ended.code).toBe(1);
    expect([has('loaded-2024-01-01'), has('loaded-2024-01-02')]).toEqual([false, true]);
  });

  test('fails when its time is over, without a retry and without an attempt', async () => {
    project = createProject(pipelineOf('file: never, every: 50ms, timeout: 300ms', ', retries: 3'));
    const ended = await project.call(['run', '--ci']);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('waited 0.3s for file never without success');
    expect(await taskOf('load')).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: 'waited 0.3s for file never without success',
    });
    await isClean(ended);
  });

  test('in vain has its fallback, and made no attempt before', async () => {
    project = createProject(
      pipelineOf('file: never, every: 50ms, timeout: 300ms', ', fallback: { command: "true", note: of yesterday }'),
    );
    const ended = await project.call(['run', '--ci']);
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/load +fallback +waited 0\.3s for file never without success, its fallback runs/);
    await isClean(ended);
  });

  test('is skipped when its time is over and its author says so', async () => {
    project = createProject(
      `${pipelineOf('file: never, every: 50ms, timeout: 300ms, on_timeout: skip')}  report: { command: touch reported, dependencies: [load] }\n`,
    );
    const ended = await project.call(['run', '--ci']);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('waited 0.3s for file never without success; its downstream runs');
    expect([has('loaded'), has('reported')]).toEqual([false, true]);
    await isClean(ended);
  });

  test('for a command that is not there fails at once', async () => {
    project = createProject(pipelineOf('command: no-such-program-anywhere, every: 50ms'));
    const ended = await project.call(['run', '--ci']);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('load: wait_for: exit code 127 (a command was not found)');
    await isClean(ended);
  });

  test('is cancelled at once with its run, and its command is ended', async () => {
    project = createProject(pipelineOf("command: 'touch looking; sleep 600', every: 50ms"));
    const run = project.start(['run', '--ci']);
    await expect.poll(() => has('looking')).toBe(true);
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    await isClean(ended);
  });

  test('goes on waiting in the run that resumes one which was killed, and nothing of the look lives on', async () => {
    project = createProject(pipelineOf("command: 'touch looking; test -e ready || sleep 600', every: 50ms"));
    const run = project.start(['run', '--ci']);
    await expect.poll(() => has('looking')).toBe(true);
    run.child.kill('SIGKILL');
    await run.ended;
    write('ready');
    const ended = await project.call(['run', '--resume', '--ci']);
    expect(ended.code).toBe(0);
    expect(has('loaded')).toBe(true);
    await isClean(ended);
  });
});

test('plan tells what is waited for, and mistakes are named with their place', async () => {
  project = createProject(pipelineOf('file: in.csv, every: 5m, timeout: 6h'));
  expect((await project.call(['plan'])).out).toContain('load: waits for file in.csv, checked every 5m, at most 6h');
  write(
    'wrong.yaml',
    `version: 1
params: { day: { default: x } }
tasks:
  a: { command: x, wait_for: { file: in.csv, command: ./ready } }
  b: { command: x, wait_for: { every: 5m } }
  c: { command: x, wait_for: { pipeline: ../copy, params: [dai] } }
  d: { command: x, wait_for: { file: "in/\${param:dai}.csv" } }
  e: { command: x, wait_for: { file: in.csv, every: 2h, timeout: 1h } }
  f: { command: x, wait_for: { pipeline: ../copy } }
  g: { command: x, wait_for: { file: in.csv, params: [day] } }
  h: { command: x, wait_for: { file: ~/in.csv } }
`,
  );
  const { code, err, out } = await project.call(['validate', 'wrong.yaml']);
  expect(code).toBe(2);
  const said = out + err;
  expect(said).toContain('"wait_for" has both "command" and "file"');
  expect(said).toContain('"wait_for" has no command, file or pipeline');
  expect(said).toContain('there is no parameter "dai"');
  expect(said).toContain('did you mean "day"?');
  expect(said).toContain('it would be checked every 2h, but the timeout is 1h');
  expect(said).toContain('"wait_for" names a pipeline without "params"');
  expect(said).toContain('"params" needs "pipeline"');
  expect(said).toContain('"file" must be a path in the project or an absolute one, without "~"');
});

test('a wait for a run that cannot be is told before the first task', async () => {
  project = createProject(
    `${pipelineOf('pipeline: copy, params: [day], every: 20ms, timeout: 100ms')}params: { day: { default: x } }\n`,
  );
  const missing = await project.call(['run', '--ci']);
  expect(missing.code).toBe(1);
  expect(missing.err).toContain('task "load" waits for a run of "copy" that cannot happen: there is no pipeline');
  mkdirSync(join(project.directory, 'copy'));
  write('copy/pipeline.yaml', 'version: 1\nparams: { days: { default: x } }\ntasks: { a: { command: "true" } }\n');
  const unknown = await project.call(['run', '--ci']);
  expect(unknown.err).toContain('it has no parameter "day"');
  expect(unknown.err).toContain('did you mean "days"?');
});
