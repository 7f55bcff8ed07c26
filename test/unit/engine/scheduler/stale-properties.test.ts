import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EpochMs } from '../../../../src/engine/model/ids.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';
import { unreachable } from '../../../../src/engine/model/unreachable.ts';
import { type FakeRun, fakeRun, noon } from '../../../support/fake-run.ts';
import { createHistory } from './rules/stale-rules.ts';

const names = ['a', 'b', 'c', 'd', 'e'] as const;
const yesterday = (noon - 86_400_000) as EpochMs;

type Deed = 'succeeds' | 'fails' | 'retry' | 'retry downstream' | 'skip' | 'cancel' | 'pause' | 'resume';

/** Few tasks, and many people who run them again, skip and cancel them. */
const arbitraryRun = fc.record({
  tasks: fc.tuple(...names.map((_, index) => arbitraryTask(index))),
  deeds: fc.array(arbitraryDeed(), { minLength: 10, maxLength: 40, size: 'max' }),
});

function arbitraryTask(index: number) {
  return fc.record({
    after: fc.subarray(names.slice(0, index)),
    useLastGood: fc.boolean(),
    isLoaded: fc.boolean(),
    isStaleBefore: fc.nat(4).map((draw) => draw === 0),
  });
}

function arbitraryDeed() {
  const ends = fc.constantFrom<Deed>('succeeds', 'succeeds', 'succeeds', 'fails');
  const wishes = fc.constantFrom<Deed>(
    'retry',
    'retry',
    'retry',
    'retry downstream',
    'skip',
    'cancel',
    'pause',
    'resume',
  );
  return fc.record({
    which: fc.nat(names.length - 1),
    deed: fc.oneof({ weight: 2, arbitrary: ends }, { weight: 1, arbitrary: wishes }),
  });
}

/** Does it to one of the tasks to which it can be done, if there are any. */
function act(run: FakeRun, which: number, deed: Deed): void {
  run.pass(1000);
  const pick = (all: readonly string[]) => all[which % Math.max(1, all.length)];
  const running = pick(run.running());
  const done = pick(run.tasksThat('succeeded')) ?? names[which]!;
  switch (deed) {
    case 'succeeds':
    case 'fails':
      if (running !== undefined) run.exit(running, deed === 'fails' ? 1 : 0);
      return;
    case 'retry':
    case 'retry downstream':
      run.retry(done, deed !== 'retry');
      return;
    case 'skip':
      run.skip(names[which]!);
      return;
    case 'cancel':
      run.cancelTask(names[which]!);
      return;
    case 'pause':
      run.pause();
      return;
    case 'resume':
      run.resume();
      return;
    default:
      unreachable(deed);
  }
}

test('whatever people do, what has succeeded is stale exactly when something upstream is, or has run since', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ tasks, deeds }) => {
      const known = tasks.map((task, index) => ({ ...task, name: names[index]! }));
      const sketch = known.map(({ name, after, useLastGood }) => [
        name,
        { after, ...(useLastGood ? { useLastGood } : {}) },
      ]);
      const loaded = known.filter(({ isLoaded }) => isLoaded).map(({ name }) => [name, { at: yesterday }]);
      const before = { since: yesterday, task: 'a', why: 'earlier-load' };
      const stale = known.filter(({ isStaleBefore }) => isStaleBefore).map(({ name }) => [name, before]);
      const options = { lastGood: Object.fromEntries(loaded), staleBefore: Object.fromEntries(stale) };
      const run = fakeRun({ tasks: Object.fromEntries(sketch) }, options);
      const history = createHistory(run.plan, run.state().options);
      let seen = 0;
      for (const { which, deed } of deeds) {
        act(run, which, deed);
        for (const event of run.events.slice(seen)) history.add(event);
        seen = run.events.length;
        for (const { index, spec, upstream } of run.plan.tasks) {
          const entry = entryAt(run.state().tasks, index);
          const found = [spec.id, entry.stale !== undefined, entry.lastGood !== undefined];
          expect(found).toEqual([spec.id, history.isStale(index), history.hasLoaded(index)]);
          for (const other of upstream) {
            const above = entryAt(run.state().tasks, other).stale;
            if (entry.stale !== undefined && above !== undefined) expect(entry.stale.since <= above.since).toBe(true);
          }
        }
      }
      expect(run.replayed()).toEqual(run.state());
    }),
    { numRuns: 250 },
  );
});
