import type { StoppingReason } from '../model/task-state.ts';
import { type Draft, entryIn, record } from './draft.ts';

/** Has a running attempt ended; what becomes of the task is decided when its exit comes. */
export function stopTask(draft: Draft, index: number, why: StoppingReason): void {
  const { state } = entryIn(draft, index);
  if (state.kind !== 'running') return;
  const { id, killGraceMs } = draft.state.plan.tasks[index]!.spec;
  record(draft, { type: 'task.stopping', task: id, why });
  // It was told already when only the reason is new.
  if (state.stopping !== undefined) return;
  draft.effects.push({ type: 'terminate-task', task: id, attempt: state.attempt, graceMs: killGraceMs });
}
