import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { survivingProcesses } from '../support/aftermath/surviving-processes.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Ended, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

const write = (name: string, text: string) => writeFileSync(join(project.directory, name), text);
const read = (name: string) => readFileSync(join(project.directory, name), 'utf8');
/** How often each task has begun. */
const begun = (): Readonly<Record<string, number>> => {
  const names = existsSync(join(project.directory, 'ran')) ? read('ran').trim().split('\n') : [];
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]));
};
const isClean = (ended: Ended, exitCodes: readonly number[] = [0], canaries: readonly string[] = []) =>
  expectCleanAftermath({ directory: project.directory, ended, exitCodes, canaries });
const resultsOf = async (): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> => {
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  return Object.fromEntries(result.results.map((one: { task: string }) => [one.task, one]));
};
const runOf = (ended: Ended): string => /\d{8}_\d{6}_\w{4}/.exec(ended.out)![0];

const chain = `
version: 1
name: chain
params: { day: { default: "1" } }
tasks:
  fetch: { command: "echo fetch >>ran; cat source >raw.csv", outputs: [raw.csv] }
  clean: { command: "echo clean >>ran; sort raw.csv >clean.csv", dependencies: [fetch], inputs: [raw.csv], outputs: [clean.csv], reuse: true }
  report: { command: "echo report >>ran; wc -l <clean.csv >report.txt", dependencies: [clean], inputs: ["cl*.csv"], outputs: [report.txt], reuse: true }
  tell: { command: "echo tell >>ran", dependencies: [report] }
`;

describe('a task that may be reused', () => {
  test('is left out when nothing has changed, also when a task before it has written the same again', async () => {
    project = createProject(chain);
    write('source', 'b\na\n');
    const first = await project.call(['run', '--ci']);
    expect([first.code, first.err]).toEqual([0, '']);
    const second = await project.call(['run', '--ci']);
    expect([second.code, second.err]).toEqual([0, '']);
    expect(begun()).toEqual({ fetch: 2, clean: 1, report: 1, tell: 2 });
    expect(second.out).toContain(`nothing has changed since run ${runOf(first)}`);
    expect(second.out).toContain('2 succeeded, 2 reused');
    expect(await resultsOf()).toMatchObject({
      fetch: { status: 'success' },
      clean: { status: 'reused', attempts: 0, error: null, reused: { run: runOf(first) } },
      report: { status: 'reused' },
      tell: { status: 'success' },
    });
    await isClean(second);
    // The load that stays is that of the first run, however often it is reused.
    const third = await project.call(['run', '--ci']);
    expect(third.out).toContain(`nothing has changed since run ${runOf(first)}`);
  });

  test('runs when an input has changed, and the run says which', async () => {
    project = createProject(chain);
    write('source', 'b\na\n');
    await project.call(['run', '--ci']);
    write('source', 'b\nc\n');
    const changed = await project.call(['run', '--ci']);
    expect(changed.code).toBe(0);
    expect(begun()).toEqual({ fetch: 2, clean: 2, report: 2, tell: 2 });
    expect(changed.out).toMatch(/clean\s+re-run\s+its upstream fetch has new results/);
    expect(await resultsOf()).toMatchObject({
      clean: { status: 'success', rerun_because: expect.stringContaining('fetch') },
    });
    write('clean.csv', 'by hand');
    const byHand = await project.call(['run', '--ci', '--only', 'report']);
    expect(byHand.out).toMatch(/report\s+re-run\s+input clean.csv changed/);
    await isClean(byHand);
  });

  test('runs when an output is gone or empty, its command, a parameter or a variable has changed', async () => {
    const pipeline = (more: string) => `
version: 1
name: settings
params: { day: { default: "1" } }
tasks:
  make: { command: "cat in >out", inputs: [in], outputs: [out], reuse: true${more} }
`;
    project = createProject(pipeline(''));
    write('in', 'x');
    await project.call(['run', '--ci']);
    const says = async (text: string, ...more: readonly string[]) => {
      const ended = await project.call(['run', '--ci', ...more]);
      expect(ended.code).toBe(0);
      expect(ended.out).toContain(text);
      const again = await project.call(['run', '--ci', ...more]);
      expect(again.out).toContain('nothing has changed since run');
    };
    rmSync(join(project.directory, 'out'));
    await says('its output out is gone');
    write('out', '');
    await says('its output out is empty');
    await says('its parameter day changed', '-p', 'day=2');
    write('pipeline.yaml', pipeline(', env: { MODE: a }'));
    await says('its variable MODE changed', '-p', 'day=2');
    write('pipeline.yaml', pipeline(', env: { MODE: a }').replace('cat in', 'cat <in'));
    await says('its command changed', '-p', 'day=2');
  });

  test('that failed since its last success runs, also when everything is again as it was', async () => {
    project = createProject(`
version: 1
name: failing
tasks:
  make: { command: "echo make >>ran; cat in >out; grep -q good in", inputs: [in], outputs: [out], reuse: true }
`);
    write('in', 'good');
    expect((await project.call(['run', '--ci'])).code).toBe(0);
    write('in', 'bad');
    const failed = await project.call(['run', '--ci']);
    expect(failed.code).toBe(1);
    write('in', 'good');
    const again = await project.call(['run', '--ci']);
    expect([again.code, read('out')]).toEqual([0, 'good']);
    expect(again.out).toContain(`it has not succeeded since run ${runOf(failed)}`);
    expect(begun()).toEqual({ make: 3 });
    await isClean(again);
  });

  test('may leave a file alone that is there already; any other task must have written its outputs', async () => {
    project = createProject(`
version: 1
name: left
tasks:
  lazy: { command: "test -s out || echo x >out", inputs: [in], outputs: [out], reuse: true }
  strict: { command: "test -s other || echo x >other", outputs: [other] }
`);
    for (const name of ['in', 'out', 'other']) write(name, 'x');
    expect((await project.call(['run', '--ci', '--only', 'lazy'])).code).toBe(0);
    const strict = await project.call(['run', '--ci', '--only', 'strict']);
    expect(strict.out).toContain('did not write other');
    expect((await project.call(['run', '--ci', '--only', 'strict', '--reuse'])).code).toBe(0);
  });
});

test('--reuse leaves out what declares files and has not changed, --no-reuse leaves nothing out', async () => {
  project = createProject(chain.replaceAll(', reuse: true', ''));
  write('source', 'a\n');
  await project.call(['run', '--ci']);
  await project.call(['run', '--ci']);
  expect(begun()).toEqual({ fetch: 2, clean: 2, report: 2, tell: 2 });
  const reused = await project.call(['run', '--ci', '--reuse']);
  expect(reused.out).toContain('1 succeeded, 3 reused');
  expect(begun()).toEqual({ fetch: 2, clean: 2, report: 2, tell: 3 });
  write('pipeline.yaml', chain);
  await project.call(['run', '--ci', '--no-reuse']);
  expect(begun()).toEqual({ fetch: 3, clean: 3, report: 3, tell: 4 });
});

test('a run that is killed and resumed keeps what it has reused, and a failure in it is repeated', async () => {
  project = createProject(
    chain.replace('echo tell >>ran', 'echo tell >>ran; test -e go || { touch waits; exec sleep 300; }'),
  );
  write('source', 'a\n');
  write('go', '');
  await project.call(['run', '--ci']);
  rmSync(join(project.directory, 'go'));
  const run = project.start(['run', '--ci']);
  await expect.poll(() => existsSync(join(project.directory, 'waits'))).toBe(true);
  run.child.kill('SIGKILL');
  await run.ended;
  // A run that comes before its guardian has ended the task warns of it.
  await expect.poll(() => survivingProcesses(project.directory, [])).toEqual([]);
  write('go', '');
  const resumed = await project.call(['run', '--resume', '--ci']);
  expect([resumed.code, resumed.err]).toEqual([0, '']);
  expect(begun()).toEqual({ fetch: 2, clean: 1, report: 1, tell: 3 });
  expect(resumed.out).toContain('reused: fetch, clean, report');
  expect(await resultsOf()).toMatchObject({ clean: { status: 'reused' }, tell: { status: 'success', attempts: 2 } });
  await isClean(resumed);
  // Whoever reads stored runs reads the new outcome.
  for (const call of [['show', 'latest'], ['history'], ['trends'], ['report', 'latest', '--html', 'page.html']]) {
    expect((await project.call(call)).code).toBe(0);
  }
});

test('a dry run and a plan say what would be reused, as far as that is known before', async () => {
  project = createProject(chain);
  write('source', 'a\n');
  const before = await project.call(['run', '--dry-run']);
  expect(before.out).toMatch(/clean .*runs: there is no earlier success/);
  const first = await project.call(['run', '--ci']);
  const dry = await project.call(['run', '--dry-run']);
  expect(dry.out).toMatch(/clean .*known after fetch has run/);
  const alone = await project.call(['run', '--dry-run', '--only', 'clean,report']);
  expect(alone.out).toMatch(new RegExp(`clean .*reused: nothing has changed since run ${runOf(first)}`));
  expect(alone.out).toMatch(/report .*reused/);
  const json = JSON.parse((await project.call(['run', '--dry-run', '--reporter', 'json', '--reuse'])).out);
  expect(json.tasks.map((one: { reuse?: { kind: string } }) => one.reuse?.kind)).toEqual([
    'reused',
    'reused',
    'reused',
    undefined,
  ]);
  const plan = JSON.parse((await project.call(['plan', '--json', '--only', 'clean'])).out);
  expect(plan.tasks[0].reuse).toEqual({ kind: 'reused', run: runOf(first) });
  expect((await project.call(['plan', '--only', 'clean'])).out).toContain('would be reused');
  expect(begun()).toMatchObject({ clean: 1 });
});

test('what is kept for reuse holds no secret, and a new password runs nothing again', async () => {
  project = createProject(`
version: 1
name: secrets
params: { api_token: { default: "" } }
env: { ADDRESS: "https://shop:\${env:SHOP_PASSWORD}@localhost/" }
tasks:
  make: { command: "cat in >out", inputs: [in], outputs: [out], reuse: true }
`);
  write('in', 'x');
  const canaries = ['canary-of-the-shop', 'canary-of-the-token', 'canary-of-another-day'];
  const first = await project.call(['run', '--ci', '-p', 'api_token'], {
    SHOP_PASSWORD: canaries[0],
    ETL_PARAM_API_TOKEN: canaries[1],
  });
  expect(first.code).toBe(0);
  const second = await project.call(['run', '--ci', '-p', 'api_token'], {
    SHOP_PASSWORD: canaries[2],
    ETL_PARAM_API_TOKEN: canaries[2],
  });
  expect(second.out).toContain('1 reused');
  await isClean(second, [0], canaries);
});

test('mistakes are named with their place and what to do', async () => {
  project = createProject(`version: 1
name: mistakes
tasks:
  outside: { command: "true", inputs: [/etc/passwd] }
  both: { command: "true", inputs: [a.csv], outputs: [a.csv] }
  always: { command: "true", reuse: true }
`);
  const { code, out } = await project.call(['validate']);
  expect(code).toBe(2);
  expect(out).toContain('a path inside the project directory');
  expect(out).toContain('"a.csv" is an input and an output of task "both"');
  expect(out).toContain('task "always" would never run again');
});
