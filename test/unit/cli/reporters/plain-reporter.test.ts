import { describe, expect, test } from 'vitest';
import { plainReporter } from '../../../../src/cli/reporters/plain-reporter.ts';
import { type EpochMs, ok, planPipeline, type TaskId } from '../../../../src/engine/index.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { seenHost } from '../../../support/hosts.ts';
import { dangerous, reportRun, scene } from './report-run.ts';

describe('the log of a run', () => {
  test('has a line for each task that ended, with its duration and rows', () => {
    const run = fakeRun({ tasks: { games: {}, plays: { after: ['games'] } } });
    run.report('games', { rows: 49_665, rowsChanged: 12 });
    run.pass(3_100);
    run.exit('games');
    run.pass(61_000);
    run.exit('plays');
    expect(reportRun(plainReporter, run, { database: 'PostgreSQL at db:5432/nfl' })).toBe(
      [
        'sketch: 2 tasks, up to 8 at once',
        'run 20260105_120000_test, started 2026-01-05 12:00:00 UTC, PostgreSQL at db:5432/nfl',
        '',
        '00:03  ✓ games     succeeded        3.1s  49,665 rows, 12 changed',
        '01:04  ✓ plays     succeeded       1m01s',
        '',
        '✓ sketch succeeded in 1m04s',
        '  tasks   2 succeeded',
        '  result  logs/etl/parallel_run_x.json',
        '  logs    logs/etl/runs/x',
        '',
      ].join('\n'),
    );
  });

  test('has columns for the names of instances once they are known', () => {
    const text = `tasks:
  filter: { command: x }
  load: { command: x, matrix: { feed: { lines: feeds.txt, from: filter } } }
`;
    const run = fakeRun(planPipeline(text, 'f.yaml').plan!);
    const exit = { kind: 'exited', code: 0 } as const;
    const ended = (task: string) =>
      run.take({
        type: 'exited',
        task: task as TaskId,
        attempt: 1,
        exit,
        lastOutput: '',
        ...(task === 'filter' ? { lines: ok({ 'filter feeds.txt': ['a', 'a-very-long-name'] }) } : {}),
      });
    for (const task of ['filter', 'load[feed=a]', 'load[feed=a-very-long-name]']) ended(task);
    const [title, , , ...lines] = reportRun(plainReporter, run).split('\n');
    expect(title).toBe('f: 2 tasks, 1 of them with a matrix (instances not known yet), up to 8 at once');
    expect(lines.slice(1, 4)).toEqual([
      '00:00  ✓ filter                       succeeded        0.0s',
      '00:00  ✓ load[feed=a]                 succeeded        0.0s',
      '00:00  ✓ load[feed=a-very-long-name]  succeeded        0.0s',
    ]);
  });

  test('names the phases that the run leaves out in its second line', () => {
    const run = fakeRun({ tasks: { games: {} } });
    run.exit('games');
    expect(reportRun(plainReporter, run, { leftOut: ['checks', 'analysis'] })).toContain(
      'started 2026-01-05 12:00:00 UTC, without checks, analysis\n',
    );
  });

  test('says when and why an attempt is retried', () => {
    const run = fakeRun({ tasks: { odds: { retry: { retries: 2, initialMs: 1_400 } } } });
    run.pass(500);
    run.exit('odds', 1);
    run.fire('retry', 'odds');
    run.exit('odds');
    const log = reportRun(plainReporter, run);
    expect(log).toContain(
      '00:00  ↻ odds      retrying               attempt 1 of 3 failed: exit code 1, again in 1.4s\n',
    );
    expect(log).toContain('00:01  ✓ odds      succeeded        1.9s  2 attempts\n');
  });

  test('names the host on which a task ran, where tasks run on several', () => {
    const run = fakeRun({ tasks: { games: {} } }, { elsewhere: true, auto: true });
    run.hosts(seenHost('anna#1'));
    run.exit('games');
    const log = reportRun(plainReporter, run);
    expect(log).toContain('sketch: 1 task, as many at once as hosts have slots\n');
    expect(log).toContain('00:00  ✓ games     succeeded        0.0s  on anna\n');
  });

  test('shows the end of a failed task’s output, and the path of its log', () => {
    const run = fakeRun({ tasks: { odds: {}, other: {} } });
    run.exit('odds', 3);
    run.exit('other');
    const output = Array.from({ length: 50 }, (_, at) => `line ${at + 1}`).join('\n');
    const log = reportRun(plainReporter, run, { output: { odds: `${output}\n`, other: 'not shown' } });
    expect(log).toContain('✗ odds      failed           0.0s  exit code 3\n         │ line 31\n');
    expect(log).toContain('         │ line 50\n         log: logs/etl/runs/x/tasks/odds/1.log\n');
    expect(log).not.toContain('line 30\n');
    expect(log).not.toContain('not shown');
  });

  test('lists in one line the tasks that one failure keeps from running, and names the failed task', () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`t${at}`, { after: at === 0 ? ['odds'] : [`t${at - 1}`] }]),
    );
    const run = fakeRun({ tasks: { odds: {}, ...tasks } });
    run.exit('odds', 1);
    const log = reportRun(plainReporter, run);
    expect(log).toContain(
      '⊘ 12 tasks  not run                "odds" failed: t0, t1, t2, t3, t4, t5, t6, t7 and 4 more\n',
    );
    expect(log).toContain('Not run\n  ⊘ t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11: "odds" failed\n');
    expect(log).toContain('✗ sketch failed in 0.0s\n  tasks   1 failed, 12 not run\n');
  });

  test('shows the message of a task, and how many rows it changed', () => {
    const run = fakeRun({ tasks: { plays: {}, odds: {} } });
    run.report('plays', { rows: 1_200, rowsChanged: 1_200, message: 'sample data: 2 seasons' });
    run.exit('plays');
    run.report('odds', { rows: 0, rowsChanged: 0 });
    run.exit('odds');
    const log = reportRun(plainReporter, run);
    expect(log).toContain('1,200 rows, all changed (sample data: 2 seasons)\n');
    expect(log).toContain('0 rows, 0 changed\n');
  });

  test('says that a fallback was used', () => {
    const fallback = { command: { kind: 'shell', script: 'true' }, note: 'yesterday’s odds' } as const;
    const run = fakeRun({ tasks: { odds: { fallback } } });
    run.exit('odds', 1);
    run.exit('odds', 0);
    const log = reportRun(plainReporter, run);
    expect(log).toContain('↻ odds      fallback               attempt 1 of 1 failed: exit code 1, its fallback runs\n');
    expect(log).toContain('≈ odds      degraded         0.0s  yesterday’s odds, 2 attempts\n');
    expect(log).toContain('Degraded\n  ≈ odds: yesterday’s odds\n');
    expect(log).toContain('✓ sketch succeeded in 0.0s, with 1 degraded task\n  tasks   1 degraded\n');
  });

  test('mentions warnings after a success', () => {
    const checks = { fresh: {}, complete: {}, unique: {} };
    const run = fakeRun({ tasks: { plays: {} }, checks });
    run.exit('plays');
    run.answer('fresh', 'warn');
    run.answer('complete', 'warn');
    run.answer('unique', 'pass');
    const log = reportRun(plainReporter, run);
    expect(log).toContain('✓ sketch succeeded in 0.0s, with 2 warnings\n  tasks   1 succeeded\n');
    expect(log).toContain('  checks  1 passed, 2 warned  ');
  });

  test('distinguishes wrong data from a failed task', () => {
    const run = fakeRun({
      tasks: { plays: {} },
      checks: { orphans: { after: ['plays'] }, fresh: { after: ['plays'], onFail: 'warn' } },
    });
    run.exit('plays');
    run.answer('orphans', 'fail');
    run.answer('fresh', 'warn');
    const log = reportRun(plainReporter, run, { color: true });
    expect(log).toContain('\x1b[35mcheck failed\x1b[39m');
    expect(log).toContain('\x1b[33mcheck warned\x1b[39m');
    expect(log).toContain('sketch ran\x1b[22m in 0.0s, but its data is wrong');
    expect(log).toContain('  checks  1 warned, 1 failed  ');
    expect(log).toContain('logs/etl/consistency_x.json');
  });

  test('of a cancelled run says what was ended and what never started', () => {
    const run = fakeRun({ tasks: { long: {}, next: { after: ['long'] }, last: { after: ['next'] } } });
    run.pass(2_000);
    run.cancel();
    run.exit('long', { kind: 'signalled', signal: 'SIGTERM' });
    const log = reportRun(plainReporter, run);
    expect(log).toContain(
      '00:02  ! cancelled, stopping the running tasks; 1 task still running (a second signal kills them at once)\n',
    );
    expect(log).toContain('⊘ long      cancelled        2.0s  the run was cancelled\n');
    expect(log).toContain('⊘ 2 tasks   not run                the run was cancelled: next, last\n');
    expect(log).toContain('⊘ sketch was cancelled in 2.0s\n  tasks   2 not run, 1 cancelled\n');
  });

  test('tells the time left at most once a minute, also when much is said', () => {
    const run = fakeRun({ tasks: { plays: {}, odds: {} } });
    let written = '';
    const reporterContext = scene({}, (text) => (written += text));
    const reporter = plainReporter({
      ...reporterContext,
      timeLeft: () => ({ ms: 90_000, lowMs: 50_000, highMs: 125_000 }),
    });
    reporter.report(run.events[0]!, run.state());
    const from = run.now();
    run.pass(58_000);
    run.exit('odds');
    for (const event of run.events.slice(1)) reporter.report(event, run.state());
    written = '';
    for (const ms of [59_000, 61_000, 66_000, 119_000, 122_000]) reporter.onTick((from + ms) as EpochMs, run.state());
    expect(written.split('\n')).toEqual([
      '01:01    50s-2m05s left, 1 of 2 tasks done',
      '02:02    still running: plays for 2m02s, 50s-2m05s left, 1 of 2 tasks done',
      '',
    ]);
  });

  test('without a host that takes tasks it says so after a few seconds, and then once a minute', () => {
    const run = fakeRun({ tasks: { load: {} } }, { elsewhere: true });
    const at = run.now();
    let written = '';
    const reporter = plainReporter(scene({}, (text) => (written += text)));
    for (const event of run.events) reporter.report(event, run.state());
    written = '';
    for (const ms of [3_000, 6_000, 20_000, 67_000]) reporter.onTick((at + ms) as EpochMs, run.state());
    expect(written).toBe(
      '00:06    nothing runs; ready, but waiting: load (waits for a host)\n' +
        '01:07    nothing runs; ready, but waiting: load (waits for a host)\n',
    );
  });

  test('a reminder says what ready tasks wait for, those with one reason together', () => {
    const pooled = { pools: ['odds_api'] };
    const run = fakeRun({ pools: { odds_api: 1 }, tasks: { plays: {}, a: pooled, b: pooled, c: pooled } });
    let written = '';
    const reporter = plainReporter(scene({}, (text) => (written += text)));
    const remind = (ms: number) => {
      written = '';
      reporter.onTick((run.now() + ms) as EpochMs, run.state());
      return written;
    };
    for (const event of run.events) reporter.report(event, run.state());
    expect(remind(61_000)).toBe(
      '01:01    still running: plays for 1m01s, a for 1m01s; ready, but waiting: b, c (pool odds_api is full: a holds it)\n',
    );
    run.pause();
    run.exit('plays');
    run.exit('a');
    expect(remind(122_000)).toBe('02:02    nothing runs; ready, but waiting: b, c (run is paused)\n');
  });

  test('reminds of running tasks after a long silence, and not after a short one', () => {
    const run = fakeRun({ tasks: { plays: {}, odds: {} } });
    run.report('plays', { progress: 0.39, message: 'week 7 of 18' });
    let written = '';
    const reporter = plainReporter(scene({}, (text) => (written += text)));
    for (const event of run.events) reporter.report(event, run.state());
    const later = (ms: number) => (run.now() + ms) as EpochMs;
    written = '';
    reporter.onTick(later(59_000), run.state());
    expect(written).toBe('');
    reporter.onTick(later(61_000), run.state());
    reporter.onTick(later(66_000), run.state());
    expect(written).toBe('01:01    still running: plays for 1m01s (39 %, week 7 of 18), odds for 1m01s\n');
  });

  test('prints no control sequences of a task or a database', () => {
    const evil = '\x1b]0;owned\x07\x1b[2J\x9b31mred \u202eevil\x1b[0m ##vso[task.setvariable]x ##[add-path]/tmp';
    const run = fakeRun({ tasks: { odds: {} }, checks: { orphans: {} } });
    run.exit('odds', { kind: 'not-started', reason: 'usage', message: `gone ${evil}` });
    const result = {
      check: 'orphans',
      verdict: 'fail',
      summary: evil,
      measured: { keys: [evil] },
      durationMs: 1,
    } as const;
    const events = [...run.events, { at: run.now(), type: 'check.finished', result } as const];
    const log = reportRun(plainReporter, { ...run, events }, { output: { odds: `${evil}\r\n${evil}` } });
    expect(log).not.toMatch(dangerous);
    expect(log.split('\n').filter((line) => line.includes('│'))).toEqual([
      '         │ red evil ## vso[task.setvariable]x ## [add-path]/tmp',
      '         │ red evil ## vso[task.setvariable]x ## [add-path]/tmp',
    ]);
  });
});
