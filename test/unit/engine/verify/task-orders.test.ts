import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import {
  fileOrder,
  independentTasks,
  oppositeOrders,
  reversedAround,
} from '../../../../src/engine/verify/task-orders.ts';
import { sketchPlan, type TaskSketch } from '../../../support/pipeline-builder.ts';

function ordersOf(tasks: Readonly<Record<string, TaskSketch>>, checks = {}) {
  const plan = sketchPlan({ tasks, checks });
  const names = (order: readonly number[]) => order.map((index) => plan.tasks[index]!.spec.id).join(' ');
  return { plan, first: names(fileOrder(plan)), others: oppositeOrders(plan).map(names) };
}

describe('the order in which tasks run one by one', () => {
  it('is that of the file, and then the opposite where nothing puts tasks in order', () => {
    expect(ordersOf({ a: {}, b: {}, c: {} })).toMatchObject({ first: 'a b c', others: ['c b a'] });
  });

  it('keeps to dependencies every time', () => {
    const tasks = { load: {}, sums: { after: ['load'] }, rates: {}, mart: { after: ['sums', 'rates'] } };
    expect(ordersOf(tasks)).toMatchObject({ first: 'load sums rates mart', others: ['rates load sums mart'] });
  });

  it('keeps to gates every time, and exchanges in a second order what one cannot', () => {
    const orders = ordersOf({ a: {}, b: {}, c: {} }, { ok: { after: ['a'], before: ['c'] } });
    expect(orders).toMatchObject({ first: 'a b c', others: ['a c b', 'b a c'] });
  });

  it('turns a task that nothing waits for round with a whole chain', () => {
    const tasks = { a: {}, lonely: {}, b: { after: ['a'] }, c: { after: ['b'] } };
    expect(ordersOf(tasks)).toMatchObject({ first: 'a lonely b c', others: ['a b c lonely', 'lonely a b c'] });
  });

  it('is only one where every task waits for the one before', () => {
    expect(ordersOf({ a: {}, b: { after: ['a'] }, c: { after: ['b'] } }).others).toEqual([]);
  });

  it('exchanges all pairs of the bundled pipeline', () => {
    const file = 'etl/config/pipeline_dag.yaml';
    const { plan } = planPipeline(readFileSync(file, 'utf8'), file);
    const independent = independentTasks(plan!);
    const orders = oppositeOrders(plan!);
    const counts = fileOrder(plan!).map((task) => ({
      all: independent.get(task)!.size,
      exchanged: new Set(orders.flatMap((order) => reversedAround(task, independent, fileOrder(plan!), order))).size,
    }));
    expect(counts.map(({ exchanged }) => exchanged)).toEqual(counts.map(({ all }) => all));
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
    const [order = []] = oppositeOrders(plan);
    expect(reversedAround(1, independent, fileOrder(plan), order)).toEqual([2]);
    expect(reversedAround(0, independent, fileOrder(plan), order)).toEqual([]);
  });
});
