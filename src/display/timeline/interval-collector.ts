import type { EpochMs, Outcome, Plan, RunEvent } from '../../engine/index.ts';
import { conditionOf } from '../states/task-display.ts';
import { causeOf } from '../task-ending.ts';
import type { AttemptInterval, TaskIntervals } from './attempt-interval.ts';

/** The intervals of a run's attempts, collected from its events. */
export type IntervalCollector = {
  add(event: RunEvent): void;
  /** Tasks in the order of their first start. Grows in place while the run goes on. */
  readonly started: readonly TaskIntervals[];
  ofTask(index: number): readonly AttemptInterval[];
};

export function createIntervalCollector(plan: Plan): IntervalCollector {
  const started: TaskIntervals[] = [];
  const byTask = new Map<number, AttemptInterval[]>();
  const close = (intervals: AttemptInterval[], at: number, end: Partial<AttemptInterval>): void => {
    const last = intervals[intervals.length - 1];
    if (last !== undefined && last.endedAt === undefined)
      intervals[intervals.length - 1] = { ...last, ...end, endedAt: at };
  };
  return {
    started,
    ofTask: (index) => byTask.get(index) ?? [],
    add: (event) => {
      if (!('task' in event)) return;
      const task = plan.indexOf.get(event.task);
      if (task === undefined) return;
      let intervals = byTask.get(task);
      if (intervals === undefined) {
        intervals = [];
        byTask.set(task, intervals);
      }
      switch (event.type) {
        case 'task.ready':
          close(intervals, event.at, {});
          intervals.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'waiting' });
          return;
        case 'task.started':
          close(intervals, event.at, {});
          if (!intervals.some(({ kind }) => kind !== 'waiting')) started.push({ task, intervals });
          intervals.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'running' });
          return;
        case 'task.backing-off':
          close(intervals, event.at, {
            kind: event.cause.kind === 'timeout' ? 'timed-out' : 'failed',
            cause: event.cause,
          });
          intervals.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'waiting' });
          return;
        case 'task.finished':
          if (intervals[intervals.length - 1]?.kind === 'running')
            close(intervals, event.at, endOf(event.outcome, event.at));
          else close(intervals, event.at, {});
          return;
        case 'task.reset':
          close(intervals, event.at, {});
          return;
        default:
          return;
      }
    },
  };
}

function endOf(outcome: Outcome, startedAt: EpochMs): Partial<AttemptInterval> {
  const cause = causeOf(outcome);
  return { kind: conditionOf({ state: outcome, startedAt }), ...(cause === undefined ? {} : { cause }) };
}
