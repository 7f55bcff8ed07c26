import {
  type EpochMs,
  endOfAttempt,
  type Outcome,
  ownValue,
  type Plan,
  type RunEvent,
  withLines,
} from '../../engine/index.ts';
import { conditionOf } from '../states/task-display.ts';
import { causeOf } from '../task-ending.ts';
import type { AttemptInterval, TaskIntervals } from './attempt-interval.ts';

/** The intervals of a run's attempts, collected from its events. */
export type IntervalCollector = {
  add(event: RunEvent): void;
  /** Forgets all, and begins again with these events. */
  restart(events: readonly RunEvent[]): void;
  /** Tasks in the order of their first start; changes while the run goes on. */
  readonly started: readonly TaskIntervals[];
  ofTask(index: number): readonly AttemptInterval[];
};

/** @param plans those of the run; the tasks are those of the one that holds, and in a run that is resumed another may hold then */
export function createIntervalCollector(plans: readonly Plan[]): IntervalCollector {
  let plan = plans[0]!;
  let started: TaskIntervals[] = [];
  let byTask = new Map<number, AttemptInterval[]>();
  const close = (intervals: AttemptInterval[], at: number, end: Partial<AttemptInterval>): void => {
    const last = intervals[intervals.length - 1];
    if (last !== undefined && last.endedAt === undefined)
      intervals[intervals.length - 1] = { ...last, ...end, endedAt: at };
  };
  /** Nothing runs on but what was adopted. */
  const stop = ({ stoppedAt, decisions }: Extract<RunEvent, { type: 'run.continued' }>): void => {
    for (const [index, intervals] of byTask) {
      const isRunning = intervals.at(-1)?.kind === 'running';
      if (isRunning && ownValue(decisions, plan.tasks[index]!.spec.id)?.kind === 'adopted') continue;
      close(intervals, stoppedAt, isRunning ? { kind: 'cancelled' } : {});
    }
  };
  /** The tasks are at other places in the plan. */
  const moveTo = (next: Plan): void => {
    const placeOf = (index: number) => next.indexOf.get(plan.tasks[index]!.spec.id);
    const moved = new Map<number, AttemptInterval[]>();
    for (const [index, intervals] of byTask) {
      const task = placeOf(index);
      if (task !== undefined) moved.set(task, next === plan ? intervals : intervals.map((one) => ({ ...one, task })));
    }
    started = started.flatMap((one) => {
      const task = placeOf(one.task);
      return task === undefined ? [] : [{ task, intervals: moved.get(task)! }];
    });
    [plan, byTask] = [next, moved];
  };
  const collector: IntervalCollector = {
    get started() {
      return started;
    },
    ofTask: (index) => byTask.get(index) ?? [],
    restart: (events) => {
      [plan, started, byTask] = [plans[0]!, [], new Map()];
      for (const event of events) collector.add(event);
    },
    add: (event) => {
      if (event.type === 'run.continued') {
        stop(event);
        moveTo(withLines(plans[event.plan - 1] ?? plan, event.lines));
      } else if (event.type === 'tasks.expanded') moveTo(withLines(plan, event.lines));
      if (!('task' in event)) return;
      const task = plan.indexOf.get(event.task);
      if (task === undefined) return;
      let intervals = byTask.get(task);
      if (intervals === undefined) {
        intervals = [];
        byTask.set(task, intervals);
      }
      switch (event.type) {
        case 'task.awaiting':
        case 'task.asking':
          close(intervals, event.at, {});
          return;
        case 'task.ready':
          close(intervals, event.at, {});
          intervals.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'waiting' });
          return;
        case 'task.started':
          close(intervals, event.at, {});
          if (!intervals.some(({ kind }) => kind !== 'waiting')) started.push({ task, intervals });
          intervals.push({
            task,
            attempt: event.attempt,
            startedAt: event.at,
            kind: 'running',
            ...(event.host === undefined ? {} : { host: event.host }),
          });
          return;
        case 'task.backing-off':
          // Without an attempt when it failed while it was asked for.
          if (intervals.at(-1)?.kind === 'running')
            close(intervals, endOfAttempt(event), {
              kind: event.cause.kind === 'timeout' ? 'timed-out' : 'failed',
              cause: event.cause,
            });
          intervals.push({ task, attempt: event.attempt, startedAt: event.at, kind: 'waiting' });
          return;
        case 'task.finished':
          if (intervals[intervals.length - 1]?.kind === 'running')
            close(intervals, endOfAttempt(event), endOf(event.outcome, event.at));
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
  return collector;
}

function endOf(outcome: Outcome, startedAt: EpochMs): Partial<AttemptInterval> {
  const cause = causeOf(outcome);
  return { kind: conditionOf({ state: outcome, startedAt }), ...(cause === undefined ? {} : { cause }) };
}
