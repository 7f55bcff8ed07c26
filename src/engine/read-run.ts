import { readFileSync } from 'node:fs';
import type { Diagnostic } from './model/diagnostic.ts';
import type { RunId } from './model/ids.ts';
import type { Plan, RunOptions } from './model/plan.ts';
import { failed, ok, type Result } from './model/result.ts';
import type { RunEvent } from './model/run-event.ts';
import { planPipeline } from './plan-pipeline.ts';
import { readJournal } from './storage/read-journal.ts';
import { type RunPaths, runPaths } from './storage/run-paths.ts';

/** A run as its directory tells of it. */
export type KeptRun = {
  readonly plan: Plan;
  readonly options: RunOptions;
  /** All that its journal holds. */
  readonly events: readonly RunEvent[];
  readonly paths: RunPaths;
};

/**
 * Reads the journal of a run and makes its plan again, also of a run that is under way or was cut off. Error:
 * `run/unknown-run`, when its directory is gone or cannot be understood.
 */
export function readRun(logDir: string, run: RunId): Result<KeptRun, Diagnostic> {
  const paths = runPaths(logDir, run);
  const journal = readJournal(paths.journal);
  if (!journal.ok) return failed(forgotten(run, journal.error.message));
  const { events } = journal.value;
  const [started] = events;
  if (started?.type !== 'run.started') return failed(forgotten(run, 'its journal has no beginning'));
  const text = readText(paths.pipeline);
  if (text === undefined) return failed(forgotten(run, `"${paths.pipeline}" is gone`));
  const { plan, diagnostics } = planPipeline(text, paths.pipeline, started.selection);
  if (plan === undefined) {
    return failed(forgotten(run, `its pipeline is not understood any more: ${diagnostics[0]?.message}`));
  }
  const stranger = events.find((event) => 'task' in event && !plan.indexOf.has(event.task));
  if (stranger !== undefined) return failed(forgotten(run, 'its journal speaks of tasks that its pipeline lacks'));
  return ok({ plan, options: optionsOf(started), events, paths });
}

function optionsOf(started: Extract<RunEvent, { type: 'run.started' }>): RunOptions {
  const { run, seed, maxParallel, sequential, runChecks = true, connectionBudget, params } = started;
  return {
    run,
    seed,
    maxParallel,
    sequential,
    runChecks,
    ...(connectionBudget === undefined ? {} : { connectionBudget }),
    ...(params === undefined ? {} : { params }),
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function forgotten(run: RunId, why: string): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `run ${run} cannot be read: ${why}`,
    hint: 'etl-tui history lists the runs; what is left of this one is in its performance record',
  };
}
