import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId } from '../model/ids.ts';
import { ok, type Result } from '../model/result.ts';
import { compareRuns, type RunComparison } from '../results/trends/compare-runs.ts';
import { diffPipelines, type PipelineChange } from '../results/trends/diff-pipelines.ts';
import type { StoredRunStatus } from './list-runs.ts';
import { readRun } from './read-run.ts';
import { type RunReport, reportRun } from './report-run.ts';

export type StoredComparison = RunComparison & {
  /** A run may also be running, interrupted or damaged, which its result does not say. */
  readonly status: { readonly run: StoredRunStatus; readonly against: StoredRunStatus };
  /** What has changed in the pipeline file; absent when nothing has, or when a copy of it was deleted. */
  readonly pipeline_changes?: readonly PipelineChange[];
};

/** Compares a stored run with an earlier one. Errors: those of `reportRun`, of the one run or the other. */
export async function compareStoredRuns(
  logDir: string,
  run: RunId,
  against: RunId,
  now: EpochMs,
): Promise<Result<StoredComparison, Diagnostic>> {
  const first = await reportRun(logDir, run, now);
  if (!first.ok) return first;
  const second = await reportRun(logDir, against, now);
  if (!second.ok) return second;
  const comparison = compareRuns(comparable(first.value), comparable(second.value));
  const changes = comparison.plan_changed ? pipelineChanges(logDir, run, against) : undefined;
  return ok({
    ...comparison,
    status: { run: first.value.status, against: second.value.status },
    ...(changes === undefined ? {} : { pipeline_changes: changes }),
  });
}

function comparable({ result, performance, params }: RunReport) {
  const { results } = performance ?? result;
  return { ...result, results, ...(params === undefined ? {} : { params }) };
}

function pipelineChanges(logDir: string, run: RunId, against: RunId): readonly PipelineChange[] | undefined {
  const [after, before] = [storedPipeline(logDir, run), storedPipeline(logDir, against)];
  return after === undefined || before === undefined ? undefined : diffPipelines(before, after);
}

/** As it was when the run was last carried out. */
function storedPipeline(logDir: string, run: RunId) {
  const stored = readRun(logDir, run);
  return stored.ok ? stored.value.plan.pipeline : undefined;
}
