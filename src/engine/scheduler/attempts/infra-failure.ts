import type { FailureCause } from '../../model/run/task-state.ts';

/**
 * Whether the machine could not start the attempt, for lack of processes or memory. Such failures do not use up the
 * retries of the task; they have a limit of their own, because the machine may never recover. A lost attempt is no such
 * failure: it may have done half of its work. (`not-started` by a mistake of the author is never retried, so a
 * `not-started` that another attempt follows is always a shortage.)
 */
export function isInfraFailure(cause: FailureCause): boolean {
  return cause.kind === 'not-started';
}

/** How many infrastructure failures in a row are retried; with the default back-off that takes half a minute. */
export const maxInfraRetries = 5;
