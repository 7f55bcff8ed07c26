import { medianOf } from '../../engine/index.ts';
import type { ReportSource } from './parts.ts';

/** What a task took in the runs before this one, and in this one, in seconds. */
export type PastDurations = {
  /** Oldest first, this run last; only where it succeeded. */
  readonly seconds: readonly number[];
  /** Whether the last one is of this run. */
  readonly hasNow: boolean;
  /** The median of the runs before. */
  readonly usual?: number;
};

/** By task, for those that have succeeded before; of runs with the same parameters only, because others do other work. */
export function pastDurations({ report, past }: ReportSource): ReadonlyMap<string, PastDurations> {
  const { performance } = report;
  const before = new Map<string, number[]>();
  for (const record of past) {
    if (!haveSameParams(record.params, performance?.params)) continue;
    for (const { task, status, degraded, attempt_seconds: seconds } of record.results) {
      if (status !== 'success' || degraded !== undefined || !Number.isFinite(seconds)) continue;
      const known = before.get(task);
      if (known === undefined) before.set(task, [seconds]);
      else known.push(seconds);
    }
  }
  const now = new Map(performance?.results.map((row) => [row.task as string, row]));
  return new Map(
    [...before].map(([task, seconds]) => {
      const row = now.get(task);
      const hasNow = row?.status === 'success' && row.degraded === undefined;
      const usual = medianOf(seconds);
      return [
        task,
        {
          seconds: hasNow ? [...seconds, row.attempt_seconds] : seconds,
          hasNow,
          ...(usual === undefined ? {} : { usual }),
        },
      ];
    }),
  );
}

type Params = Readonly<Record<string, string>>;

export function haveSameParams(before: Params = {}, now: Params = {}): boolean {
  const names = Object.keys(before);
  return names.length === Object.keys(now).length && names.every((name) => before[name] === now[name]);
}
