import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { leftoverProcesses, textOf, until } from '../integration/engine/executors/local/leftover-processes.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Ended, type Project, type Running } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

/** A command that notes that it began, and what it then does. */
const noted = (task: string, then = 'true') => `{ command: "echo ${task} >>ran; ${then}" }`;
/** As long as nobody lets it go on. */
const waits = 'until test -e go; do sleep 0.02; done';

const write = (name: string, text: string) => writeFileSync(join(project.directory, name), text);
const runs = () => readdirSync(join(project.directory, 'logs/etl/runs'));
const begun = (): Readonly<Record<string, number>> => {
  const path = join(project.directory, 'ran');
  const names = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => [name, names.filter((one) => one === name).length]),
  );
};
const hasBegun = (...tasks: readonly string[]) =>
  expect.poll(() => Object.keys(begun())).toEqual(expect.arrayContaining([...tasks]));
const leftOf = (run = '') => leftoverProcesses(`/${run}/`);
/** Until its guardian has ended its tasks, which a run that comes before that warns of. */
const killed = async (run: Running) => {
  run.child.kill('SIGKILL');
  await run.ended;
  await expect.poll(() => leftOf(runs()[0])).toEqual([]);
};
/** With its slots and its guardian, so that nobody is left to end its tasks. */
const killedWithShells = async ({ child, ended }: Running) => {
  const pid = child.pid!;
  const stop = (one: number) => {
    process.kill(one, 'SIGSTOP');
    return until(() => /^State:\s+T/m.test(textOf(one, 'status')), `process ${one} to be stopped`);
  };
  await stop(pid);
  const shells = textOf(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  // All of them before the first is killed: one that is awake would replace it.
  await Promise.all(shells.map(stop));
  for (const one of [...shells, pid]) process.kill(one, 'SIGKILL');
  await ended;
};
const isClean = (ended: Ended, canaries: readonly string[] = []) =>
  expectCleanAftermath({ directory: project.directory, ended, canaries });
const resultOf = async () => {
  const { result } = JSON.parse((await project.call(['show', 'latest', '--json'])).out);
  return { ...result, tasks: Object.fromEntries(result.results.map((one: { task: string }) => [one.task, one])) };
};

describe('a run that was killed', () => {
  const diamond = `
version: 1
name: diamond
tasks:
  a: ${noted('a')}
  b: ${noted('b', waits).replace(' }', ', dependencies: [a] }')}
  c: ${noted('c', waits).replace(' }', ', dependencies: [a] }')}
  d: ${noted('d').replace(' }', ', dependencies: [b, c] }')}
`;

  test('is the same run when it is resumed: what succeeded is reused, what ran is tried again, uncharged', async () => {
    project = createProject(diamond);
    const run = project.start(['run', '--ci']);
    await hasBegun('a', 'b', 'c');
    await killed(run);
    expect((await project.call(['history'])).out).toContain('interrupted');
    write('go', '');
    const resumed = await project.call(['run', '--resume']);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(resumed.out).toContain('reused: a\n');
    expect(resumed.out).toContain('re-run: b (attempt 1 was interrupted), c (attempt 1 was interrupted)');
    expect(begun()).toEqual({ a: 1, b: 2, c: 2, d: 1 });
    expect(runs()).toHaveLength(1);
    const { status, resumed: times, tasks } = await resultOf();
    expect([status, times]).toEqual(['success', 1]);
    expect(tasks).toMatchObject({
      a: { attempts: 1, resumed: 'reused' },
      b: { attempts: 2, resumed: 're-run: attempt 1 was interrupted' },
      d: { attempts: 1 },
    });
    await isClean(resumed);
    // Whoever reads stored runs reads both parts.
    expect((await project.call(['logs', 'latest', 'b', '--attempt', '1'])).code).toBe(0);
    expect((await project.call(['report', 'latest', '--html', 'page.html'])).code).toBe(0);
    expect((await project.call(['history'])).out).toContain('success');
    expect((await project.call(['trends'])).code).toBe(0);
  });

  test('with all that looks after its tasks leaves them running, and they are ended before anything starts', async () => {
    project = createProject(diamond.replaceAll(waits, 'test -e go || exec sleep 300'));
    const run = project.start(['run', '--ci']);
    await hasBegun('a', 'b', 'c');
    await killedWithShells(run);
    const [id = ''] = runs();
    expect(leftOf(id).length).toBeGreaterThan(0);
    write('go', '');
    const resumed = await project.call(['run', '--resume', id]);
    expect(resumed.code).toBe(0);
    expect(resumed.err).toContain('some of its tasks were still running: b, c');
    expect(begun()).toEqual({ a: 1, b: 2, c: 2, d: 1 });
    expect(leftOf(id)).toEqual([]);
    await isClean(resumed);
  });

  test('may be killed while it is resumed, and is resumed once more', async () => {
    project = createProject(diamond);
    const first = project.start(['run', '--ci']);
    await hasBegun('b', 'c');
    await killed(first);
    const second = project.start(['run', '--ci', '--resume']);
    await expect.poll(begun).toMatchObject({ a: 1, b: 2, c: 2 });
    await killed(second);
    write('go', '');
    const third = await project.call(['run', '--resume']);
    expect(third.code).toBe(0);
    await isClean(third);
    expect(begun()).toEqual({ a: 1, b: 3, c: 3, d: 1 });
    const { resumed, tasks } = await resultOf();
    expect([resumed, tasks.b.attempts, tasks.d.attempts]).toEqual([2, 3, 1]);
  });

  test('with a last line that is half written goes on from what comes before, and says so', async () => {
    project = createProject(diamond);
    const run = project.start(['run', '--ci']);
    await hasBegun('b', 'c');
    await killed(run);
    const journal = join(project.directory, 'logs/etl/runs', runs()[0]!, 'journal.jsonl');
    writeFileSync(journal, '{"seq":99,"type":"task.fin', { flag: 'a' });
    write('go', '');
    const resumed = await project.call(['run', '--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.err).toMatch(/run\/damaged-journal.*cut off in line/s);
    expect((await project.call(['show', 'latest'])).err).toBe('');
    await isClean(resumed);
  });

  test('while it waited for a retry keeps its failures, and gets no more retries than were left', async () => {
    project = createProject(`
version: 1
name: retries
tasks:
  flaky: { command: "echo flaky >>ran; exit 1", retries: 1, backoff: { initial: 10s, jitter: false } }
`);
    const run = project.start(['run', '--ci']);
    await run.says('again in');
    await killed(run);
    const resumed = await project.call(['run', '--resume']);
    expect(resumed.code).toBe(1);
    expect(begun()).toEqual({ flaky: 2 });
    expect(resumed.out).toMatch(/resume\s+etl-tui run --resume\n/);
    // Resumed after its end, it starts anew.
    expect((await project.call(['run', '--resume'])).code).toBe(1);
    expect(begun()).toEqual({ flaky: 4 });
  });
});

describe('a run that has ended', () => {
  test('with a gate that failed asks it again, and runs what it kept from running', async () => {
    project = createProject(`
version: 1
name: gated
tasks:
  a: ${noted('a')}
  b: ${noted('b').replace(' }', ', dependencies: [a] }')}
checks:
  - { name: good, command: "echo good >>ran", after: [a] }
  - { name: gate, command: "echo gate >>ran; test -e right", after: [a], gate: true }
`);
    expect((await project.call(['run'])).code).toBe(4);
    write('right', '');
    expect((await project.call(['run', '--resume'])).code).toBe(0);
    expect(begun()).toEqual({ a: 1, b: 1, gate: 2, good: 1 });
  });

  test('because it was cancelled goes on with what was cancelled', async () => {
    project = createProject(`version: 1\nname: long\ntasks:\n  a: ${noted('a')}\n  b: ${noted('b', waits)}\n`);
    const run = project.start(['run', '--ci']);
    await hasBegun('a', 'b');
    await run.says('✓ a ');
    run.child.kill('SIGINT');
    expect((await run.ended).out).toMatch(/resume\s+etl-tui run --resume\n/);
    write('go', '');
    expect((await project.call(['run', '--resume'])).code).toBe(0);
    expect(begun()).toEqual({ a: 1, b: 2 });
  });

  test('is run again as far as its file has changed, and keeps both files', async () => {
    const file = (changed: string, more = '') => `
version: 1
name: changing
tasks:
  a: ${noted('a')}
  b: { command: "echo b >>ran${changed}", dependencies: [a] }
  c: { command: "echo c >>ran", dependencies: [b] }
  e: { command: "echo e >>ran", env: { SIZE: "1" }, timeout: 9m }
  d: { command: "echo d >>ran; test -e go", dependencies: [c] }
${more}`;
    project = createProject(file(''));
    expect((await project.call(['run'])).code).toBe(1);
    write('pipeline.yaml', file('; true', `  f: ${noted('f')}\n`));
    write('go', '');
    const dry = await project.call(['run', '--resume', '--dry-run']);
    expect(dry.out).toContain('re-run: b (its command changed), c (its upstream b is re-run), d (it had failed)');
    expect(begun()).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1 });
    const resumed = await project.call(['run', '--resume', '--reporter', 'json']);
    expect(resumed.code).toBe(0);
    const continued = JSON.parse(resumed.out.split('\n')[0]!);
    expect(continued).toMatchObject({
      type: 'run.continued',
      plan: 2,
      decisions: {
        a: { kind: 'reused' },
        b: { kind: 'command' },
        c: { kind: 'upstream', task: 'b' },
        d: { kind: 'failed' },
        e: { kind: 'reused' },
      },
    });
    expect(begun()).toEqual({ a: 1, b: 2, c: 2, d: 2, e: 1, f: 1 });
    const directory = join(project.directory, 'logs/etl/runs', runs()[0]!);
    expect(readFileSync(join(directory, 'pipeline.yaml'), 'utf8')).not.toContain('echo f');
    expect(readFileSync(join(directory, 'pipeline.2.yaml'), 'utf8')).toContain('echo f');
    expect((await project.call(['logs', 'latest', 'f'])).code).toBe(0);
    const { tasks } = await resultOf();
    expect(tasks).toMatchObject({ c: { resumed: 're-run: its upstream b is re-run' }, e: { resumed: 'reused' } });
    expect((await project.call(['report', 'latest', '--html', 'page.html'])).code).toBe(0);
  });

  test('asks for its secret parameters by name, and has the others as they were', async () => {
    project = createProject(`
version: 1
name: secret
params:
  season: { default: "2024" }
  api_token: { default: none }
tasks:
  a: { command: "echo $ETL_PARAM_SEASON-$ETL_PARAM_API_TOKEN | md5sum >>ran; test -e go" }
  b: { command: "true", dependencies: [a] }
`);
    const failed = await project.call(['run', '-p', 'season=2025', '-p', 'api_token=hush-hush']);
    expect([failed.code, failed.out]).toEqual([
      1,
      expect.stringMatching(/resume +etl-tui run --resume -p api_token\n/),
    ]);
    write('go', '');
    const refused = await project.call(['run', '--resume']);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('put it into ETL_PARAM_API_TOKEN again and use --param api_token'),
    ]);
    const resumed = await project.call(['run', '--resume', '-p', 'api_token=hush-hush']);
    expect(resumed.code).toBe(0);
    await isClean(resumed, ['hush-hush']);
    expect(Object.values(begun())).toEqual([2]);
    const { params } = JSON.parse((await project.call(['show', 'latest', '--json'])).out).performance;
    expect(params).toEqual({ season: '2025', api_token: '***' });
  });
});

describe('--resume is refused', () => {
  const small = (name: string, command: string) =>
    `version: 1\nname: ${name}\ntasks:\n  a: { command: "${command}" }\n`;

  test('for a run that does not exist, has succeeded, is another pipeline’s or is under way, with what to do', async () => {
    project = createProject(small('one', 'test -e bad || true'));
    expect(await project.call(['run', '--resume'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('run/unknown-run'),
    });
    expect((await project.call(['run'])).code).toBe(0);
    const [id = ''] = runs();
    const succeeded = await project.call(['run', '--resume']);
    expect([succeeded.code, succeeded.err]).toEqual([2, expect.stringContaining('has succeeded')]);
    expect((await project.call(['run', '--resume', '2999'])).err).toContain('there is no run "2999"');
    write('other.yaml', small('other', 'false'));
    const other = await project.call(['run', 'other.yaml', '--resume', id]);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('is a run of pipeline "one"')]);
    const selecting = await project.call(['run', '--resume', '--only', 'a']);
    expect([selecting.code, selecting.err]).toEqual([2, expect.stringContaining('--resume and --only')]);
    write('pipeline.yaml', small('one', `touch begun; ${waits}`));
    const running = project.start(['run', '--ci']);
    await expect.poll(() => existsSync(join(project.directory, 'begun'))).toBe(true);
    const busy = await project.call(['run', '--resume']);
    expect([busy.code, busy.err]).toEqual([3, expect.stringContaining('is still running')]);
    write('go', '');
    expect((await running.ended).code).toBe(0);
    expect(runs()).toHaveLength(2);
  });

  test('for a journal that is damaged before its end, which stays as it is', async () => {
    project = createProject(small('one', 'false'));
    expect((await project.call(['run'])).code).toBe(1);
    const journal = join(project.directory, 'logs/etl/runs', runs()[0]!, 'journal.jsonl');
    const damaged = readFileSync(journal, 'utf8').replace('task.ready', 'task.reedy');
    writeFileSync(journal, damaged);
    const refused = await project.call(['run', '--resume']);
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('cannot be resumed')]);
    expect(readFileSync(journal, 'utf8')).toBe(damaged);
  });
});

test('a file that is named with --resume is the pipeline, and its hint names it', async () => {
  project = createProject('version: 1\nname: named\ntasks:\n  a: { command: "test -e go" }\n', 'my pipeline.yaml');
  const failed = await project.call(['run', 'my pipeline.yaml']);
  expect(failed.out).toContain("etl-tui run 'my pipeline.yaml' --resume");
  write('go', '');
  expect((await project.call(['run', '--resume', 'my pipeline.yaml'])).code).toBe(0);
});

test('a task that has succeeded runs again when a file that it declares as an input has changed since', async () => {
  project = createProject(`
version: 1
name: mended
tasks:
  fetch: { command: "cat source >raw.csv", inputs: [source], outputs: [raw.csv] }
  other: { command: "cat other >other.csv", inputs: [other], outputs: [other.csv] }
  load: { command: "grep -q right raw.csv", dependencies: [fetch, other] }
`);
  writeFileSync(join(project.directory, 'source'), 'wrong\n');
  writeFileSync(join(project.directory, 'other'), 'same\n');
  expect((await project.call(['run', '--ci'])).code).toBe(1);

  writeFileSync(join(project.directory, 'source'), 'right\n');
  const preview = await project.call(['run', '--resume', '--dry-run']);
  expect(preview.out).toContain('re-run: fetch (input source changed), load (it had failed)');
  const resumed = await project.call(['run', '--resume', '--ci']);
  expect(resumed.code).toBe(0);
  expect(resumed.out).toContain('reused: other');
  expect(resumed.out).toContain('re-run: fetch (input source changed), load (it had failed)');
});
