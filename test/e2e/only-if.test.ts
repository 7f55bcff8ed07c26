import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Ended, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const write = (name: string, text = '') => writeFileSync(join(project.directory, name), text);
const ran = () => {
  const path = join(project.directory, 'ran');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};
const isClean = (ended: Ended) => expectCleanAftermath({ directory: project.directory, ended });
const resultOf = async () => {
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  return { ...result, tasks: Object.fromEntries(result.results.map((one: { task: string }) => [one.task, one])) };
};

/** The schedule decides whether there is anything to do; `odds` is on its own. */
const nightly = `
version: 1
name: nightly
tasks:
  schedule: { command: echo schedule >>ran, only_if: test -e newer, otherwise: stop }
  games: { command: echo games >>ran, dependencies: [schedule] }
  plays: { command: echo plays >>ran, dependencies: [games] }
  odds: { command: echo odds >>ran }
checks:
  - { name: games_are_there, command: test -e ran, after: [games] }
`;

describe('a task with only_if', () => {
  test('and everything downstream of it is not needed when its question says so, and the run is green', async () => {
    project = createProject(nightly);
    const ended = await project.call(['run', '--ci', '--junit', 'junit.xml']);
    expect(ended.code).toBe(0);
    expect(ran()).toEqual(['odds']);
    expect(ended.out).toMatch(/∅ schedule +not needed +decided by its only_if/);
    expect(ended.out).toMatch(/∅ 2 tasks +not needed +"schedule" found nothing to do: games, plays/);
    expect(ended.out).toContain('1 succeeded, 3 not needed');
    const { tasks, summary, status } = await resultOf();
    expect(status).toBe('success');
    expect(summary).toMatchObject({ success: 1, not_needed: 3, upstream_failed: 0, skipped: 0 });
    expect(tasks.plays).toMatchObject({
      status: 'not_needed',
      error: null,
      not_needed: '"schedule" found nothing to do',
      attempts: 0,
    });
    expect(readFileSync(join(project.directory, 'junit.xml'), 'utf8')).toContain(
      '<skipped message="not needed: decided by its only_if"/>',
    );
    await isClean(ended);
  });

  test('runs when it is needed', async () => {
    project = createProject(nightly);
    write('newer');
    const ended = await project.call(['run', '--ci']);
    expect(ended.code).toBe(0);
    expect(ran().toSorted()).toEqual(['games', 'odds', 'plays', 'schedule']);
    await isClean(ended);
  });

  test('fails when its question has no answer, after its retries, and what it printed is the log of the attempt', async () => {
    project = createProject(`
version: 1
tasks:
  load: { command: echo load >>ran, only_if: 'echo no route to host >&2; exit 2', retries: 1, backoff: { initial: 10ms } }
  report: { command: echo report >>ran, dependencies: [load] }
`);
    const ended = await project.call(['run', '--ci']);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('attempt 1 of 2 failed: only_if: exit code 2, again in');
    expect(ended.out).toContain('load: only_if: exit code 2, 2 attempts');
    expect(ended.out).toContain('no route to host');
    expect((await project.call(['logs', 'latest', 'load', '--attempt', '2'])).out).toContain('no route to host');
    expect(ran()).toEqual([]);
    await isClean(ended);
  });

  test('is asked with what the task gets', async () => {
    project = createProject(`
version: 1
params: { day: { default: monday } }
tasks:
  load: { command: "true", env: { MODE: bulk }, only_if: 'echo "$ETL_TASK $ETL_ATTEMPT $ETL_PARAM_DAY $MODE" >asked' }
`);
    expect((await project.call(['run', '--ci'])).code).toBe(0);
    expect(readFileSync(join(project.directory, 'asked'), 'utf8')).toBe('load 1 monday bulk\n');
  });

  test('is asked once more by the run that resumes one which was killed meanwhile, and nothing of it lives on', async () => {
    project = createProject(`
version: 1
tasks:
  first: { command: echo first >>ran }
  load:
    command: echo load >>ran
    dependencies: [first]
    only_if: 'echo asked >>asked; until test -e go; do sleep 0.02; done'
`);
    const run = project.start(['run', '--ci']);
    const asked = () => readFileSync(join(project.directory, 'asked'), 'utf8');
    await expect.poll(asked).toBe('asked\n');
    run.child.kill('SIGKILL');
    await run.ended;
    write('go');
    const ended = await project.call(['run', '--resume', '--ci']);
    expect(ended.code).toBe(0);
    expect(ran()).toEqual(['first', 'load']);
    expect(asked()).toBe('asked\nasked\n');
    expect((await resultOf()).tasks.load).toMatchObject({ status: 'success', attempts: 1 });
    await isClean(ended);
  });
});

test('a task that reports nothing new was not needed, and nothing downstream is', async () => {
  project = createProject(`
version: 1
tasks:
  load: { command: 'echo ''{"nothing_new": true}'' >>"$ETL_TASK_REPORT"', outputs: [orders.csv] }
  report: { command: echo report >>ran, dependencies: [load] }
`);
  const ended = await project.call(['run', '--ci']);
  expect(ended.code).toBe(0);
  expect(ended.out).toMatch(/∅ load +not needed +[\d.]+s +it reported no new data/);
  expect(ran()).toEqual([]);
  const { tasks } = await resultOf();
  expect(tasks.load).toMatchObject({ status: 'not_needed', attempts: 1, not_needed: 'it reported no new data' });
  await isClean(ended);
});

test('plan and dry run tell what is asked, and mistakes are named with their place', async () => {
  project = createProject(nightly);
  const asked = 'schedule: only if test -e newer; otherwise its downstream is not needed either';
  expect((await project.call(['plan'])).out).toContain(asked);
  expect((await project.call(['run', '--dry-run'])).out).toContain(asked);
  const { tasks } = JSON.parse((await project.call(['plan', '--json'])).out);
  expect(tasks[0]).toMatchObject({ task: 'schedule', only_if: 'test -e newer', otherwise: 'stop' });
  write(
    'wrong.yaml',
    `version: 1
tasks:
  a: { command: x, otherwise: stop }
  b: { command: x, only_if: ./is-newer, otherwise: halt }
  c: { command: x, only_if: { command: ./is-newer } }
`,
  );
  const { code, err, out } = await project.call(['validate', 'wrong.yaml']);
  expect(code).toBe(2);
  const said = out + err;
  expect(said).toContain('"otherwise" has no "only_if"');
  expect(said).toContain('"otherwise" must be "continue" or "stop", not "halt"');
  expect(said).toContain('"only_if" must be a shell command, or a list of a program and its arguments, not a mapping');
  expect(said).toContain('wrong.yaml:3:31');
});
