import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId } from '../model/ids.ts';
import type { Plan, RunOptions } from '../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import { planPipeline } from '../pipeline/plan-pipeline.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { journalDamage } from '../storage/journal/journal-damage.ts';
import { readJournal } from '../storage/journal/read-journal.ts';
import { isRunAlive } from '../storage/runs/heartbeat.ts';
import { type RunPaths, runPaths } from '../storage/runs/run-paths.ts';
import { decodePipeline } from '../storage/runs/stored-pipeline.ts';

/** A run as its directory stores it. */
export type StoredRun = {
  readonly plan: Plan;
  readonly options: RunOptions;
  /** All events of its journal, up to the place where it is damaged. */
  readonly events: readonly RunEvent[];
  /** Where its journal is damaged; absent while the run is under way, because its last line may be half written. */
  readonly damage?: Diagnostic;
  /** Whether only its last line is incomplete, as when its writer was killed. */
  readonly isTruncated?: boolean;
  readonly paths: RunPaths;
};

type RunStarted = Extract<RunEvent, { type: 'run.started' }>;

/**
 * Reads the journal of a run and rebuilds its plan, also of a run that is under way or was interrupted. Errors:
 * `run/unknown-run`, when its directory is gone or cannot be understood; `run/damaged-journal`, when nothing of its
 * journal can be read.
 */
export function readRun(logDir: string, run: RunId): Result<StoredRun, Diagnostic> {
  const paths = runPaths(logDir, run);
  const journal = readJournal(paths.journal);
  if (!journal.ok) return failed(unreadable(run, journal.error.message));
  const { events } = journal.value;
  const damage = isRunAlive(paths.directory) ? undefined : journalDamage(run, paths.journal, journal.value);
  const isTruncated = journal.value.end.kind === 'torn';
  const [started] = events;
  if (started?.type !== 'run.started') return failed(damage ?? unreadable(run, 'its journal has no beginning'));
  const rebuilt = rebuildPlan(paths, started);
  if (!rebuilt.ok) return failed(unreadable(run, rebuilt.error));
  const plan = rebuilt.value;
  const unknown = events.find((event) => 'task' in event && !plan.indexOf.has(event.task));
  if (unknown !== undefined) return failed(unreadable(run, 'its journal names tasks that its pipeline does not have'));
  if (!isOrderOf(started.queueOrder, plan.tasks.length)) {
    return failed(unreadable(run, 'its journal has another order of tasks than its pipeline'));
  }
  return ok({
    plan,
    options: optionsOf(started),
    events,
    paths,
    ...(damage === undefined ? {} : { damage, isTruncated }),
  });
}

/** From the stored pipeline; older runs have the file alone. Fails with the reason. */
function rebuildPlan(paths: RunPaths, { selection, planHash }: RunStarted): Result<Plan, string> {
  const stored = decodePipeline(readText(paths.stored) ?? '');
  const text = stored === undefined ? readText(paths.pipeline) : '';
  if (text === undefined) return failed(`"${paths.pipeline}" is gone`);
  const { plan, diagnostics } =
    stored === undefined ? planPipeline(text, paths.pipeline, selection) : buildPlan(stored, selection);
  if (plan === undefined) return failed(`its pipeline cannot be read any more: ${diagnostics[0]?.message}`);
  // Masked values have another hash.
  return ok({ ...plan, hash: planHash });
}

function optionsOf(started: RunStarted): RunOptions {
  const { type: _, at: _at, pipeline: _p, planHash: _h, tasks: _t, selection: _s, ...options } = started;
  return { runChecks: true, ...options };
}

/** Whether each of the tasks is in it exactly once. */
function isOrderOf(queueOrder: readonly number[] | undefined, tasks: number): boolean {
  if (queueOrder === undefined) return true;
  const places = new Set(queueOrder);
  return (
    queueOrder.length === tasks && Array.from({ length: tasks }, (_, index) => index).every((one) => places.has(one))
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function unreadable(run: RunId, why: string): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `run ${run} cannot be read: ${why}`,
    hint: 'etl-tui history lists the runs; what is left of this one is in its performance record',
  };
}
