import type { TaskId } from '../../model/ids.ts';
import { medianOf } from '../../model/median.ts';
import { hasGoneOn } from '../../model/run/resume-decision.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { WaitCause } from '../../model/run/wait-times.ts';
import type { PerformanceRecord, TaskPerformance } from '../files/performance-record.ts';
import { areComparable } from '../trends/same-params.ts';

/** What earlier runs of the same work took; durations in seconds, medians. */
export type UsualRun = {
  readonly runs: number;
  readonly seconds: number;
  readonly taskSeconds: ReadonlyMap<TaskId, number>;
  readonly waitSeconds: (cause: WaitCause) => number;
};

/** With fewer runs nothing is usual. */
const minRuns = 3;
/** Older runs had other data. */
const maxRuns = 10;

/** Of the successful runs with the same tasks and as much to do; undefined when there are too few. */
export function usualRun(record: PerformanceRecord, past: readonly PerformanceRecord[]): UsualRun | undefined {
  const work = workOf(record);
  const isSimilar = (one: PerformanceRecord) => workOf(one) === work && areComparable(one, record.params);
  const runs = past.filter((one) => one.status === 'success' && isSimilar(one)).slice(-maxRuns);
  const seconds = medianOf(runs.map(({ total_duration_seconds }) => total_duration_seconds));
  if (runs.length < minRuns || seconds === undefined) return undefined;
  return {
    runs: runs.length,
    seconds,
    taskSeconds: new Map(
      record.results.flatMap(({ task }) => {
        const took = runs.flatMap(
          ({ results }) => results.find((result) => result.task === task)?.attempt_seconds ?? [],
        );
        const usual = medianOf(took);
        return usual === undefined ? [] : [[task, usual] as const];
      }),
    ),
    waitSeconds: (cause) => medianOf(runs.map(({ waiting_seconds }) => waiting_seconds?.[cause] ?? 0)) ?? 0,
  };
}

/** The same for runs that had the same to do. A changed command or limit does not make other work of it. */
function workOf({ sequential, results }: PerformanceRecord): string {
  const hasRun = ({ status }: TaskPerformance) => !['skipped', 'not_needed', 'reused'].includes(status);
  const tasks = results.filter(hasRun).map(({ task }) => task);
  return JSON.stringify([sequential, tasks.toSorted()]);
}

/** How long a run was paused, or over or interrupted until somebody took it up again: time that says nothing of the machine. */
export function heldSeconds(events: readonly RunEvent[]): number {
  let heldMs = 0;
  let since: number | undefined;
  for (const event of events) {
    const { type, at } = event;
    if (type === 'run.paused' || type === 'run.finished') since ??= at;
    else if (type === 'run.continued') {
      heldMs += at - (since ?? (hasGoneOn(event.decisions) ? at : event.stoppedAt));
      since = undefined;
    } else if ((type === 'run.resumed' || type === 'run.reopened') && since !== undefined) {
      heldMs += at - since;
      since = undefined;
    }
  }
  return heldMs / 1000;
}
