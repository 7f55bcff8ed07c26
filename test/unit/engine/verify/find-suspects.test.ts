import { describe, expect, it } from 'vitest';
import { createSuspectFinder } from '../../../../src/engine/verify/find-suspects.ts';
import { independentTasks } from '../../../../src/engine/verify/task-orders.ts';
import { sketchPlan, type TaskSketch } from '../../../support/pipeline-builder.ts';

type Seen = Readonly<Record<string, { readonly writes: readonly string[]; readonly reads?: readonly string[] }>>;

function finder(tasks: Readonly<Record<string, TaskSketch>>, seen: Seen) {
  const plan = sketchPlan({ tasks });
  const index = (name: string) => plan.indexOf.get(name as never)!;
  const map = (of: 'writes' | 'reads') =>
    new Map(Object.entries(seen).map(([name, one]) => [index(name), new Set(one[of] ?? [])]));
  const independent = independentTasks(plan);
  return createSuspectFinder(plan, { writes: map('writes'), reads: map('reads') }, (task) => [
    ...independent.get(task)!,
  ]);
}

describe('who may be why a table differs', () => {
  it('is the independent task that writes what the writer of the table reads', () => {
    const suspects = finder(
      { rates: {}, orders: {}, totals: {} },
      {
        rates: { writes: ['rates'] },
        orders: { writes: ['orders'] },
        totals: { writes: ['totals'], reads: ['rates'] },
      },
    );
    expect(suspects.ofDifferences(['totals'])).toEqual([{ names: ['totals'], tasks: ['totals'], suspects: ['rates'] }]);
  });

  it('is every independent task when nothing is known of what is read', () => {
    const suspects = finder(
      { a: {}, b: {}, c: {} },
      { a: { writes: ['x'] }, b: { writes: ['y'] }, c: { writes: ['z'] } },
    );
    expect(suspects.ofDifferences(['z'])).toEqual([{ names: ['z'], tasks: ['c'], suspects: ['a', 'b'] }]);
    expect(suspects.ofFailure('c' as never)).toEqual(['a', 'b']);
  });

  it('is nobody else when two tasks write the same table', () => {
    const suspects = finder({ a: {}, b: {} }, { a: { writes: ['x'] }, b: { writes: ['x'] } });
    expect(suspects.ofDifferences(['x'])).toEqual([{ names: ['x'], tasks: ['a', 'b'], suspects: [] }]);
  });
});

it('a table that is made of another one that differs is told with that one', () => {
  const suspects = finder(
    { a: {}, b: {}, mart: { after: ['b'] } },
    { a: { writes: ['x'] }, b: { writes: ['y'], reads: ['x'] }, mart: { writes: ['mart.m'], reads: ['y'] } },
  );
  expect(suspects.ofDifferences(['mart.m', 'y'])).toEqual([{ names: ['y', 'mart.m'], tasks: ['b'], suspects: ['a'] }]);
});
