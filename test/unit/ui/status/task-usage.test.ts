import { expect, test } from 'vitest';
import type { TaskId } from '../../../../src/engine/index.ts';
import { createUsageTable, usageOfGroup, usageOfTask } from '../../../../src/ui/status/task-usage.ts';
import { bytesText, coresText } from '../../../../src/ui/status/usage-text.ts';
import { fakeRun } from '../../../support/fake-run.ts';

const run = fakeRun({ tasks: { a: {}, b: {}, c: {} }, levels: { extract: ['a', 'b'], other: ['c'] } });

function tableOf(now: Readonly<Record<string, number>>, peaks: Readonly<Record<string, number>>) {
  const measured = (of: Readonly<Record<string, number>>) =>
    new Map(Object.entries(of).map(([task, cpu]) => [task as TaskId, { cpu, memoryBytes: cpu * 100 }]));
  const sample = { at: run.now(), cpu: 0, memory: 0, memoryBytes: 0, cores: 8, memoryLimitBytes: 1 };
  return createUsageTable(run.plan, { ...sample, tasks: measured(now) }, measured(peaks));
}

test('a task that runs has what it uses now, one that has ended the most that was measured', () => {
  const table = tableOf({ a: 1, b: 0.5 }, { a: 3, b: 2, gone: 9 });
  expect(usageOfTask(table, run.state(), 0)).toEqual({ cpu: 1, memoryBytes: 100, isNow: true });
  expect(usageOfTask(table, run.state(), 2)).toBeUndefined();
  run.exit('a');
  expect(usageOfTask(table, run.state(), 0)).toEqual({ cpu: 3, memoryBytes: 300, isNow: false });
});

test('a level has what its tasks use together, and when all have ended the most of one', () => {
  const [level] = run.plan.levels.keys();
  const group = tableOf({ a: 1, b: 0.5 }, { a: 3, b: 2 })?.levels.get(level!);
  expect(usageOfGroup(group, true)).toEqual({ cpu: 1.5, memoryBytes: 150, isNow: true });
  expect(usageOfGroup(group, false)).toEqual({ cpu: 3, memoryBytes: 300, isNow: false });
});

test('without a measurement there is no table', () => {
  expect(tableOf({}, {})).toBeUndefined();
  expect(createUsageTable(run.plan, undefined, new Map())).toBeUndefined();
});

test.each([
  [0.034, '0.03'],
  [1.25, '1.25'],
  [9.996, '10.0'],
  [12.34, '12.3'],
  [128, '128'],
  [Number.NaN, '-'],
])('%f cores are %s', (cores, text) => {
  expect(coresText(cores)).toBe(text);
});

test.each([
  [0, '0K'],
  [940 * 1024, '940K'],
  [64 * 2 ** 20, '64M'],
  [1023 * 2 ** 20, '1.0G'],
  [12.5 * 2 ** 30, '12.5G'],
  [300 * 2 ** 30, '300G'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
  expect(text.length).toBeLessThan(6);
});
