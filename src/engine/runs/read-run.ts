import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId } from '../model/ids.ts';
import type { Plan, RunOptions } from '../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import { optionsOf } from '../scheduler/state/run-terms.ts';
import { journalDamage, journalPassedOver } from '../storage/journal/journal-damage.ts';
import { readJournal } from '../storage/journal/read-journal.ts';
import { isRunAlive } from '../storage/runs/heartbeat.ts';
import { type RunPaths, runPaths } from '../storage/runs/run-paths.ts';
import { copiesIn, storedPlans } from './stored-plans.ts';

/** A run as its directory stores it. */
export type StoredRun = {
  /** The plan that holds at its end. */
  readonly plan: Plan;
  /** All its plans, that of its start first; it has several when its pipeline had changed before it was resumed. */
  readonly plans: readonly [Plan, ...Plan[]];
  /** With which it was started. */
  readonly options: RunOptions;
  /** All events of its journal, up to the place where it is damaged. */
  readonly events: readonly RunEvent[];
  /** Where its journal is damaged; absent while the run is under way, because its last line may be half written. */
  readonly damage?: Diagnostic;
  /** Whether only its last line is incomplete, as when its writer was killed. */
  readonly isTruncated?: boolean;
  /** What a newer etl-tui told in the journal, and is passed over. */
  readonly newer?: Diagnostic;
  readonly paths: RunPaths;
};

/**
 * Reads the journal of a run and rebuilds its plans, also of a run that is under way or was interrupted. Errors:
 * `run/unknown-run`, when its directory is gone or cannot be understood; `run/damaged-journal` and `run/newer-journal`, when
 * nothing of its journal can be read.
 */
export function readRun(logDir: string, run: RunId): Result<StoredRun, Diagnostic> {
  const paths = runPaths(logDir, run);
  const journal = readJournal(paths.journal);
  if (!journal.ok) return failed(unreadable(run, journal.error.message));
  const { events } = journal.value;
  const isTruncated = journal.value.end.kind === 'torn';
  const isBeingWritten = isTruncated && isRunAlive(paths.directory);
  const damage = isBeingWritten ? undefined : journalDamage(run, paths.journal, journal.value);
  const newer = journalPassedOver(run, journal.value);
  const [started] = events;
  if (started?.type !== 'run.started') return failed(damage ?? unreadable(run, 'its journal has no beginning'));
  const rebuilt = storedPlans(copiesIn(paths), started, events);
  if (!rebuilt.ok) return failed(unreadable(run, rebuilt.error));
  const { type: _, at: _at, pipeline: _p, run: _r, seed, ...terms } = started;
  return ok({
    plan: rebuilt.value.last,
    plans: rebuilt.value.all,
    options: optionsOf(terms, { run, seed }),
    events,
    paths,
    ...(damage === undefined ? {} : { damage, isTruncated }),
    ...(newer === undefined ? {} : { newer }),
  });
}

function unreadable(run: RunId, why: string): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `run ${run} cannot be read: ${why}`,
    hint: 'etl-tui history lists the runs; its performance record is still there',
  };
}
