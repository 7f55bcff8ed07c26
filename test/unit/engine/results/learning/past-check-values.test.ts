import { expect, test } from 'vitest';
import type { CheckOutcome, PerformanceRecord } from '../../../../../src/engine/results/files/performance-record.ts';
import { pastCheckValues } from '../../../../../src/engine/results/learning/past-check-values.ts';

function record(checks?: readonly Partial<CheckOutcome>[], params?: Record<string, string>): PerformanceRecord {
  return { run_id: 'r', pipeline: 'p', results: [], checks, params } as unknown as PerformanceRecord;
}

const games = { check: 'games', kind: 'row_count' };

test('the past of a check are its own numbers of the last ten runs that had one, oldest first', () => {
  const records = Array.from({ length: 12 }, (_, at) =>
    record([
      { ...games, status: at % 2 === 0 ? 'pass' : 'fail', value: at },
      { check: 'other', kind: 'row_count', value: 99 },
    ]),
  );
  records.splice(4, 0, record([{ ...games, status: 'error' }]), record());
  expect(pastCheckValues(records, games)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('a check that was of another kind, or had other parameters, has another past', () => {
  const records = [
    record([{ ...games, value: 1 }], { seasons: '2023' }),
    record([{ ...games, value: 2 }], { seasons: '2024' }),
    record([{ ...games, kind: 'unique', value: 3 }], { seasons: '2023' }),
  ];
  expect(pastCheckValues(records, games, { seasons: '2023' })).toEqual([1]);
  expect(pastCheckValues(records, games)).toEqual([]);
});

test('a record of another version teaches nothing', () => {
  const damaged = record([{ ...games, value: 'many' as unknown as number }]);
  const other = { ...record(), checks: { games: 1 } } as unknown as PerformanceRecord;
  expect(pastCheckValues([damaged, other], games)).toEqual([]);
});
