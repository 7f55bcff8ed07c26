import { describe, expect, test } from 'vitest';
import type { EpochMs, RunState, TaskId } from '../../../../../src/engine/index.ts';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { nextOrder, type TaskOrder } from '../../../../../src/ui/panes/tasks/task-order.ts';
import { type TaskListView, taskRows } from '../../../../../src/ui/panes/tasks/task-rows.ts';
import { createUsageTable, type UsageTable } from '../../../../../src/ui/status/task-usage.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { gigabyte } from '../../../../support/take-sample.ts';

const text = `
tasks:
  first: { command: [x] }
  second: { command: [x] }
  load: { command: [x], matrix: { season: [2021, 2022, 2023] } }
  last: { command: [x], dependencies: [first] }
`;

/** `first` has ended after 5 s, the others run, and `last` has begun 5 s later. */
function halfWay() {
  const run = fakeRun(planPipeline(text, 'f.yaml').plan!, { maxParallel: 20 });
  run.pass(5000);
  run.exit('first');
  run.pass(4000);
  run.exit('load[season=2022]', 1);
  return run;
}

const run = halfWay();
const now = run.now();

function usage(uses: Readonly<Record<string, number>>, peaks: Readonly<Record<string, number>>): UsageTable {
  const measured = (of: Readonly<Record<string, number>>) =>
    new Map(Object.entries(of).map(([task, cpu]) => [task as TaskId, { cpu, memoryBytes: gigabyte / (1 + cpu) }]));
  const sample = { at: now, cpu: 0, memory: 0, memoryBytes: 0, cores: 8, memoryLimitBytes: 1, tasks: measured(uses) };
  return createUsageTable(run.plan, sample, measured(peaks))!;
}

const measured = usage(
  { second: 0.5, 'load[season=2021]': 0.2, 'load[season=2023]': 0.9, last: 0.75 },
  { first: 4, second: 2, 'load[season=2021]': 1, 'load[season=2022]': 3, 'load[season=2023]': 1, last: 1 },
);

function names(
  order: TaskOrder,
  some: Partial<TaskListView> = {},
  state: RunState = run.state(),
  table = measured,
): readonly string[] {
  const list = { folded: new Set<never>(), unfolded: new Set<never>(), filter: '', hideDone: false, order, ...some };
  return taskRows(state, list, now as EpochMs, table).map((row) =>
    row.kind === 'level' ? row.level : row.kind === 'family' ? `<${row.family}>` : state.plan.tasks[row.index]!.spec.id,
  );
}

const unfolded = new Set(['load' as TaskId]);

describe('a sorted list', () => {
  test('has the instances of a matrix in one row, by what stands in it', () => {
    expect(names('file')).toEqual(['first', 'second', '<load>', 'last']);
    expect(names('state')).toEqual(['<load>', 'second', 'last', 'first']);
    expect(names('duration')).toEqual(['second', '<load>', 'first', 'last']);
  });

  test('by CPU or memory begins with what runs and uses most of it now; what has ended follows, by its peak', () => {
    expect(names('cpu')).toEqual(['<load>', 'last', 'second', 'first']);
    expect(names('memory')).toEqual(['<load>', 'second', 'last', 'first']);
  });

  test('has the instances sorted within their matrix', () => {
    expect(names('cpu', { unfolded }).slice(0, 4)).toEqual([
      '<load>',
      'load[season=2023]',
      'load[season=2021]',
      'load[season=2022]',
    ]);
    expect(names('state', { unfolded }).slice(0, 2)).toEqual(['<load>', 'load[season=2022]']);
    expect(names('cpu', { filter: '202 !2023' })).toEqual(['<load>', 'load[season=2021]', 'load[season=2022]']);
  });

  test('has what was never measured at its end, in the order of the file', () => {
    expect(names('cpu', {}, run.state(), usage({ last: 1 }, {}))).toEqual(['last', 'first', 'second', '<load>']);
  });

  test('is by CPU and by memory only where these are measured', () => {
    const round = (hasUsage: boolean) => {
      const orders: TaskOrder[] = ['file'];
      for (let next = nextOrder('file', hasUsage); next !== 'file'; next = nextOrder(next, hasUsage)) orders.push(next);
      return orders;
    };
    expect(round(true)).toEqual(['file', 'state', 'duration', 'cpu', 'memory']);
    expect(round(false)).toEqual(['file', 'state', 'duration']);
  });
});

test('ten thousand instances are sorted in a moment', () => {
  const values = Array.from({ length: 10_000 }, (_, at) => at).join(', ');
  const big = fakeRun(planPipeline(`tasks: { t: { command: [x], matrix: { k: [${values}] } } }\n`, 'f.yaml').plan!);
  const list = { folded: new Set<never>(), unfolded: new Set(['t' as TaskId]), filter: '', hideDone: false };
  const begun = performance.now();
  for (const order of ['state', 'duration', 'cpu', 'memory'] as const)
    expect(taskRows(big.state(), { ...list, order }, big.now())).toHaveLength(10_001);
  expect(performance.now() - begun).toBeLessThan(20_000);
});
