import type * as finding from './find-run.ts';
import type * as following from './follow-task.ts';
import type * as listing from './list-runs.ts';
import type * as replaying from './replay-run.ts';
import type * as reporting from './report-run.ts';

// A run does not look back: what does is loaded when it is asked for.

/** The run that a text names: its id, the beginning of one, or `latest`. Error: `run/unknown-run`. */
export const findRun: typeof finding.findRun = async (...args) => (await import('./find-run.ts')).findRun(...args);

/** The last runs of a log directory, newest last. */
export const listRuns: typeof listing.listRuns = async (...args) => (await import('./list-runs.ts')).listRuns(...args);

/** All that is known of a run. Error: `run/unknown-run`. */
export const reportRun: typeof reporting.reportRun = async (...args) =>
  (await import('./report-run.ts')).reportRun(...args);

/** A task of a run, and its logs. Errors: `run/unknown-run`, `plan/unknown-task`. */
export const followTask = async (...args: Parameters<typeof following.followTask>) =>
  (await import('./follow-task.ts')).followTask(...args);

/** A run of the past, to be watched again. Error: `run/unknown-run`. */
export const openReplay = async (...args: Parameters<typeof replaying.openReplay>) =>
  (await import('./replay-run.ts')).openReplay(...args);
