import type * as resuming from './run/resume/find-resumable-run.ts';
import type * as queued from './run/shared/find-queued-run.ts';
import type * as comparing from './runs/compare-stored-runs.ts';
import type * as finding from './runs/find-run.ts';
import type * as followingRun from './runs/follow-run.ts';
import type * as following from './runs/follow-task.ts';
import type * as listing from './runs/list-runs.ts';
import type * as naming from './runs/name-stored.ts';
import type * as pruning from './runs/pruning/prune-runs.ts';
import type * as trending from './runs/read-trends.ts';
import type * as rebuilding from './runs/rebuild-results.ts';
import type * as replaying from './runs/replay-run.ts';
import type * as reporting from './runs/report-run.ts';
import type * as detailing from './runs/run-details.ts';

// A run does not look back: what does is loaded when it is asked for.

/** The run that a text names: its id, the beginning of one, or `latest`. Error: `run/unknown-run`. */
export const findRun: typeof finding.findRun = async (...args) => (await import('./runs/find-run.ts')).findRun(...args);

/** The run that is to be resumed. Errors: `run/unknown-run`, `usage/cannot-resume`, `run/locked`, `run/damaged-journal`. */
export const findResumableRun: typeof resuming.findResumableRun = async (...args) =>
  (await import('./run/resume/find-resumable-run.ts')).findResumableRun(...args);

/** The same among the runs that hosts share, also one that another process drives. Errors: those of the queue as well. */
export const findQueuedRun: typeof queued.findQueuedRun = async (...args) =>
  (await import('./run/shared/find-queued-run.ts')).findQueuedRun(...args);

/** The last runs of a log directory, newest last. */
export const listRuns: typeof listing.listRuns = async (...args) =>
  (await import('./runs/list-runs.ts')).listRuns(...args);

/** The last runs of a log directory, newest first, as far as they are known without their journals. */
export const nameRuns: typeof naming.nameRuns = async (...args) =>
  (await import('./runs/name-stored.ts')).nameRuns(...args);

/** The tasks of a stored run. */
export const nameTasks: typeof naming.nameTasks = async (...args) =>
  (await import('./runs/name-stored.ts')).nameTasks(...args);

/** All that is known of a run. Error: `run/unknown-run`. */
export const reportRun: typeof reporting.reportRun = async (...args) =>
  (await import('./runs/report-run.ts')).reportRun(...args);

/** Writes the results of a run again. Errors: `run/unknown-run`, `run/no-result`. */
export const rebuildResults: typeof rebuilding.rebuildResults = async (...args) =>
  (await import('./runs/rebuild-results.ts')).rebuildResults(...args);

/** A run with all that can be drawn of it. Error: `run/unknown-run`. */
export const runDetails: typeof detailing.runDetails = async (...args) =>
  (await import('./runs/run-details.ts')).runDetails(...args);

/** A task of a run, and its logs. Errors: `run/unknown-run`, `plan/unknown-task`. */
export const followRun = async (...args: Parameters<typeof followingRun.followRun>) =>
  (await import('./runs/follow-run.ts')).followRun(...args);
export const followTask = async (...args: Parameters<typeof following.followTask>) =>
  (await import('./runs/follow-task.ts')).followTask(...args);

/** A run of the past, to be watched again. Error: `run/unknown-run`. */
export const openReplay = async (...args: Parameters<typeof replaying.openReplay>) =>
  (await import('./runs/replay-run.ts')).openReplay(...args);

/** How a pipeline and its tasks have developed over the last runs. */
export const readTrends: typeof trending.readTrends = async (...args) =>
  (await import('./runs/read-trends.ts')).readTrends(...args);

/** A stored run beside an earlier one. Error: `run/unknown-run`. */
export const compareStoredRuns: typeof comparing.compareStoredRuns = async (...args) =>
  (await import('./runs/compare-stored-runs.ts')).compareStoredRuns(...args);

/** Deletes the logs and results of old runs. */
export const pruneRuns: typeof pruning.pruneRuns = async (...args) =>
  (await import('./runs/pruning/prune-runs.ts')).pruneRuns(...args);
