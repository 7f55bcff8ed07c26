import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { findRun } from '../../runs/find-run.ts';
import { foldRun } from '../../runs/fold-run.ts';
import { lastSeen, statusOf } from '../../runs/list-runs.ts';
import { readRecord } from '../../runs/past-performance.ts';
import { readRun } from '../../runs/read-run.ts';
import { firstEvent } from '../../storage/journal/read-journal.ts';
import { isRunAlive } from '../../storage/runs/heartbeat.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import { newestRuns } from '../../storage/runs/stored-runs.ts';
import { hasSucceeded, ofAnother } from './refuse-resume.ts';
import type { ResumableRun } from './resumable-run.ts';

/** Which run is meant; without a name the latest of the pipeline. */
export type ResumeWish = {
  /** Absolute. */
  readonly logDir: string;
  readonly pipeline: string;
  /** The id of a run, the beginning of one, or `latest`. */
  readonly named?: string;
};

/**
 * Finds the run that is to be resumed: one that was interrupted, has failed or was cancelled. Errors: `run/unknown-run`,
 * `usage/cannot-resume` (it succeeded, or is of another pipeline), `run/locked` (it is under way), `run/damaged-journal`.
 */
export async function findResumableRun(wish: ResumeWish, now: EpochMs): Promise<Result<ResumableRun, Diagnostic>> {
  const { logDir, pipeline, named } = wish;
  const found = named === undefined ? await latestRun(logDir, pipeline) : await findRun(logDir, named);
  if (!found.ok) return found;
  const run = found.value;
  const paths = runPaths(logDir, run);
  if (isRunAlive(paths.directory)) return failed(isUnderWay(run));
  const stored = readRun(logDir, run);
  if (!stored.ok) return failed(stored.error);
  const status = statusOf(stored.value);
  const state = foldRun(stored.value);
  const { name } = state.plan.pipeline;
  if (name !== pipeline) return failed(ofAnother(run, name, pipeline));
  if (status === 'success') return failed(hasSucceeded(run, pipeline, named === undefined));
  const { plans, options, events, damage } = stored.value;
  if ((status === 'damaged' || status === 'unreadable') && damage !== undefined) return failed(cannotContinue(damage));
  const stoppedAt = lastSeen(stored.value, status, now);
  return ok({ run, plans, options, events, state, stoppedAt, ...(damage === undefined ? {} : { damage }) });
}

/** By its name in the journal, or in the record that is left of it. */
async function latestRun(logDir: string, pipeline: string): Promise<Result<RunId, Diagnostic>> {
  for await (const run of newestRuns(logDir)) {
    const paths = runPaths(logDir, run);
    const first = firstEvent(paths.journal);
    const name = first?.type === 'run.started' ? first.pipeline : (await readRecord(paths.performance))?.pipeline;
    if (name === pipeline) return ok(run);
  }
  return failed({
    code: 'run/unknown-run',
    severity: 'error',
    message: `there is no run of pipeline "${pipeline}" in "${logDir}"`,
    hint: 'start one with etl-tui run, or choose another log directory with --log-dir',
  });
}

function isUnderWay(run: RunId): Diagnostic {
  return {
    code: 'run/locked',
    severity: 'error',
    message: `run ${run} is still running`,
    hint: 'wait until it ends, or stop it where it runs',
  };
}

function cannotContinue(damage: Diagnostic): Diagnostic {
  return {
    ...damage,
    severity: 'error',
    message: `${damage.message}, so that it cannot be resumed`,
    hint: `${damage.hint === undefined ? '' : `${damage.hint}; `}start the pipeline again with etl-tui run`,
  };
}
