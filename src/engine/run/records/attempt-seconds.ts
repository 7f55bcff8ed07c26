import type { EpochMs, TaskId } from '../../model/ids.ts';
import type { RunEvent } from '../../model/run/run-event.ts';

/** Adds up how long all attempts of a run have run so far, those that run included. */
export function createAttemptMeter(): {
  readonly onEvent: (event: RunEvent) => void;
  readonly secondsAt: (now: EpochMs) => number;
  /** Of the attempt of the task that runs now; otherwise 0. */
  readonly ranSeconds: (task: TaskId, now: EpochMs) => number;
} {
  const startedAt = new Map<TaskId, EpochMs>();
  let endedMs = 0;
  return {
    onEvent: (event) => {
      if (event.type === 'task.started') startedAt.set(event.task, event.at);
      if (event.type !== 'task.finished' && event.type !== 'task.backing-off') return;
      endedMs += event.at - (startedAt.get(event.task) ?? event.at);
      startedAt.delete(event.task);
    },
    ranSeconds: (task, now) => (now - (startedAt.get(task) ?? now)) / 1000,
    secondsAt: (now) => {
      let ms = endedMs;
      for (const at of startedAt.values()) ms += Math.max(0, now - at);
      return ms / 1000;
    },
  };
}
