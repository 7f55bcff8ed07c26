import type { EpochMs, TaskId } from '../model/ids.ts';
import type { RunEvent } from '../model/run/run-event.ts';

export type RunMeasures = {
  readonly peakRunning: number;
  /** The durations of all attempts, added up. */
  readonly busyMs: number;
  /** How long at least one attempt was running: without the time in which every task waited for an operator or a retry. */
  readonly activeMs: number;
  readonly lastAttemptMs: ReadonlyMap<TaskId, number>;
};

/** Measures that need the events of a run: its final state knows only the last attempt of each task. */
export function measureRun(events: Iterable<RunEvent>): RunMeasures {
  const runningSince = new Map<TaskId, EpochMs>();
  const lastAttemptMs = new Map<TaskId, number>();
  let peakRunning = 0;
  let busyMs = 0;
  let activeMs = 0;
  let activeSince = 0;
  for (const event of events) {
    if (event.type === 'task.started') {
      if (runningSince.size === 0) activeSince = event.at;
      runningSince.set(event.task, event.at);
      peakRunning = Math.max(peakRunning, runningSince.size);
    } else if (event.type === 'task.backing-off' || event.type === 'task.finished') {
      const startedAt = runningSince.get(event.task);
      if (startedAt === undefined) continue;
      runningSince.delete(event.task);
      lastAttemptMs.set(event.task, event.at - startedAt);
      busyMs += event.at - startedAt;
      if (runningSince.size === 0) activeMs += event.at - activeSince;
    }
  }
  return { peakRunning, busyMs, activeMs, lastAttemptMs };
}
