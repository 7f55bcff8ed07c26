import { describe, expect, it } from 'vitest';
import type { PerformanceRecord, TaskPerformance } from '../../../../../src/engine/results/files/performance-record.ts';
import { learnFromRuns } from '../../../../../src/engine/results/learning/learn-from-runs.ts';

type Row = Partial<Omit<TaskPerformance, 'task'>>;

function record(rows: Readonly<Record<string, Row>>, more: Partial<PerformanceRecord> = {}): PerformanceRecord {
  const results = Object.entries(rows).map(([task, row]) => ({ task, status: 'success', ...row }));
  return { run_id: 'r', pipeline: 'p', results, ...more } as unknown as PerformanceRecord;
}

function ofTask(records: readonly PerformanceRecord[], params?: Readonly<Record<string, string>>) {
  return learnFromRuns(records, params).tasks.get('load' as TaskPerformance['task']);
}

const took = (seconds: number, more: Row = {}) => record({ load: { attempt_seconds: seconds, ...more } });

describe('from earlier runs', () => {
  it('a task is expected to take the median of its last ten successful attempts', () => {
    const records = [took(100), ...Array.from({ length: 10 }, (_, at) => took(at + 1))];
    expect(ofTask(records)).toMatchObject({ medianMs: 5500 });
    expect(ofTask(records)?.durationsMs).toHaveLength(10);
  });

  it('nothing is learned of a duration from an attempt that failed, or that its fallback did', () => {
    const records = [took(4), took(1, { status: 'failed' }), took(2, { degraded: 'from the cache' })];
    expect(ofTask(records)).toEqual({ durationsMs: [4000], medianMs: 4000 });
    expect(ofTask([took(1, { status: 'timeout' })])).toBeUndefined();
  });

  it('runs with the same parameters count alone, when there are any', () => {
    const seasons = (value: string, seconds: number) =>
      record({ load: { attempt_seconds: seconds } }, { params: { seasons: value } });
    const records = [seasons('2', 20), seasons('10', 100), seasons('10', 110), seasons('2', 22), took(1)];
    expect(ofTask(records, { seasons: '2' })?.durationsMs).toEqual([20_000, 22_000]);
    expect(ofTask(records, { seasons: '10' })?.medianMs).toBe(105_000);
    expect(ofTask(records, { seasons: '5' })?.durationsMs).toHaveLength(5);
    expect(ofTask(records)?.durationsMs).toEqual([1000]);
  });

  it('a task is expected to need the most memory and connections it has used, and as much CPU as usual', () => {
    const used = [1, 5, 2].map((it) =>
      took(1, { peak_memory_bytes: it * 1e9, peak_connections: it, mean_cpu_cores: it / 10 }),
    );
    expect(ofTask([...used, took(1)])).toMatchObject({ memoryBytes: 5e9, connections: 5, cpu: 0.2 });
    expect(ofTask([took(1)])).toEqual({ durationsMs: [1000], medianMs: 1000 });
  });

  it('a check is expected to take what it usually took', () => {
    const records = [1, 2, 9].map((it) => record({}, { check_seconds: { orphans: it } }));
    expect(learnFromRuns(records).checksMs).toEqual(new Map([['orphans', 2000]]));
  });

  it('a record of another version, without what is looked for, teaches nothing', () => {
    expect(ofTask([record({ load: {} }), record({ load: { attempt_seconds: 'long' as unknown as number } })])).toBe(
      undefined,
    );
  });
});
