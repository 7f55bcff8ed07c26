import type { Outcome, Plan, RunEvent } from '../../../engine/index.ts';
import type { AttemptInterval, TaskIntervals } from './attempt-interval.ts';

/** What the attempts of a run's tasks took, collected from its events. */
export type IntervalCollector = {
  add(event: RunEvent): void;
  /** Tasks in the order of their first start. What lies in it grows while the run goes on. */
  readonly started: readonly TaskIntervals[];
  ofTask(index: number): readonly AttemptInterval[];
};

export function createIntervalCollector(plan: Plan): IntervalCollector {
  const started: TaskIntervals[] = [];
  const byTask = new Map<number, AttemptInterval[]>();
  const close = (spans: AttemptInterval[], at: number, end: Partial<AttemptInterval>): void => {
    const last = spans[spans.length - 1];
    if (last !== undefined && last.endedAt === undefined) spans[spans.length - 1] = { ...last, ...end, endedAt: at };
  };
  return {
    started,
    ofTask: (index) => byTask.get(index) ?? [],
    add: (event) => {
      if (!('task' in event)) return;
      const task = plan.indexOf.get(event.task);
      if (task === undefined) return;
      let spans = byTask.get(task);
      if (spans === undefined) {
        spans = [];
        byTask.set(task, spans);
      }
      switch (event.type) {
        case 'task.ready':
          close(spans, event.at, {});
          spans.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'waiting' });
          return;
        case 'task.started':
          close(spans, event.at, {});
          if (!spans.some(({ kind }) => kind !== 'waiting')) started.push({ task, intervals: spans });
          spans.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'running' });
          return;
        case 'task.backing-off':
          close(spans, event.at, {
            kind: event.cause.kind === 'timeout' ? 'timed-out' : 'failed',
            cause: event.cause,
          });
          spans.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'waiting' });
          return;
        case 'task.finished':
          if (spans[spans.length - 1]?.kind === 'running') close(spans, event.at, endOf(event.outcome));
          else close(spans, event.at, {});
          return;
        case 'task.reset':
          close(spans, event.at, {});
          return;
        default:
          return;
      }
    },
  };
}

function endOf(outcome: Outcome): Partial<AttemptInterval> {
  switch (outcome.kind) {
    case 'succeeded':
      return { kind: outcome.degraded === undefined ? 'succeeded' : 'degraded' };
    case 'failed':
      return { kind: 'failed', cause: outcome.cause };
    case 'timed-out':
      return { kind: 'timed-out', cause: { kind: 'timeout', afterMs: outcome.afterMs } };
    case 'skipped':
      return { kind: 'skipped' };
    case 'upstream-failed':
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}
