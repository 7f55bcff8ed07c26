import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';

/** The `count`th of an endless row of events, no two of them alike. */
export function eventNumber(count: number): RunEvent {
  const task = `task_${count % 7}` as TaskId;
  const at = (1_767_600_000_000 + count) as EpochMs;
  return count % 2 === 0
    ? { type: 'task.spawned', task, attempt: 1, pid: count, at }
    : { type: 'task.progressed', task, attempt: 1, report: { message: `Woche ${count} … ✓ "ü"` }, at };
}

export function eventsUpTo(count: number): RunEvent[] {
  return Array.from({ length: count }, (_, index) => eventNumber(index));
}
