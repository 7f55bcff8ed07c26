import { describe, expect, it } from 'vitest';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';
import { judgedSla, recordOf } from './judged.ts';

const start = (options = {}): FakeRun => fakeRun({ tasks: { a: {}, b: {}, c: {} }, slas: { speedup: 2 } }, options);

function exitAll(run: FakeRun): void {
  for (const task of ['a', 'b', 'c']) run.exit(task);
}

describe('the speed-up of a run', () => {
  it('compares the times of its tasks, added up, with the time in which at least one ran', () => {
    const run = start();
    run.pass(10_000);
    exitAll(run);
    expect(judgedSla(run, 'speedup')).toBe('met: 3.0 times as fast as one task at a time, limit at least 2');
    const slow = start();
    slow.exit('a');
    slow.exit('b');
    slow.pass(10_000);
    slow.exit('c');
    expect(judgedSla(slow, 'speedup')).toBe('missed: 1.0 times as fast as one task at a time, limit at least 2');
  });

  it('is compared with the last sequential run of the same tasks and parameters instead, when there is one', () => {
    const run = start({ params: { seasons: '2024' } });
    run.pass(10_000);
    exitAll(run);
    const sequential = { sequential: true, active_seconds: 15, params: { seasons: '2024' } };
    const past = [
      recordOf(['a', 'b', 'c'], { ...sequential, run_id: 'old', active_seconds: 90 }),
      recordOf(['a', 'b', 'c'], sequential),
      recordOf(['a', 'b'], { ...sequential, active_seconds: 90 }),
      recordOf(['a', 'b', 'c'], { ...sequential, active_seconds: 90, status: 'failed' }),
      recordOf(['a', 'b', 'c'], { ...sequential, active_seconds: 90, params: { seasons: '2023' } }),
      recordOf(['a', 'b', 'c'], { ...sequential, active_seconds: 90, sequential: false }),
    ];
    expect(judgedSla(run, 'speedup', { past })).toBe(
      'missed: 1.5 times as fast as the sequential run 20260104_120000_past, limit at least 2; its tasks together took 3.0 times as long',
    );
  });

  it('is at risk when earlier runs say that the sequential run will not be beaten by enough, and missed when that is certain', () => {
    const run = start();
    const past = [recordOf(['a', 'b', 'c'], { sequential: true, active_seconds: 60 })];
    run.pass(10_000);
    expect(judgedSla(run, 'speedup', { past, left: 15 })).toMatch(/^open: may become 2.4 times as fast/);
    expect(judgedSla(run, 'speedup', { past, left: 30 })).toMatch(/^at-risk: may become 1.5 times as fast/);
    run.pass(21_000);
    expect(judgedSla(run, 'speedup', { past })).toMatch(/^missed: at most 1.9 times as fast/);
  });

  it('is at risk in the second half of a run that has not been fast enough so far', () => {
    const run = start();
    run.pass(1000);
    run.exit('a');
    run.exit('b');
    run.pass(9_000);
    expect(judgedSla(run, 'speedup', { left: 11 })).toMatch(/^open: 1.2 times/);
    expect(judgedSla(run, 'speedup', { left: 9 })).toMatch(/^at-risk: 1.2 times/);
  });

  it('is not measured of a sequential run, of one task, and of a run that did not do its work', () => {
    const sequential = start({ sequential: true });
    exitAll(sequential);
    expect(judgedSla(sequential, 'speedup')).toBe('not-measured: the run is sequential');
    const single = fakeRun({ tasks: { a: {} }, slas: { speedup: 2 } });
    single.pass(1000);
    single.exit('a');
    expect(judgedSla(single, 'speedup')).toBe('not-measured: fewer than two tasks ran');
    const broken = start();
    broken.exit('a', 1);
    broken.exit('b');
    broken.exit('c');
    expect(judgedSla(broken, 'speedup')).toBe('not-measured: not all tasks finished');
  });
});
