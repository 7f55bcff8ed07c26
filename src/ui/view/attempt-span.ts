import type { FailureCause } from '../../engine/index.ts';

/** A stretch of time in the life of a task: an attempt, or the wait before one. */
export type AttemptSpan = {
  /** Index in the plan. */
  readonly task: number;
  readonly attempt: number;
  readonly startedAt: number;
  /** Absent while it lasts. */
  readonly endedAt?: number;
  /** `waiting`: ready without a slot, or between two attempts. */
  readonly kind: 'waiting' | 'running' | 'succeeded' | 'degraded' | 'failed' | 'timed-out' | 'cancelled' | 'skipped';
  readonly cause?: FailureCause;
};

/** The spans of one task, in order of time. */
export type TaskSpans = { readonly task: number; readonly spans: readonly AttemptSpan[] };

/** Spans by task, in the order in which tasks came to life. */
export function spansByTask(spans: readonly AttemptSpan[]): readonly TaskSpans[] {
  const byTask = new Map<number, AttemptSpan[]>();
  for (const one of spans) {
    const together = byTask.get(one.task);
    if (together === undefined) byTask.set(one.task, [one]);
    else together.push(one);
  }
  return [...byTask].map(([task, own]) => ({ task, spans: own.sort((a, b) => a.startedAt - b.startedAt) }));
}
