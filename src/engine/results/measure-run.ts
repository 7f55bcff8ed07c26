import type { EpochMs, TaskId } from '../model/ids.ts';
import type { RunEvent } from '../model/run-event.ts';

export type RunMeasures = {
  readonly peakRunning: number;
  /** What all attempts took, added up. */
  readonly busyMs: number;
  /** How long at least one attempt ran: without the time in which all of them waited for a person, or for a retry. */
  readonly activeMs: number;
  readonly lastAttemptMs: ReadonlyMap<TaskId, number>;
};

/** What only the events of a run can tell: its final state has forgotten the attempts before the last. */
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
