import { describe, expect, test } from 'vitest';
import type { CheckSpec } from '../../../../../src/engine/model/pipeline/pipeline.ts';
import type { CheckResult, CheckVerdict } from '../../../../../src/engine/model/run/check-result.ts';
import { composeChecks } from '../../../../../src/engine/run/checks/compose-checks.ts';

const check = (more: Partial<CheckSpec> = {}): CheckSpec => ({
  name: 'c',
  definition: { kind: 'sql', sql: 'SELECT 1', expect: 0 },
  after: [],
  before: [],
  onFail: 'fail',
  gate: false,
  timeoutMs: 1000,
  retry: { retries: 0, initialMs: 0, factor: 1, maxMs: 0, jitter: false },
  at: { file: 'f', line: 1, col: 1, length: 1 },
  ...more,
});

const never = { run: () => Promise.reject(new Error('not this one')) };

/** Checks that are answered when the test says so. */
function held(maxOnDatabase: () => number) {
  const waiting: (() => void)[] = [];
  const database = {
    run: (spec: CheckSpec) =>
      new Promise<CheckResult>((resolve) => {
        waiting.push(() => resolve({ check: spec.name, verdict: 'pass', summary: '', measured: {}, durationMs: 0 }));
      }),
  };
  const runner = composeChecks({ database, commands: never, pastOf: () => [], maxOnDatabase });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    running: () => waiting.length,
    start: async (many: number) => {
      const all = Array.from({ length: many }, () => runner.run(check()));
      await settle();
      return Promise.all(all);
    },
    answer: async () => {
      waiting.shift()?.();
      await settle();
    },
    settle,
  };
}

test('as many checks ask the database at once as the tasks leave connections, which may change between two', async () => {
  let left = 3;
  const checks = held(() => left);
  const all = checks.start(6);
  await checks.settle();
  expect(checks.running()).toBe(3);
  left = 1;
  await checks.answer();
  expect(checks.running()).toBe(2);
  await checks.answer();
  expect(checks.running()).toBe(1);
  left = 2;
  await checks.answer();
  expect(checks.running()).toBe(2);
  while (checks.running() > 0) await checks.answer();
  expect(await all).toHaveLength(6);
});

describe('the description of a check', () => {
  const found = async (verdict: CheckVerdict, description: string) => {
    const result = { check: 'c', verdict, summary: 'the query gave 3, expected 0', measured: {}, durationMs: 0 };
    const database = { run: async () => result };
    const runner = composeChecks({ database, commands: never, pastOf: () => [], maxOnDatabase: () => 1 });
    return (await runner.run(check({ description }))).summary;
  };

  test.each(['fail', 'warn'] as const)('stands before what was found, as one line: %s', async (verdict) => {
    expect(await found(verdict, 'two rows per game\n  expected.')).toBe(
      'two rows per game expected: the query gave 3, expected 0',
    );
  });

  test.each(['pass', 'error'] as const)('says nothing where nothing was found: %s', async (verdict) => {
    expect(await found(verdict, 'two rows per game expected')).toBe('the query gave 3, expected 0');
  });
});

test('a check is told its numbers of past runs', async () => {
  const told: (readonly number[] | undefined)[] = [];
  const database = {
    run: async (_: CheckSpec, past?: readonly number[]) => {
      told.push(past);
      return { check: 'c', verdict: 'pass' as const, summary: '', measured: {}, durationMs: 0 };
    },
  };
  await composeChecks({ database, commands: never, pastOf: () => [1, 2], maxOnDatabase: () => 1 }).run(check());
  expect(told).toEqual([[1, 2]]);
});
