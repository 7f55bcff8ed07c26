import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId, TaskId } from '../model/ids.ts';
import { ok, type Result } from '../model/result.ts';
import { followJournal } from '../storage/journal/read-journal.ts';
import { attemptLogPath } from '../storage/logs/attempt-log-path.ts';
import { settledBefore } from '../storage/logs/merged/merged-log-reader.ts';
import { MergedOutput } from '../storage/logs/merged/merged-output.ts';
import type { OutputPiece } from '../storage/logs/merged/output-piece.ts';
import { isRunAlive } from '../storage/runs/heartbeat.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { collectAttempts, outputSources } from './logged-attempts.ts';
import { readRun } from './read-run.ts';

/** What the tasks of a stored run printed, by time, also while another process executes it. */
export type FollowedRun = {
  readonly tasks: readonly TaskId[];
  /** What should be told of the journal. */
  readonly notices: readonly Diagnostic[];
  /** Looks what has come since the last call. Returns whether a process executes the run; if not, nothing more will come. */
  update(): boolean;
  /** The next lines as of the last `update`; undefined when there are no more. */
  next(): Promise<OutputPiece | undefined>;
};

/** Errors: those of `readRun`. */
export function followRun(logDir: string, run: RunId): Result<FollowedRun, Diagnostic> {
  const stored = readRun(logDir, run);
  if (!stored.ok) return stored;
  const { plan, damage, newer } = stored.value;
  const paths = runPaths(logDir, run);
  const readEvents = followJournal(paths.journal);
  const attempts = collectAttempts();
  let isRunning = true;
  const output = new MergedOutput(
    outputSources(attempts, (task, attempt) => attemptLogPath(paths.tasks, task, attempt)),
  );
  return ok({
    tasks: [...plan.indexOf.keys()],
    notices: [damage, newer].filter((notice) => notice !== undefined),
    update: () => {
      // Read before the events, so that they include everything when the run is over.
      isRunning = isRunAlive(paths.directory);
      for (const event of readEvents()) attempts.add(event);
      if (!isRunning) attempts.endAll();
      output.beginRound();
      return isRunning;
    },
    next: () => output.next(isRunning ? settledBefore(Date.now()) : Number.POSITIVE_INFINITY),
  });
}
