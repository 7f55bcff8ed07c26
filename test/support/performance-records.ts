import type { EpochMs, RunId, TaskId } from '../../src/engine/model/ids.ts';
import type { PerformanceRecord, TaskPerformance } from '../../src/engine/results/files/performance-record.ts';
import { newRunId } from '../../src/engine/storage/runs/run-id.ts';
import { noon } from './fake-run.ts';

type TaskSketch = number | (Partial<TaskPerformance> & { readonly seconds: number });

/** The record of the run of one day: its tasks one after the other, in so many seconds each. */
export function recordOfDay(
  day: number,
  tasks: Readonly<Record<string, TaskSketch>>,
  more: Partial<PerformanceRecord> = {},
): PerformanceRecord {
  const startedAt = (noon + day * 86_400_000) as EpochMs;
  const results = Object.entries(tasks).map(([task, sketch]): TaskPerformance => {
    const { seconds, ...rest } = typeof sketch === 'number' ? { seconds: sketch } : sketch;
    const fixed = { task: task as TaskId, status: 'success', stdout: '', stderr: '', error: null } as const;
    return { ...fixed, attempts: 1, duration_seconds: seconds, attempt_seconds: seconds, ...rest };
  });
  const total = results.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0);
  return {
    run_id: runOfDay(day),
    pipeline: 'nfl',
    plan_hash: '0123456789abcdef',
    status: 'success',
    verdict: 'success',
    sequential: false,
    max_parallel: 8,
    started_at: new Date(startedAt).toISOString(),
    completed_at: new Date(startedAt + total * 1000).toISOString(),
    total_duration_seconds: total,
    task_seconds: total,
    active_seconds: total,
    critical_path_seconds: total,
    critical_path: results.map(({ task }) => task),
    peak_running: 1,
    results,
    ...more,
  };
}

export function runOfDay(day: number): RunId {
  return newRunId((noon + day * 86_400_000) as EpochMs, () => 0);
}

/** Numbers from [0, 1) that are the same in each run of a test (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `seconds` with normally distributed noise of this share. */
export function noisy(seconds: number, share: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(0.001, Math.round(seconds * (1 + share * normal) * 1000) / 1000);
}
