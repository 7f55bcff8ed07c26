import type { TaskEntry } from '../../engine/index.ts';

/** From the start of a task's first attempt to its end, or to `now`; undefined while it has not begun. */
export function taskDurationMs({ startedAt, endedAt }: TaskEntry, now: number): number | undefined {
  return startedAt === undefined ? undefined : Math.max(0, (endedAt ?? now) - startedAt);
}
