import type { FailureCause } from '../../model/run/task-state.ts';
import { limitOfRun } from '../placement/known-hosts.ts';
import { record, type Transition } from '../transition.ts';

/** How many overloads make the run step down. One may be bad luck. */
const failuresForStep = 2;

/** The number of tasks that may run at once. */
export function maxRunning({ maxParallel, overload }: Transition['state']): number {
  return Math.min(maxParallel, overload.maxParallel ?? maxParallel);
}

/**
 * After an attempt has ended: when overloads repeat, half as many tasks run at once as did, at last one at a time. When as
 * many tasks as may run have succeeded twice without another, twice as many may run again, up to the limit of the run.
 */
export function stepLimit(transition: Transition, cause: FailureCause | undefined): void {
  const { overload, running, phase, options } = transition.state;
  if (phase.kind !== 'running' || options.sequential) return;
  const limit = maxRunning(transition.state);
  if (cause?.kind === 'overload' && overload.failures >= failuresForStep && limit > 1) {
    // The one that has just ended ran as well.
    const half = Math.max(1, Math.floor(Math.min(limit, running + 1) / 2));
    record(transition, { type: 'run.stepped-down', maxParallel: half, because: cause.of });
  } else if (overload.maxParallel !== undefined && overload.successes >= 2 * overload.maxParallel) {
    record(transition, {
      type: 'run.stepped-up',
      maxParallel: Math.max(1, Math.min(limitOfRun(transition.state), 2 * overload.maxParallel)),
    });
  }
}
