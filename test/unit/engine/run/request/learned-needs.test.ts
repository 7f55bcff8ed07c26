import { expect, it } from 'vitest';
import { learnedNeeds } from '../../../../../src/engine/run/request/learned-needs.ts';
import { sketchPlan } from '../../../../support/pipeline-builder.ts';
import { pastOf } from '../../simulation/past-of.ts';

it('a task needs what it used before, and nothing is said of a task or of another pipeline that is unknown', () => {
  const plan = sketchPlan({ tasks: { load: {}, short: {}, fresh: {} } });
  const past = pastOf({ load: { ms: 1000, cpu: 0.4, memoryBytes: 2 ** 30, connections: 3 }, short: 10, gone: 1000 });
  expect(learnedNeeds(plan, past)).toEqual({ load: { cpu: 0.4, memoryBytes: 2 ** 30, connections: 3 } });
  expect(learnedNeeds(plan, pastOf({}))).toBeUndefined();
});

it('tasks that used about the same memory need the same, and none needs less than it used', () => {
  const names = Array.from({ length: 100 }, (_, index) => `t${index}`);
  const plan = sketchPlan({ tasks: Object.fromEntries(names.map((name) => [name, {}])) });
  const used = (index: number) => 1e9 + index * 1e6;
  const needs = learnedNeeds(
    plan,
    pastOf(Object.fromEntries(names.map((name, index) => [name, { ms: 1000, memoryBytes: used(index) }]))),
  )!;
  const sizes = names.map((name) => needs[name]!.memoryBytes!);
  expect(new Set(sizes).size).toBeLessThanOrEqual(2);
  for (const [index, bytes] of sizes.entries()) {
    expect(bytes).toBeGreaterThanOrEqual(used(index));
    expect(bytes).toBeLessThanOrEqual(used(index) * 1.2);
  }
});
