import { expect, it } from 'vitest';
import type { TaskId } from '../../../../../src/engine/model/ids.ts';
import { learnedTimeouts } from '../../../../../src/engine/run/request/learned-timeouts.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { sketchPlan } from '../../../../support/pipeline-builder.ts';
import { pastOf } from '../../simulation/past-of.ts';

const sketch = { tasks: { load: { timeoutOfMedian: 3, timeoutMs: 60_000 }, other: {} } };

it('a time limit in percent is one of the median, from three earlier attempts on', () => {
  const plan = sketchPlan(sketch);
  const limits = (load: readonly number[]) => learnedTimeouts(plan, pastOf({ load, other: [1, 1, 1] }));
  expect(limits([4000, 5000, 9000])).toEqual({ load: 15_000 });
  expect(limits([4000, 5000])).toBeUndefined();
  expect(learnedTimeouts(plan, pastOf({}))).toBeUndefined();
});

it('a task that takes milliseconds is given a second', () => {
  expect(learnedTimeouts(sketchPlan(sketch), pastOf({ load: [4, 5, 6] }))).toEqual({ load: 1000 });
});

it('an attempt is ended at the learned limit, which is what its failure tells, and its fallback at that of the file', () => {
  const fallback = { command: { kind: 'shell', script: 'cache' }, note: 'from the cache' } as const;
  const run = fakeRun({ tasks: { load: { timeoutMs: 60_000, fallback } } }, { timeoutsMs: { load: 15_000 } });
  const limitOf = (attempt: number) => {
    const timer = run.effects.find(
      (it) => it.type === 'set-timer' && 'attempt' in it.timer && it.timer.attempt === attempt,
    );
    return timer?.type === 'set-timer' ? timer.at - run.now() : undefined;
  };
  expect(limitOf(1)).toBe(15_000);
  run.fire('timeout', 'load');
  run.exit('load', { kind: 'signalled', signal: 'SIGTERM' });
  expect(run.events.find(({ type }) => type === 'task.backing-off')).toMatchObject({
    task: 'load' as TaskId,
    cause: { kind: 'timeout', afterMs: 15_000 },
  });
  expect(limitOf(2)).toBe(60_000);
  expect(run.events[0]).toMatchObject({ type: 'run.started', timeoutsMs: { load: 15_000 } });
});
