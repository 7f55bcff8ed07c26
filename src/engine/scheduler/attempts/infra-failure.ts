import type { FailureCause } from '../../model/run/task-state.ts';

/**
 * Whether the machine failed and not the task: it could not start the attempt, for lack of processes or memory, or has lost
 * it from sight, when the shell that ran it was killed. Such failures do not use up the retries of the task; they have a
 * limit of their own, because the machine may never recover, and because a task may end its own shell each time. A lost
 * attempt may have done half of its work, as one of a killed etl-tui may; that a task can be run again is asked of every
 * task. (`not-started` by a mistake of the author is never retried, so a `not-started` that another attempt follows is
 * always a shortage.)
 */
export function isInfraFailure(cause: FailureCause): boolean {
  const { kind } = cause.kind === 'only-if' ? cause.failure : cause;
  return kind === 'not-started' || kind === 'lost';
}

/** How many infrastructure failures in a row are retried; with the default back-off that takes half a minute. */
export const maxInfraRetries = 5;
