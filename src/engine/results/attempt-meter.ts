import type { EpochMs, TaskId } from '../model/ids.ts';
import { isAdopted } from '../model/run/resume-decision.ts';
import { endOfAttempt, type RunEvent } from '../model/run/run-event.ts';

/** Measures the attempts of a run from its events, which the final state does not have: it knows the last of each task only. */
export type AttemptMeter = {
  /** To be called with every event of the run, in their order. */
  onEvent(event: RunEvent): void;
  running(): number;
  /** The highest number of attempts that ran at the same time. */
  peakRunning(): number;
  /** The durations of all attempts so far, added up. */
  busyMs(now: EpochMs): number;
  /** How long at least one attempt was running: without the time in which every task waited for an operator or a retry. */
  activeMs(now: EpochMs): number;
  /** Of the attempt of the task that runs now; otherwise 0. */
  ranMs(task: TaskId, now: EpochMs): number;
  /** Of the last attempt of each task that has ended. */
  lastAttemptMs(): ReadonlyMap<TaskId, number>;
};

export function createAttemptMeter(): AttemptMeter {
  const startedAt = new Map<TaskId, EpochMs>();
  const lastAttemptMs = new Map<TaskId, number>();
  let peak = 0;
  let endedMs = 0;
  let activeMs = 0;
  let activeSince = 0;
  let lastEnd = 0;
  const end = (task: TaskId, started: EpochMs, at: EpochMs) => {
    startedAt.delete(task);
    lastAttemptMs.set(task, at - started);
    endedMs += at - started;
    lastEnd = Math.max(lastEnd, at);
    if (startedAt.size === 0) activeMs += lastEnd - activeSince;
  };
  return {
    onEvent: (event) => {
      if (event.type === 'task.started') {
        if (startedAt.size === 0) activeSince = event.at;
        startedAt.set(event.task, event.at);
        peak = Math.max(peak, startedAt.size);
      } else if (event.type === 'run.continued') {
        // Those that ran when the process died; when they ended is not known any better.
        for (const [task, started] of startedAt)
          if (!isAdopted(event.decisions, task)) end(task, started, event.stoppedAt);
      } else if (event.type === 'task.finished' || event.type === 'task.backing-off') {
        const started = startedAt.get(event.task);
        if (started !== undefined) end(event.task, started, endOfAttempt(event));
      }
    },
    running: () => startedAt.size,
    peakRunning: () => peak,
    busyMs: (now) => {
      let ms = endedMs;
      for (const at of startedAt.values()) ms += Math.max(0, now - at);
      return ms;
    },
    activeMs: (now) => activeMs + (startedAt.size === 0 ? 0 : Math.max(0, now - activeSince)),
    ranMs: (task, now) => now - (startedAt.get(task) ?? now),
    lastAttemptMs: () => lastAttemptMs,
  };
}
