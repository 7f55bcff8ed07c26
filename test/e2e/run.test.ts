import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { callInShell, createProject, type Project } from './command-line.ts';
import { makeReadOnly } from './read-only.ts';

const projects: Project[] = [];

function project(pipeline: string, file?: string): Project {
  const created = createProject(pipeline, file);
  projects.push(created);
  return created;
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

const good = `
version: 1
name: good
tasks:
  games: { command: "echo loading" }
  plays: { command: "true", dependencies: [games] }
`;

const bad = `
version: 1
name: bad
tasks:
  odds: { command: "echo no odds today; exit 3" }
  mart: { command: "true", dependencies: [odds] }
  games: { command: "true" }
`;

/** Says on standard output of etl-tui that it runs, by failing first. */
const endless = `
version: 1
name: endless
tasks:
  first: { command: "exit 1" }
  long: { command: "trap 'exit 9' TERM; while :; do sleep 0.05; done", kill_grace: 30s }
`;

describe('a run', () => {
  test('that succeeds exits with 0 and writes its results', async () => {
    const { call, directory } = project(good);
    const { code, out, err } = await call(['run']);
    expect(err).toBe('');
    expect(out).toMatch(/✓ games +succeeded/);
    expect(out).toMatch(/✓ good succeeded in .*\n {2}tasks {3}2 succeeded\n/);
    expect(code).toBe(0);
    const [, path = ''] = /result +(\S+)/.exec(out) ?? [];
    expect(JSON.parse(readFileSync(join(directory, path), 'utf8'))).toMatchObject({ status: 'success' });
  });

  test('in which a task fails exits with 1, and prints what the task printed', async () => {
    const { code, out } = await project(bad).call([]);
    expect(out).toContain('│ no odds today\n');
    expect(out).toMatch(/⊘ mart +not run +"odds" failed/);
    expect(out).toMatch(/✓ games +succeeded/);
    expect(code).toBe(1);
  });

  test('starts without the word "run" too, with the file and options', async () => {
    const { code, out } = await project(good, 'other.yaml').call(['other.yaml', '--sequential', '--no-color']);
    expect(out).toContain('good: 2 tasks, one at a time\n');
    expect(code).toBe(0);
  });

  test('accepts tasks by name, and parameters', async () => {
    const pipeline = `${good}  show: { command: 'echo "season $ETL_PARAM_SEASON"; exit 1' }\nparams: { season: { pattern: '^\\d+$' } }\n`;
    const { call } = project(pipeline);
    const shown = await call(['--only', 'show', '-p', 'season=2024']);
    expect(shown.out).toContain('│ season 2024\n');
    expect(shown.out).toContain('  tasks   1 failed\n');
    const missing = await call(['--only', 'show']);
    expect(missing.err).toContain('error[usage/bad-argument]: parameter "season" has no value');
    expect(missing.code).toBe(2);
  });

  test('limits the retry delay that a task reports as a point in time, and says so', async () => {
    const { call } = project(`
version: 1
name: limited
tasks:
  odds:
    command: |
      [ "$ETL_ATTEMPT" = 2 ] && exit 0
      echo '{"retry_after_seconds": 1e15, "rows": 1e300}' >> "$ETL_TASK_REPORT"; exit 1
    retries: 1
    backoff: { max_retry_after: 100ms }
`);
    const plain = await call([]);
    expect(plain.out).toMatch(/again in 0\.1s \(it asked for .*h.*; the limit is backoff\.max_retry_after\)\n/);
    expect(plain.code).toBe(0);
    const { out, code } = await call(['--reporter', 'json']);
    expect(out).toMatch(/"type":"task\.backing-off".*"askedMs":/);
    expect(code).toBe(0);
  });

  test('continues to its end when nobody reads its output any more', async () => {
    const slow = `${good}  late: { command: "sleep 1; touch late.txt", dependencies: [plays] }\n`;
    const { start, directory } = project(slow);
    const { child, says, ended } = start([]);
    await says('games');
    child.stdout?.destroy();
    await expectCleanAftermath({ directory, ended, exitCodes: [0] });
    expect(existsSync(join(directory, 'late.txt'))).toBe(true);
    expect(readdirSync(join(directory, 'logs/etl')).some((name) => name.startsWith('parallel_run_'))).toBe(true);
  });

  test('writes its logs to the directory of --log-dir', async () => {
    const { call, directory } = project(good);
    await call(['--log-dir', 'elsewhere']);
    expect(readdirSync(join(directory, 'elsewhere'))).toContain('runs');
    expect(existsSync(join(directory, 'logs'))).toBe(false);
  });

  test.runIf(existsSync('/dev/full'))('reports on standard error when its log cannot be written', async () => {
    const { directory, remove } = createProject(good);
    onTestFinished(remove);
    const ended = callInShell(directory, 'run --ci > /dev/full');
    expect(ended.stderr).toBe(
      'error[run/cannot-write]: Cannot write "standard output": no space is left\n' +
        '  hint: free some space, or write it to another place\n',
    );
    expect(ended.status).toBe(0);
    for (const command of [
      'run --ci --reporter json',
      'run --dry-run',
      'history',
      'history --json',
      'show latest --json',
      'logs latest games',
      'validate --format json',
      'schema',
      '--help',
    ]) {
      const { stderr, status } = callInShell(directory, `${command} > /dev/full`);
      expect([command, stderr]).toEqual([command, ended.stderr]);
      expect([command, status]).toEqual([command, command.startsWith('run --ci') ? 0 : 1]);
    }
  });

  test('is not reported as failed when its log goes into a closed pipe', async () => {
    const { directory, remove } = createProject(good);
    onTestFinished(remove);
    expect(callInShell(directory, 'run --ci | true').stderr).toBe('');
  });

  test('does not start, and makes no directory, when its JUnit report could not be written', async () => {
    const { call, directory } = project('name: one\ntasks: { a: { command: "touch begun" } }\n');
    const { code, err } = await call(['--junit', 'absent/reports/junit.xml']);
    expect(err).toMatch(
      /^error\[run\/cannot-write\]: Cannot write ".*": there is no such directory\n.*hint: create the dir/,
    );
    expect(code).toBe(3);
    expect(existsSync(join(directory, 'absent'))).toBe(false);
    expect(existsSync(join(directory, 'begun'))).toBe(false);
    const taken = await call(['--junit', '.']);
    expect(taken.err).toContain('it is a directory');
    expect(taken.code).toBe(3);
    expect((await call(['--junit', 'reports/junit.xml'])).code).toBe(0);
    expect(readdirSync(join(directory, 'reports'))).toEqual(['junit.xml']);
  });

  test('writes a JUnit report', async () => {
    const { call, directory } = project(bad);
    const { code } = await call(['--junit', 'reports/junit.xml']);
    expect(code).toBe(1);
    expect(readFileSync(join(directory, 'reports/junit.xml'), 'utf8')).toContain(
      '<testsuite name="tasks" tests="3" failures="1" errors="0" skipped="1"',
    );
    expect(readdirSync(join(directory, 'reports'))).toEqual(['junit.xml']);
  });

  test('in JSON prints one event per line and nothing else', async () => {
    const { code, out, err } = await project(bad).call(['--reporter', 'json']);
    expect(err).toBe('');
    const types = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types[0]).toBe('run.started');
    expect(types.at(-1)).toBe('run.reported');
    expect(types).toContain('task.finished');
    expect(code).toBe(1);
  });

  test('has colours with FORCE_COLOR, and ASCII icons with --ascii', async () => {
    const { call } = project(good);
    expect((await call([], { FORCE_COLOR: '1' })).out).toContain('\x1b[32m✓\x1b[39m');
    expect((await call(['--ascii'])).out).toMatch(/\+ games/);
  });

  test('whose database does not answer exits with 3 and starts nothing', async () => {
    const { call, directory } = project(good.replace('echo loading', "psql -c 'SELECT 1'"));
    const ended = await call([], { DATABASE_URL: 'postgres://user:Canary-4711@127.0.0.1:1/db' });
    expect(ended.err).toContain('error[database/unreachable]');
    expect(ended.out).toBe('');
    await expectCleanAftermath({ directory, ended, exitCodes: [3], canaries: ['Canary-4711'] });
    expect(existsSync(join(directory, 'logs/etl/runs'))).toBe(false);
  });
});

test('the program prints its version, and a wrong call exits with 2', async () => {
  const { call } = project(good);
  expect(await call(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n', err: '' });
  expect(await call(['--dry-rnu'])).toMatchObject({ code: 2, out: '' });
});

test('a bug exits with 70, and prints its stack trace on request', async () => {
  const { call } = project(good.replace('command', 'comand'));
  // Without it no excerpt can be printed, which the program does not expect.
  const env = { NODE_OPTIONS: '--import=data:text/javascript,Intl.Segmenter=undefined' };
  const { code, err } = await call(['validate'], env);
  expect(err).toMatch(
    /^etl-tui: Intl\.Segmenter is not a constructor\nThis is a bug in etl-tui 0\.1\.0, not in your pipeline\./,
  );
  expect(err).not.toContain(' at ');
  expect(code).toBe(70);
  expect((await call(['validate'], { ...env, ETL_TUI_DEBUG: '1' })).err).toMatch(/\n +at /);
});

test('a bug is reported without the secrets of the environment and of the call', async () => {
  const { call } = project(good.replace('command', 'comand'));
  const fails = 'Intl.Segmenter=class{constructor(){throw%20Error(process.env.API_TOKEN+process.argv.join())}}';
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${fails}`, API_TOKEN: 'canary-1' };
  for (const more of [{}, { ETL_TUI_DEBUG: '1' }]) {
    const { code, err } = await call(['run', '-p', 'password=canary-2'], { ...env, ...more });
    expect(err).not.toContain('canary');
    expect([code, err]).toEqual([70, expect.stringContaining('***')]);
  }
});

describe('stopping a run', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s lets its tasks end, writes its results and exits with %i', async (signal, expected) => {
    const { start, directory } = project(endless);
    const { child, says, ended } = start([]);
    await says('first');
    child.kill(signal);
    const { out } = await ended;
    expect(out).toMatch(/⊘ long +cancelled/);
    expect(out).toContain('endless was cancelled');
    const result = readdirSync(join(directory, 'logs/etl')).find((name) => name.startsWith('parallel_run_'))!;
    expect(JSON.parse(readFileSync(join(directory, 'logs/etl', result), 'utf8'))).toMatchObject({
      status: 'cancelled',
    });
    await expectCleanAftermath({ directory, ended, exitCodes: [expected] });
  });

  test('by a second signal kills tasks that ignore the first, and still writes the results', async () => {
    // Its grace is longer than this test may take.
    const deaf = endless.replace("trap 'exit 9' TERM", "trap '' TERM; touch ignores.txt").replace('30s', '1h');
    const { start, directory } = project(deaf);
    const { child, says, ended } = start([]);
    await expect.poll(() => existsSync(join(directory, 'ignores.txt'))).toBe(true);
    child.kill('SIGINT');
    await says('cancelled, stopping the running tasks');
    // Two signals at once are one wish, so the second comes when somebody would have lost patience.
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGINT');
    const { out } = await ended;
    expect(out).toContain('endless was cancelled');
    await expectCleanAftermath({ directory, ended, exitCodes: [130] });
  });

  test('by the same signal twice at one moment, from a wrapper and the terminal, counts once', async () => {
    const slow = endless.replace("trap 'exit 9' TERM", "trap 'sleep 1; touch ended.txt; exit 9' TERM; touch heeds.txt");
    const { start, directory } = project(slow);
    const { child, ended } = start([]);
    await expect.poll(() => existsSync(join(directory, 'heeds.txt'))).toBe(true);
    // Two of the same kind would melt into one on the way; and both wait until it goes on.
    for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) child.kill(signal);
    await expectCleanAftermath({ directory, ended, exitCodes: [130, 143] });
    expect(existsSync(join(directory, 'ended.txt'))).toBe(true);
  });
});

describe('a project directory that is not writable', () => {
  test('has its lock elsewhere, which is said once, and allows one run at a time', async ({ skip }) => {
    const { directory, start, call, remove } = createProject(
      'name: one\ntasks: { a: { command: "until [ -e $GO/go ]; do sleep 0.05; done" } }\n',
    );
    onTestFinished(remove);
    const elsewhere = mkdtempSync(join(tmpdir(), 'etl-tui-elsewhere-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    if (!makeReadOnly(directory)) return skip('this container may not mount');
    const env = { XDG_STATE_HOME: join(elsewhere, 'state'), GO: elsewhere };
    const refused = await call(['run', '--ci'], env);
    expect(refused.err).toMatch(/Cannot write ".*logs"?.*\n.* another (one|directory) with --log-dir/);
    expect(refused.code).toBe(3);
    const args = ['run', '--ci', '--log-dir', join(elsewhere, 'logs')];
    const first = start([...args, '--reporter', 'json'], env);
    await first.says('task.spawned');
    const second = await call(args, env);
    expect(second.err).toContain('error[run/locked]');
    expect(second.code).toBe(3);
    writeFileSync(join(elsewhere, 'go'), '');
    const { err } = await first.ended;
    expect(err.match(/the project is not writable, so .*\n/g)).toHaveLength(1);
    expect(err).toContain(join(elsewhere, 'state', 'etl-tui'));
    const logDir = join(elsewhere, 'logs');
    await expectCleanAftermath({ directory, logDir, env, ended: first.ended, exitCodes: [0] });
    const again = await call(['run', '--ci', '--log-dir', join(directory, 'logs')], env);
    expect(again.err).toContain('choose another directory');
    expect(again.err).not.toContain('--log-dir');
  });
});

test.runIf(existsSync('/proc/self'))('and a log directory in /proc is refused at once', async () => {
  const { code, err } = await project(good).call(['--log-dir', '/proc/x']);
  expect(err).toContain('error[run/cannot-write]: Cannot write "/proc/x');
  expect(code).toBe(3);
});
