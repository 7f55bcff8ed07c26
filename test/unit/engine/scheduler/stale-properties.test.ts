import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EpochMs } from '../../../../src/engine/model/ids.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';
import { type FakeRun, fakeRun, noon } from '../../../support/fake-run.ts';
import { createHistory } from './rules/stale-rules.ts';

const names = ['a', 'b', 'c', 'd', 'e'] as const;
const yesterday = (noon - 86_400_000) as EpochMs;

/** Few tasks, and many people who run them again, skip and cancel them. */
const arbitraryRun = fc.record({
  tasks: fc.tuple(...names.map((_, index) => arbitraryTask(index))),
  deeds: fc.array(fc.record({ task: fc.constantFrom(...names), deed: arbitraryDeed() }), { maxLength: 40 }),
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
  const ends = fc.constantFrom('succeeds', 'succeeds', 'succeeds', 'fails');
  return fc.oneof(
    { weight: 4, arbitrary: ends },
    { weight: 1, arbitrary: fc.constantFrom('retry', 'retry', 'retry downstream', 'skip', 'cancel') },
  );
}

function act(run: FakeRun, task: string, deed: string): void {
  run.pass(1000);
  switch (deed) {
    case 'retry':
    case 'retry downstream':
      run.retry(task, deed !== 'retry');
      return;
    case 'skip':
      run.skip(task);
      return;
    case 'cancel':
      run.cancelTask(task);
      return;
    default:
      if (run.stateOf(task).kind === 'running') run.exit(task, deed === 'fails' ? 1 : 0);
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
      for (const { task, deed } of deeds) {
        act(run, task, deed);
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
