import type { FailureCause } from '../../model/task-state.ts';

/**
 * Whether the attempt has not even begun, through no fault of the task: the machine had no room to start it. Such attempts
 * do not use up the retries of the task, but have a bound of their own, because a machine that cannot start a program now
 * may never. An attempt that was lost from sight is none of them: it may have begun, and done half of its work. (A program that cannot be started by a mistake of its author is never tried again, so a
 * `not-started` that another attempt follows is always a shortage.)
 */
export function isInfraFailure(cause: FailureCause): boolean {
  return cause.kind === 'not-started';
}

/** Mishaps in a row after which the task fails; with the usual delays that is half a minute of patience. */
export const maxInfraRetries = 5;
