import { describe, expect, test } from 'vitest';
import type { EpochMs } from '../../../../src/engine/model/ids.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';
import { type FakeRun, fakeRun, noon } from '../../../support/fake-run.ts';
import { sketchPlan } from '../../../support/pipeline-builder.ts';

const yesterday = (noon - 86_400_000) as EpochMs;
const lastGood = { odds: { at: yesterday } };
const covered = {
  odds: { useLastGood: true as const },
  features: { after: ['odds'] },
  mart: { after: ['features', 'games'] },
  games: {},
};
const exitCode7 = { kind: 'exit-code', code: 7 };

function staleOf(run: FakeRun, task: string) {
  return entryAt(run.state().tasks, run.plan.indexOf.get(task as never)!).stale;
}

describe('a task whose last good load may stand in', () => {
  test('counts as done and degraded when its attempts have failed, and its downstream is stale', () => {
    const run = fakeRun({ tasks: { ...covered, odds: { useLastGood: true, retry: { retries: 1 } } } }, { lastGood });
    run.exit('odds', 1);
    run.fire('retry', 'odds');
    run.exit('odds', 7);
    expect(run.stateOf('odds')).toEqual({
      kind: 'succeeded',
      attempt: 2,
      degraded: 'its last good load',
      stale: { since: yesterday },
      cause: exitCode7,
    });
    run.exit('games');
    run.exit('features');
    run.exit('mart');
    const mark = { since: yesterday, task: 'odds', why: 'earlier-load' };
    expect(['odds', 'features', 'mart', 'games'].map((task) => staleOf(run, task))).toEqual([
      mark,
      mark,
      mark,
      undefined,
    ]);
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('fails as ever when no earlier load is known', () => {
    const run = fakeRun({ tasks: covered });
    run.exit('odds', 7);
    expect(run.stateOf('odds')).toEqual({ kind: 'failed', attempt: 1, cause: exitCode7 });
    expect(run.stateOf('features').kind).toBe('upstream-failed');
  });

  test('fails as ever in a run that stops, where it does not get all its attempts', () => {
    const run = fakeRun({ tasks: { ...covered, games: { critical: true } } }, { lastGood });
    run.exit('games', 1);
    run.exit('odds', 7);
    expect(run.stateOf('odds').kind).toBe('failed');
  });

  test('has its fallback tried first', () => {
    const fallback = { command: { kind: 'shell', script: 'cache' }, note: 'from the cache' } as const;
    const run = fakeRun({ tasks: { ...covered, odds: { useLastGood: true, fallback } } }, { lastGood });
    run.exit('odds', 7);
    expect(run.stateOf('odds')).toMatchObject({ kind: 'running', fallback: true });
    run.exit('odds', 1);
    expect(run.stateOf('odds')).toMatchObject({
      kind: 'succeeded',
      attempt: 1,
      stale: { since: yesterday },
      cause: exitCode7,
    });
  });

  test('does not stop the run, be it critical or the run sequential', () => {
    const critical = { ...covered, odds: { useLastGood: true as const, critical: true } };
    for (const run of [
      fakeRun({ tasks: critical }, { lastGood }),
      fakeRun({ tasks: covered }, { lastGood, sequential: true }),
    ]) {
      run.exit('odds', 7);
      expect(run.state().phase.kind).toBe('running');
    }
  });

  test('is cancelled or skipped when a person asks for that, whatever was loaded before', () => {
    for (const [ask, kind] of [
      ['cancelTask', 'cancelled'],
      ['skip', 'skipped'],
    ] as const) {
      const run = fakeRun({ tasks: covered }, { lastGood });
      run[ask]('odds');
      run.exit('odds', { kind: 'signalled', signal: 'SIGTERM' });
      expect(run.stateOf('odds').kind).toBe(kind);
    }
  });

  test('may time out as well, and is ended like any other', () => {
    const run = fakeRun({ tasks: covered }, { lastGood });
    run.fire('timeout', 'odds');
    run.exit('odds', { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.stateOf('odds')).toMatchObject({ kind: 'succeeded', cause: { kind: 'timeout' } });
  });

  test('has its gate asked about the earlier load, which may be wrong', () => {
    const run = fakeRun({ tasks: covered, checks: { sane: { after: ['odds'], gate: true } } }, { lastGood });
    run.exit('odds', 7);
    expect(run.asked()).toEqual(['sane']);
    run.answer('sane', 'fail');
    expect(run.stateOf('features').kind).toBe('upstream-failed');
  });

  test('goes on with the load of this run when it is run again and fails', () => {
    const run = fakeRun({ tasks: covered }, { lastGood });
    run.exit('odds');
    run.exit('features');
    run.pass(60_000);
    run.retry('odds');
    run.exit('odds', 7);
    expect(run.stateOf('odds')).toMatchObject({ kind: 'succeeded', stale: { since: noon } });
  });

  test('is up to date again once it has been retried by hand, and its downstream once that has run again', () => {
    const run = fakeRun({ tasks: covered }, { lastGood });
    run.exit('odds', 7);
    for (const task of ['games', 'features', 'mart']) run.exit(task);
    run.retry('odds', true);
    for (const task of ['odds', 'features', 'mart']) run.exit(task);
    expect(['odds', 'features', 'mart'].map((task) => staleOf(run, task))).toEqual([undefined, undefined, undefined]);
    expect(run.status()).toBe('success');
  });
});

describe('a task whose failure is tolerated', () => {
  const tolerated = { ...covered, odds: { continueOnFailure: true as const } };
  const ends = (run: FakeRun) => {
    run.exit('odds', 7);
    for (const task of ['games', 'features', 'mart']) run.exit(task);
    return ['odds', 'features', 'mart', 'games'].map((task) => staleOf(run, task));
  };

  test('leaves downstream stale since its last good load, and has no data itself', () => {
    const run = fakeRun({ tasks: tolerated }, { lastGood });
    const mark = { since: yesterday, task: 'odds', why: 'earlier-load' };
    expect(ends(run)).toEqual([undefined, mark, mark, undefined]);
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
    run.retry('odds', true);
    for (const task of ['odds', 'features', 'mart']) run.exit(task);
    expect(staleOf(run, 'mart')).toBeUndefined();
  });

  test('marks nothing when no good load of it is known', () => {
    expect(ends(fakeRun({ tasks: tolerated }))).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('a task that its fallback did', () => {
  const fallback = { command: { kind: 'shell', script: 'cache' }, note: 'from the cache' } as const;
  const tasks = { ...covered, odds: { fallback } };

  test('has data of its last good load, as far as anybody knows, and so has its downstream', () => {
    const run = fakeRun({ tasks }, { lastGood });
    run.exit('odds', 7);
    run.exit('odds');
    run.exit('features');
    expect(staleOf(run, 'odds')).toEqual({ since: yesterday, task: 'odds', why: 'earlier-load' });
    expect(staleOf(run, 'features')).toEqual(staleOf(run, 'odds'));
  });

  test('has new data when its author says so, or when nothing was ever loaded', () => {
    for (const run of [
      fakeRun({ tasks: { ...covered, odds: { fallback: { ...fallback, isFresh: true } } } }, { lastGood }),
      fakeRun({ tasks }),
    ]) {
      run.exit('odds', 7);
      run.exit('odds');
      expect(run.stateOf('odds')).toMatchObject({ kind: 'succeeded', degraded: 'from the cache' });
      expect(staleOf(run, 'odds')).toBeUndefined();
    }
  });
});

describe('what is downstream of a task that is run again', () => {
  const chain = { a: {}, b: { after: ['a'] }, c: { after: ['b'] }, other: {} };

  function done(): FakeRun {
    const run = fakeRun({ tasks: chain });
    for (const task of ['a', 'b', 'c']) {
      run.pass(1000);
      run.exit(task);
    }
    return run;
  }

  test('is stale from its start on until it runs again itself', () => {
    const run = done();
    run.pause();
    run.retry('a');
    expect(staleOf(run, 'b')).toBeUndefined();
    run.resume();
    const mark = { since: noon + 2000, task: 'a', why: 'rerun' };
    expect(['b', 'c', 'other'].map((task) => staleOf(run, task))).toEqual([mark, mark, undefined]);
    run.exit('a');
    expect(staleOf(run, 'c')).toEqual(mark);
    run.retry('b');
    run.exit('b');
    expect(staleOf(run, 'b')).toBeUndefined();
    expect(staleOf(run, 'c')).toEqual(mark);
    run.retry('c');
    run.exit('c');
    expect(staleOf(run, 'c')).toBeUndefined();
    expect(run.replayed()).toEqual(run.state());
  });

  test('is not stale afterwards when it is run again with it', () => {
    const run = done();
    run.retry('a', true);
    for (const task of ['a', 'b', 'c']) run.exit(task);
    expect(['a', 'b', 'c'].map((task) => staleOf(run, task))).toEqual([undefined, undefined, undefined]);
  });

  test('stays stale when the task fails this time: nobody knows what it has changed', () => {
    const run = done();
    run.retry('a');
    run.exit('a', 1);
    run.exit('other');
    expect(run.status()).toBe('failed');
    expect(staleOf(run, 'c')).toMatchObject({ task: 'a', why: 'rerun' });
  });

  test('is not stale when the task was cancelled before it began', () => {
    const run = done();
    run.pause();
    run.retry('a');
    run.cancelTask('a');
    expect(staleOf(run, 'b')).toBeUndefined();
  });

  test.each([true, false])(
    'is stale as well behind a task that is about to run again (and cancelled: %s)',
    (cancels) => {
      const run = done();
      run.pause();
      run.retry('b');
      run.retry('a');
      if (cancels) run.cancelTask('b');
      expect(staleOf(run, 'c')).toBeUndefined();
      run.resume();
      expect(run.stateOf('b').kind).toBe(cancels ? 'cancelled' : 'waiting');
      expect(staleOf(run, 'c')).toMatchObject({ task: 'a', why: 'rerun' });
    },
  );

  test('is stale as well when it was running on an intermediate result meanwhile', () => {
    const run = fakeRun({ tasks: chain });
    run.exit('a');
    run.exit('b');
    run.retry('a');
    run.exit('c');
    expect(staleOf(run, 'c')).toMatchObject({ task: 'a', why: 'rerun' });
  });

  test('is stale when the task had been skipped and runs after all', () => {
    const run = fakeRun({ tasks: chain });
    run.skip('a');
    run.exit('a', 1);
    run.exit('b');
    run.exit('c');
    run.retry('a');
    expect(staleOf(run, 'c')).toMatchObject({ task: 'a', why: 'rerun' });
  });
});

describe('what is made of data that no task of this run has loaded', () => {
  const mark = { since: yesterday, task: 'odds', why: 'earlier-load' } as const;

  test('is as stale as earlier runs say that data is', () => {
    const plan = sketchPlan({ tasks: covered }, { only: ['mart'] });
    const run = fakeRun(plan, { staleBefore: { features: mark } as never });
    run.exit('mart');
    expect(staleOf(run, 'mart')).toEqual(mark);
  });

  test('is so as well behind a task that is skipped, and not behind one that runs', () => {
    const run = fakeRun({ tasks: covered }, { staleBefore: { odds: mark, games: mark } as never });
    run.skip('odds');
    run.exit('odds', 1);
    run.exit('games');
    run.exit('features');
    expect(staleOf(run, 'features')).toEqual(mark);
    expect(staleOf(run, 'games')).toBeUndefined();
  });
});
