import type { EpochMs } from '../../model/ids.ts';
import { entryIn, type Transition } from '../transition.ts';
import { timeoutOf } from './timeout-of.ts';

/** An attempt that ended in time while nobody looked is heard of within this time. */
const newsWithinMs = 10_000;

/**
 * Requests what follows from the start of an attempt that the state holds as running: the attempt itself, and its limits of
 * time. They count from its start, which may have been long ago when another process has started it.
 */
export function performAttempt(transition: Transition, index: number): void {
  const { at, effects } = transition;
  const { state } = entryIn(transition, index);
  if (state.kind !== 'running') return;
  const { attempt, fallback, startedAt, host } = state;
  const { id: task, idleTimeoutMs } = transition.state.plan.tasks[index]!.spec;
  effects.push({ type: 'start-task', task, attempt, fallback, ...(host === undefined ? {} : { host }) });
  const limit = startedAt + timeoutOf(transition.state, index, fallback);
  const earliest = startedAt === at ? at : at + newsWithinMs;
  effects.push({
    type: 'set-timer',
    timer: { kind: 'timeout', task, attempt },
    at: Math.max(limit, earliest) as EpochMs,
  });
  if (idleTimeoutMs === undefined) return;
  // When it was last heard of is not known.
  effects.push({ type: 'set-timer', timer: { kind: 'idle', task, attempt }, at: (at + idleTimeoutMs) as EpochMs });
}
