import { describe, expect, test } from 'vitest';
import { describeNotRun } from '../../../../src/engine/results/causes/describe-not-run.ts';
import { exitVerdict } from '../../../../src/engine/results/causes/exit-verdict.ts';
import { fakeRun, resumedRun } from '../../../support/fake-run.ts';

const hour = 3_600_000;
const sketch = {
  tasks: {
    done: {},
    load: {},
    mart: { after: ['load'] },
    other: { after: ['done'], retry: { retries: 3, initialMs: 60_000 } },
  },
  limits: { runMs: 4 * hour },
};

/** A run whose task `load` hangs until the limit is reached. */
function runToLimit() {
  const run = fakeRun(sketch);
  run.exit('done');
  run.exit('other', 1);
  run.fire('run-limit', 'the run');
  return run;
}

describe('a run that takes longer than limits.run', () => {
  test('is ended: what runs is terminated, what waits or backs off is cancelled, and it has failed', () => {
    const run = runToLimit();
    expect(run.state().phase).toEqual({ kind: 'draining', reason: { kind: 'run-limit', afterMs: 4 * hour } });
    expect(run.effects.at(-1)).toMatchObject({ type: 'terminate-task', task: 'load' });
    expect(run.summary()).toBe('done: succeeded, load: running, mart: cancelled, other: cancelled');
    run.exit('load', { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.stateOf('load')).toEqual({
      kind: 'cancelled',
      reason: 'the run reached its limit of 4h',
      withRun: true,
    });
    expect(run.state().phase).toMatchObject({ kind: 'finished', status: 'failed', reason: { kind: 'run-limit' } });
    expect(exitVerdict(run.state())).toBe('task-failed');
    expect(describeNotRun(run.state(), run.plan.indexOf.get('mart' as never)!)).toBe('the run reached its limit of 4h');
    expect(run.replayed()).toEqual(run.state());
  });

  test('is not told from a task that ends well at the last moment: it was to be ended', () => {
    const run = runToLimit();
    run.exit('load', 0);
    expect(run.stateOf('load').kind).toBe('cancelled');
  });

  test('asks no check any more', () => {
    const run = fakeRun({ ...sketch, checks: { whole: {} } });
    run.fire('run-limit', 'the run');
    run.exit('load', 1);
    run.exit('done', 1);
    expect(run.asked()).toEqual([]);
    expect(run.status()).toBe('failed');
  });

  test('refuses to run, skip or cancel a task meanwhile, and to be cancelled', () => {
    const run = runToLimit();
    const why = 'the run has reached its time limit';
    expect([run.retry('other'), run.skip('mart'), run.cancelTask('load')]).toEqual(
      Array(3).fill(`${why}; wait until it ends`),
    );
    expect(run.cancel()).toBe(why);
  });

  test('can be taken up again by hand, and then has the whole time anew', () => {
    const run = runToLimit();
    run.exit('load', 1);
    run.pass(10 * hour);
    expect(run.retry('load')).toBeUndefined();
    const { at, timer } = run.effects.findLast(
      (effect) => effect.type === 'set-timer' && effect.timer.kind === 'run-limit',
    ) as never;
    expect(at).toBe(run.now() + 4 * hour);
    run.take({ type: 'timer-fired', timer: { kind: 'run-limit', since: 1 as never } });
    expect(run.state().phase.kind).toBe('running');
    run.take({ type: 'timer-fired', timer });
    expect(run.state().phase.kind).toBe('draining');
  });

  test('counts from the moment when it is resumed, and runs again what it had ended', () => {
    const before = runToLimit();
    before.exit('load', { kind: 'signalled', signal: 'SIGKILL' });
    const run = resumedRun(before);
    expect(run.effects).toContainEqual({
      type: 'set-timer',
      timer: { kind: 'run-limit', since: run.now() },
      at: run.now() + 4 * hour,
    });
    expect(run.fact.decisions).toMatchObject({ done: { kind: 'reused' }, load: { kind: 'cancelled' } });
    for (const task of ['load', 'other', 'mart']) run.exit(task);
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('without a limit sets no timer', () => {
    const run = fakeRun({ tasks: sketch.tasks });
    expect(run.effects.filter((effect) => effect.type === 'set-timer' && effect.timer.kind === 'run-limit')).toEqual(
      [],
    );
  });
});

test('a critical failure that drains a run does not keep its limit from ending what still runs', () => {
  const run = fakeRun({ tasks: { core: { critical: true }, long: {} }, limits: { runMs: hour } });
  run.exit('core', 1);
  run.fire('run-limit', 'the run');
  expect(run.effects.at(-1)).toMatchObject({ type: 'terminate-task', task: 'long' });
  run.exit('long', 143);
  expect(run.summary()).toBe('core: failed, long: cancelled');
  expect(run.state().phase).toMatchObject({ kind: 'finished', reason: { kind: 'run-limit' } });
});
