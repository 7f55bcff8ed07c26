import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../integration/engine/executors/local/leftover-processes.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

function pipelineOf(checks: string, tasks = '  load: { command: "true" }\n'): Project {
  return createProject(`version: 1\nname: by-command\nsecrets: [LICENCE]\ntasks:\n${tasks}checks:\n${checks}`);
}

function read(pattern: RegExp): string {
  const logs = join(project.directory, 'logs/etl');
  const names = readdirSync(logs, { recursive: true, encoding: 'utf8' });
  return readFileSync(join(logs, names.find((name) => pattern.test(name))!), 'utf8');
}

const hasDatabase = () => existsSync(join(project.directory, '.etl-tui/db'));

describe('checks by command', () => {
  test('run without a database, compare the first cell, and fail the run with 4', async () => {
    project = pipelineOf(`
  - { name: none, command: "echo '0|all well'", expect: 0 }
  - name: orphans
    description: every order has a customer
    command: [printf, '3\\t%s\\n', "orders 7, 9, 12"]
    expect: 0
    after: [load]
  - { name: quiet, command: "exit 0" }
`);
    const ended = await project.call(['--junit', 'junit.xml']);
    expect(ended.code).toBe(4);
    const found = 'every order has a customer: the command gave 3, expected 0';
    expect(ended.out).toContain(found);
    expect(ended.out.split('every order has a customer')).toHaveLength(3);
    expect(readFileSync(join(project.directory, 'junit.xml'), 'utf8')).toContain(`<failure message="${found}`);
    const report = JSON.parse(read(/^consistency_/));
    expect(report.checks).toMatchObject([
      { check: 'none', status: 'pass', value: 0 },
      { check: 'orphans', status: 'fail', value: 3, expect: 0 },
      { check: 'quiet', status: 'pass', exit_code: 0 },
    ]);
    expect(JSON.parse(read(/^performance\/execution_/)).checks).toEqual([
      { check: 'none', kind: 'command', status: 'pass', value: 0 },
      { check: 'orphans', kind: 'command', status: 'fail', value: 3 },
      { check: 'quiet', kind: 'command', status: 'pass' },
    ]);
    expect(hasDatabase()).toBe(false);
  });

  test('say by their exit code that the data is wrong (1), or that nothing is known of it (2 and above)', async () => {
    project = pipelineOf(`
  - { name: wrong, command: "echo 2 models fail >&2; exit 1" }
  - { name: broken, command: [no-such-program-anywhere] }
`);
    const ended = await project.call(['check']);
    expect(ended.out).toContain('the command ended with exit code 1: 2 models fail');
    expect(ended.out).toMatch(/broken.*check error.*no-such-program-anywhere/);
    expect(ended.code).toBe(1);
    expect(hasDatabase()).toBe(false);
  });

  test('that only warn leave the run a success', async () => {
    project = pipelineOf('\n  - { name: old, command: "exit 1", on_fail: warn }\n');
    expect((await project.call([])).code).toBe(0);
    expect((await project.call(['check'])).code).toBe(0);
  });

  test('are ended with everything they started when they take too long', async () => {
    project = pipelineOf(
      `\n  - { name: slow, command: "sleep 3600 & echo $! > child.pid; trap '' TERM; sleep 3600", timeout: 5s }\n`,
    );
    const ended = await project.call([]);
    expect(ended.out).toContain('timed out after 5s');
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1] });
    const child = Number(readFileSync(join(project.directory, 'child.pid'), 'utf8'));
    expect(isAlive(child)).toBe(false);
  });

  test('show no secret and obey no escape sequence of their output', async () => {
    project = pipelineOf(`
  - { name: leaky, description: nobody may see spring-water-4711, command: "echo \\"key $LICENCE\\" >&2; printf '\\\\033]0;title\\\\007%s\\\\n' \\"$LICENCE\\"; exit 1", after: [load] }
`);
    const env = { LICENCE: 'spring-water-4711' };
    const ended = await project.call(['--junit', 'junit.xml'], env);
    const checked = await project.call(['check', '--output', 'report.json'], env);
    const canaries = ['spring-water-4711'];
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [4], canaries });
    const files = ['junit.xml', 'report.json'].map((name) => readFileSync(join(project.directory, name), 'utf8'));
    const written = [ended.out, ended.err, checked.out, checked.err, ...files, read(/^consistency_/), read(/journal/)];
    for (const text of written) {
      expect(text).not.toContain('spring-water');
      expect(text).not.toContain('\u001b]0');
    }
    expect(checked.out).toContain('***');
  });

  test('get what tasks get', async () => {
    project = createProject(`
version: 1
name: by-command
params: { day: { default: monday } }
env: { MODE: bulk }
tasks: { load: { command: "true" } }
checks:
  - { name: env, command: 'echo "$ETL_PARAM_DAY $MODE $ETL_CHECK \${ETL_TASK-none} $(env | grep -c ^DATABASE_)"', expect: tuesday bulk env none 0 }
`);
    expect((await project.call(['-p', 'day=tuesday'])).code).toBe(0);
    expect((await project.call(['check', '-p', 'day=tuesday'])).code).toBe(0);
    expect((await project.call(['check'])).out).toContain('gave monday bulk env none 0, expected tuesday');
  });
});

describe('a precondition', () => {
  test('keeps its task from starting until it has passed, and nothing else', async () => {
    const tasks =
      '  load: { command: "cat in.csv" }\n  mart: { command: "true", dependencies: [load] }\n  other: { command: "true" }\n';
    project = pipelineOf('\n  - { name: file_is_there, command: test -s in.csv, before: [load] }\n', tasks);
    const missing = await project.call([]);
    expect(missing.code).toBe(4);
    expect(missing.out).toContain('load, mart: check file_is_there failed');
    expect(missing.out).toMatch(/other +succeeded/);
    writeFileSync(join(project.directory, 'in.csv'), 'x\n');
    const there = await project.call([]);
    expect(there.code).toBe(0);
    expect(there.out.indexOf('file_is_there')).toBeLessThan(there.out.indexOf(' load '));
  });
});

describe('a gate that names tasks', () => {
  test('holds back these only', async () => {
    const tasks =
      '  load: { command: "true" }\n  mart: { command: "true", dependencies: [load] }\n  report: { command: "true", dependencies: [load] }\n';
    project = pipelineOf('\n  - { name: sane, command: "exit 1", after: [load], gate: [report] }\n', tasks);
    const ended = await project.call([]);
    expect(ended.code).toBe(4);
    expect(ended.out).toMatch(/mart +succeeded/);
    expect(ended.out).toContain('report: check sane failed');
  });
});

describe('check', () => {
  const checks =
    '\n  - { name: good, command: "echo 0", expect: 0 }\n  - { name: bad, command: "echo 2", expect: 0 }\n';

  test('--json prints the results and nothing else, and --output writes the same', async () => {
    project = pipelineOf(checks);
    const ended = await project.call(['check', '--json', '--output', 'out/report.json']);
    expect(ended.code).toBe(4);
    const printed = JSON.parse(ended.out);
    expect(printed).toMatchObject({ status: 'fail', summary: { pass: 1, fail: 1 }, not_run: [] });
    expect(JSON.parse(readFileSync(join(project.directory, 'out/report.json'), 'utf8'))).toEqual(printed);
  });

  test('that is stopped ends what it started, and leaves nothing behind', async () => {
    project = pipelineOf('\n  - { name: long, command: "echo $$ > shell.pid; sleep 3600" }\n');
    const temporary = join(project.directory, 'tmp');
    mkdirSync(temporary);
    const running = project.start(['check'], { TMPDIR: temporary });
    const pid = () => readFileSync(join(project.directory, 'shell.pid'), 'utf8');
    await expect.poll(pid).toMatch(/^\d+\n/);
    running.child.kill('SIGTERM');
    await expectCleanAftermath({ directory: project.directory, ended: running.ended, exitCodes: [143] });
    expect(isAlive(Number(pid()))).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('says that there is no temporary directory, which it needs for commands', async () => {
    project = pipelineOf(checks);
    const ended = await project.call(['check'], { TMPDIR: '/no/such/place' });
    expect(ended.err).toContain('error[run/cannot-write]: Cannot write "/no/such/place": there is no such directory');
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [3] });
  });

  test('says at once, and before it asks, that its file cannot be written', async () => {
    project = pipelineOf(checks);
    const ended = await project.call(['check', '--output', 'no/such/place/report.json']);
    expect(ended.err).toContain('Cannot write');
    expect(ended.out).toBe('');
    expect(ended.code).not.toBe(0);
  });
});
