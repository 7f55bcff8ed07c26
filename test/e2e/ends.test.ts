import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Ended, type Project, type Running } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const write = (name: string, text: string) => writeFileSync(join(project.directory, name), text);
const linesOf = (name: string): readonly string[] => {
  const path = join(project.directory, name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};
const hasRun = (...tasks: readonly string[]) =>
  expect.poll(() => linesOf('ran')).toEqual(expect.arrayContaining([...tasks]));
const killed = async ({ child, ended }: Running) => {
  child.kill('SIGKILL');
  await ended;
};
const isClean = (ended: Ended) => expectCleanAftermath({ directory: project.directory, ended });
const statusOf = async () => {
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  return Object.fromEntries(result.results.map((one: { task: string; status: string }) => [one.task, one.status]));
};

/** As long as nobody lets it go on. */
const waits = 'until test -e go; do sleep 0.02; done';

/** `start` may begin only while nothing is up, and `load` only while it is. */
const service = (load: string) => `
version: 1
name: service
tasks:
  start: { command: "echo start >>ran; mkdir up", setup: { teardown: stop } }
  load: { command: "echo load >>ran; test -d up; ${load}", dependencies: [start] }
  mart: { command: "echo mart >>ran", dependencies: [load] }
  other: { command: "echo other >>ran" }
  stop: { command: "echo stop >>ran; rmdir up" }
  cleanup: { command: 'echo "$ETL_RUN_STATUS,$ETL_FAILED_TASKS,$ETL_FAILED_LOG" >>told', run_when: always }
  alarm: { command: "echo alarm >>ran", run_when: on_failure }
`;

describe('what runs at the end', () => {
  test('runs after a success, and what is for failures is not needed', async () => {
    project = createProject(service('true'));
    const run = await project.call(['run', '--ci', '--junit', 'junit.xml']);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(linesOf('ran').toSorted()).toEqual(['load', 'mart', 'other', 'start', 'stop']);
    expect(linesOf('told')).toEqual(['success,,']);
    expect(await statusOf()).toMatchObject({ stop: 'success', cleanup: 'success', alarm: 'not_needed' });
    expect(readFileSync(join(project.directory, 'junit.xml'), 'utf8')).toMatch(/name="alarm"[^>]*><skipped/);
    await isClean(run);
  });

  test('is told what has failed, and what was taken down is set up again when the run is resumed', async () => {
    project = createProject(service('echo broken; test -e go'));
    const run = await project.call(['run', '--ci']);
    expect(run.code).toBe(1);
    expect(linesOf('ran').toSorted()).toEqual(['alarm', 'load', 'other', 'start', 'stop']);
    const [status, failed, log = ''] = linesOf('told')[0]!.split(',');
    expect([status, failed, readFileSync(log, 'utf8').trim()]).toEqual(['failed', 'load', 'broken']);
    await isClean(run);
    write('go', '');
    const dry = await project.call(['run', '--resume', '--dry-run']);
    expect(dry.out).toContain(
      're-run: start (stop tore it down), load (it had failed), stop (start runs before it), cleanup (start runs before it), alarm (start runs before it)',
    );
    const resumed = await project.call(['run', '--resume', '--ci']);
    expect(resumed.code).toBe(0);
    expect(linesOf('ran').slice(5)).toEqual(['start', 'load', 'mart', 'stop']);
    expect(linesOf('told')[1]).toBe('success,,');
    expect(existsSync(join(project.directory, 'up'))).toBe(false);
    await isClean(resumed);
  });

  test('is asked whether it is needed, and waits, by commands that are told the same', async () => {
    const tell = (who: string) => `echo "${who},$ETL_RUN_STATUS,$ETL_FAILED_TASKS,$(cat "$ETL_FAILED_LOG")" >>told`;
    project = createProject(`
version: 1
name: conditions
tasks:
  load: { command: "echo broken; false" }
  cleanup:
    command: '${tell('task')}'
    only_if: '${tell('only_if')}'
    wait_for: { command: '${tell('wait_for')}' }
    run_when: always
`);
    const run = await project.call(['run', '--ci']);
    expect([run.code, run.err]).toEqual([1, '']);
    expect(linesOf('told')).toEqual(['wait_for', 'only_if', 'task'].map((who) => `${who},failed,load,broken`));
  });

  test('runs after the run was killed in the middle and resumed', async () => {
    project = createProject(service(waits));
    const run = project.start(['run', '--ci']);
    await hasRun('load', 'other');
    await killed(run);
    expect(linesOf('told')).toEqual([]);
    write('go', '');
    const resumed = await project.call(['run', '--resume', '--ci']);
    expect(resumed.code).toBe(0);
    expect(linesOf('ran').filter((task) => task === 'start' || task === 'stop')).toEqual(['start', 'stop']);
    expect(linesOf('told')).toEqual(['success,,']);
    await isClean(resumed);
  });

  test('runs after Ctrl-C, and is given up at the second', async () => {
    const text = (cleanup: string) => `
version: 1
name: stopped
tasks:
  load: { command: "echo load >>ran; sleep 300" }
  cleanup: { command: 'echo "$ETL_RUN_STATUS" >>told; ${cleanup}; echo done >>told', run_when: always }
`;
    project = createProject(text('true'));
    const once = project.start(['run', '--ci']);
    await hasRun('load');
    once.child.kill('SIGINT');
    const ended = await once.ended;
    expect([ended.code, linesOf('told')]).toEqual([130, ['cancelled', 'done']]);
    expect(ended.out).toContain(
      '1 task at the end will still run (a second signal kills them at once; the tasks at the end do not run)',
    );
    await isClean(ended);

    // Signals that follow each other at once count as one.
    write('pipeline.yaml', text('sleep 0.5; echo begun >>told; sleep 300'));
    write('told', '');
    write('ran', '');
    const twice = project.start(['run', '--ci']);
    await hasRun('load');
    twice.child.kill('SIGINT');
    await expect.poll(() => linesOf('told')).toContain('begun');
    twice.child.kill('SIGINT');
    const gone = await twice.ended;
    expect([gone.code, linesOf('told').includes('done')]).toEqual([130, false]);
    expect(await statusOf()).toEqual({ load: 'cancelled', cleanup: 'cancelled' });
    await isClean(gone);
  });

  test('comes with a part of the pipeline that needs its setup', async () => {
    project = createProject(service('true'));
    expect((await project.call(['run', '--ci', '--only', 'load'])).code).toBe(0);
    expect(linesOf('ran')).toEqual(['start', 'load', 'stop']);
    expect(linesOf('told')).toEqual([]);
  });

  test('is in the plan and in the dry run, with what it waits for', async () => {
    project = createProject(service('true'));
    const plan = await project.call(['plan']);
    expect(plan.out).toMatch(/alarm +at the end, unless the run succeeds/);
    const dry = await project.call(['run', '--dry-run']);
    expect(dry.out).toMatch(/stop +tears down start, after start, load, mart/);
    expect(dry.out).toMatch(/cleanup +at the end\n/);
    const { tasks } = JSON.parse((await project.call(['plan', '--json'])).out);
    const found = tasks.filter((one: { at_end?: string }) => one.at_end !== undefined);
    expect(
      found.map((one: { task: string; at_end: string; after: string[] }) => [one.task, one.at_end, one.after]),
    ).toEqual([
      ['stop', 'teardown', ['start', 'load', 'mart']],
      ['cleanup', 'always', []],
      ['alarm', 'on_failure', []],
    ]);
  });

  test('cannot be waited for, and the mistakes say where and what to do', async () => {
    project = createProject(`version: 1
tasks:
  cleanup: { command: "true", run_when: always }
  load: { command: "true", dependencies: [cleanup] }
  start: { command: "true", setup: { teardown: stpo } }
  stop: { command: "true", run_when: sometimes }
`);
    const { code, out } = await project.call(['validate']);
    expect(code).toBe(2);
    expect(out).toContain('task "load" waits for "cleanup", which runs at the end');
    expect(out).toContain('pipeline.yaml:4:43');
    expect(out).toContain('let "load" run at the end as well (run_when: always), or remove the dependency');
    expect(out).toContain('task "start" names a teardown "stpo", which does not exist');
    expect(out).toContain('did you mean "stop"?');
    expect(out).toContain('"run_when" must be');
  });
});

describe('a failure that is tolerated', () => {
  const optional = (mart: string) => `
version: 1
name: optional
tasks:
  extra: { command: "echo extra >>ran; echo no such season; exit 3", retries: 1, backoff: { initial: 10ms }, continue_on_failure: true }
  mart: { command: "echo mart >>ran; ${mart}", dependencies: [extra] }
`;

  test('lets its downstream run and the run succeed, and is told', async () => {
    project = createProject(optional('true'));
    const run = await project.call(['run', '--ci', '--junit', 'junit.xml']);
    expect(run.code).toBe(0);
    expect(linesOf('ran')).toEqual(['extra', 'extra', 'mart']);
    expect(run.out).toMatch(/! +extra +.*failed, tolerated/);
    expect(run.out).toContain('no such season');
    expect(run.out).toContain('1 succeeded, 1 tolerated');
    expect(run.out).toContain(', with 1 tolerated failure\n');
    expect((await project.call(['history'])).out).toContain('1 tolerated failure');
    const junit = readFileSync(join(project.directory, 'junit.xml'), 'utf8');
    expect(junit).toContain('failures="0"');
    expect(junit).toMatch(/name="extra"[^>]*><system-out>failed, tolerated: exit code 3/);
    const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
    expect(result).toMatchObject({ status: 'success', summary: { failed: 1, tolerated: 1 } });
    expect(result.results[0]).toMatchObject({ status: 'failed', tolerated: true, error: 'exit code 3' });
    expect((await project.call(['history'])).out).toContain('success');
    await isClean(run);
  });

  test('is not repeated when the run is resumed for another one', async () => {
    project = createProject(optional('test -e go'));
    expect((await project.call(['run', '--ci'])).code).toBe(1);
    write('go', '');
    const resumed = await project.call(['run', '--ci', '--resume']);
    expect(resumed.code).toBe(0);
    expect(linesOf('ran')).toEqual(['extra', 'extra', 'mart', 'mart']);
    await isClean(resumed);
  });
});
