import { describe, expect, it } from 'vitest';
import {
  fileOrder,
  independentTasks,
  oppositeOrder,
  reversedAround,
} from '../../../../src/engine/verify/task-orders.ts';
import { sketchPlan, type TaskSketch } from '../../../support/pipeline-builder.ts';

function ordersOf(tasks: Readonly<Record<string, TaskSketch>>, checks = {}) {
  const plan = sketchPlan({ tasks, checks });
  const names = (order: readonly number[]) => order.map((index) => plan.tasks[index]!.spec.id).join(' ');
  return { plan, first: names(fileOrder(plan)), second: names(oppositeOrder(plan)) };
}

describe('the order in which tasks run one by one', () => {
  it('is that of the file, and then the opposite where nothing puts tasks in order', () => {
    expect(ordersOf({ a: {}, b: {}, c: {} })).toMatchObject({ first: 'a b c', second: 'c b a' });
  });

  it('keeps to dependencies both times', () => {
    const { first, second } = ordersOf({
      load: {},
      sums: { after: ['load'] },
      rates: {},
      mart: { after: ['sums', 'rates'] },
    });
    expect(first).toBe('load sums rates mart');
    expect(second).toBe('rates load sums mart');
  });

  it('keeps to gates both times', () => {
    const { first, second } = ordersOf({ a: {}, b: {}, c: {} }, { ok: { after: ['a'], before: ['c'] } });
    expect(first).toBe('a b c');
    expect(second).toBe('b a c');
  });

  it('is the same both times where every task waits for the one before', () => {
    const { first, second } = ordersOf({ a: {}, b: { after: ['a'] }, c: { after: ['b'] } });
    expect(second).toBe(first);
  });
});

describe('independent tasks', () => {
  it('neither wait for each other nor are waited for, over any number of others', () => {
    const { plan } = ordersOf({ a: {}, b: { after: ['a'] }, c: { after: ['b'] }, d: { after: ['a'] } });
    const independent = independentTasks(plan);
    const of = (name: string) =>
      [...independent.get(plan.indexOf.get(name as never)!)!].map((one) => plan.tasks[one]!.spec.id);
    expect(of('a')).toEqual([]);
    expect(of('b')).toEqual(['d']);
    expect(of('c')).toEqual(['d']);
    expect(of('d')).toEqual(['b', 'c']);
  });

  it('that changed sides are those that an order was tried for', () => {
    const { plan } = ordersOf({ a: {}, b: {}, c: { after: ['a'] } });
    const independent = independentTasks(plan);
    expect(reversedAround(1, independent, fileOrder(plan), oppositeOrder(plan))).toEqual([0]);
    expect(reversedAround(2, independent, fileOrder(plan), oppositeOrder(plan))).toEqual([]);
  });
});
