import type { PerformanceRecord } from '../../../engine/index.ts';
import { medianOf } from './median-of.ts';
import type { TaskTrend } from './trend-lines.ts';

/** A stored run. */
export type PastRun = {
  readonly run: string;
  readonly status: 'success' | 'failed' | 'cancelled';
  readonly completedAt: number;
  readonly durationMs: number;
  /** Tasks that failed or timed out. */
  readonly failed: number;
};

/** What the history pane shows. */
export type History = { readonly runs: readonly PastRun[]; readonly trends: readonly TaskTrend[] };

export const noHistory: History = { runs: [], trends: [] };

/** Past runs, newest first, and the trend of each task: those that got slower first, then the longest. */
export function historyOf(records: readonly PerformanceRecord[]): History {
  const trends = trendsOf(records).sort(
    (a, b) => Number(b.regressed) - Number(a.regressed) || usualMs(b) - usualMs(a) || a.task.localeCompare(b.task),
  );
  return { runs: records.map(pastRun).reverse(), trends };
}

function usualMs({ medianMs, durationsMs }: TaskTrend): number {
  return medianMs ?? durationsMs[durationsMs.length - 1] ?? 0;
}

function pastRun(record: PerformanceRecord): PastRun {
  return {
    run: record.run_id,
    status: record.status,
    completedAt: Date.parse(record.completed_at),
    durationMs: record.total_duration_seconds * 1000,
    failed: record.results.filter(({ status }) => status === 'failed' || status === 'timeout').length,
  };
}

/** Only of attempts that succeeded: the duration of a failed one is not comparable. */
function trendsOf(records: readonly PerformanceRecord[]): TaskTrend[] {
  const durations = new Map<string, number[]>();
  for (const { results } of records) {
    for (const { task, status, attempt_seconds } of results) {
      if (status !== 'success') continue;
      const known = durations.get(task);
      if (known === undefined) durations.set(task, [attempt_seconds * 1000]);
      else known.push(attempt_seconds * 1000);
    }
  }
  return [...durations].map(([task, all]) => {
    const durationsMs = all.slice(-maxRuns);
    const medianMs = medianOf(durationsMs);
    if (medianMs === undefined) return { task, durationsMs, regressed: false };
    const latest = durationsMs[durationsMs.length - 1] ?? 0;
    const ratio = medianMs === 0 ? 1 : latest / medianMs;
    const regressed = ratio >= minRatio && latest - medianMs >= minMs;
    return { task, durationsMs, medianMs, ratio, regressed };
  });
}

const maxRuns = 10;
/** A task has regressed when it took at least 1.5 times the median, and at least a second more. */
const minRatio = 1.5;
const minMs = 1_000;
