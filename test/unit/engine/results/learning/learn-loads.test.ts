import { expect, test } from 'vitest';
import type { PerformanceRecord, TaskPerformance } from '../../../../../src/engine/results/files/performance-record.ts';
import { learnLoads } from '../../../../../src/engine/results/learning/learn-loads.ts';
import { sketchPlan } from '../../../../support/pipeline-builder.ts';

const fallback = { command: { kind: 'shell', script: 'cache' }, note: 'from the cache' } as const;
const plan = sketchPlan({
  tasks: { odds: { useLastGood: true }, rates: { fallback }, extra: { continueOnFailure: true }, mart: {} },
});

function record(rows: Readonly<Record<string, Partial<TaskPerformance>>>, params?: PerformanceRecord['params']) {
  const results = Object.entries(rows).map(([task, row]) => ({ task, status: 'success', ...row }));
  return { run_id: 'r', pipeline: 'p', results, ...(params && { params }) } as unknown as PerformanceRecord;
}

function goodLoads(records: readonly PerformanceRecord[], params?: PerformanceRecord['params']) {
  return learnLoads(plan, records, params).lastGood;
}

const on = (day: number, more: Partial<TaskPerformance> = {}) => ({
  completed_at: `2026-01-0${day}T08:00:00.000Z`,
  ...more,
});
const at = (day: number) => ({ at: Date.UTC(2026, 0, day, 8) });

test('the last good load of a task is its last success, and only tasks that may need one have one', () => {
  const records = [
    record({ odds: on(1), rates: on(1), extra: on(1), mart: on(1) }),
    record({ odds: on(2) }),
    record({ odds: on(3, { status: 'failed' }) }),
  ];
  expect(goodLoads(records)).toEqual({ odds: at(2), rates: at(1), extra: at(1) });
});

test('after runs in which an earlier load stood in, it is still that load', () => {
  const since = { since: '2026-01-01T08:00:00.000Z', task: 'odds' as never, why: 'earlier_load' as const };
  const stoodIn = record({ odds: on(2, { degraded: 'its last good load', stale: since }) });
  expect(goodLoads([stoodIn])).toEqual({ odds: at(1) });
});

test('what was made of stale data is as old as that data', () => {
  const since = { since: '2026-01-01T08:00:00.000Z', task: 'games' as never, why: 'earlier_load' as const };
  expect(goodLoads([record({ odds: on(2, { stale: since }) })])).toEqual({ odds: at(1) });
});

test('what a fallback provided without anybody knowing its age is no good load', () => {
  expect(goodLoads([record({ rates: on(2, { degraded: 'from the cache' }) })])).toBeUndefined();
});

test('a load with the same parameters counts before a later one with others', () => {
  const records = [record({ odds: on(1) }, { seasons: '2' }), record({ odds: on(2) }, { seasons: '5' })];
  expect(goodLoads(records, { seasons: '2' })).toEqual({ odds: at(1) });
  expect(goodLoads(records, { seasons: '7' })).toEqual({ odds: { ...at(2), otherParams: true } });
});

test('records of another version, without a time, tell nothing', () => {
  expect(goodLoads([record({ odds: {} }), record({ odds: { completed_at: 'soon' } })])).toBe(undefined);
});

test('of a task that does not run, the last success tells whether its data is stale', () => {
  const stale = { since: '2026-01-01T08:00:00.000Z', task: 'games' as never, why: 'earlier_load' as const };
  const chain = sketchPlan(
    { tasks: { games: {}, plays: { after: ['games'] }, mart: { after: ['plays'] } } },
    { only: ['mart'] },
  );
  const records = [
    record({ plays: on(1) }),
    record({ plays: on(2, { stale }) }),
    record({ plays: on(3, { status: 'failed' }) }),
  ];
  const expected = { plays: { since: Date.UTC(2026, 0, 1, 8), task: 'games', why: 'earlier-load' } };
  expect(learnLoads(chain, records, undefined).staleBefore).toEqual(expected);
  expect(learnLoads(chain, [...records, record({ plays: on(4) })], undefined).staleBefore).toBeUndefined();
});
