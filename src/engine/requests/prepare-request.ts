import { maskDiagnostics } from '../masking/mask-diagnostics.ts';
import type { DataRequest } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { pipelineCopy } from '../pipeline/pipeline-copy.ts';
import { systemClock } from '../platform/system-clock.ts';
import { maskRun } from '../run/parts/run-masking.ts';
import { maskedParams } from '../run/request/run-options.ts';
import type { RunRequest } from '../run/request/run-request.ts';
import { recentPerformance } from '../runs/past-performance.ts';
import { readRequest } from '../spec/request/read-request.ts';
import type { RequestFile } from '../storage/handoffs/requests/request-file.ts';
import { type Answer, createAnswerer } from './answer-request.ts';
import { findFreshTasks, type LeftOutTask } from './find-fresh-tasks.ts';
import { type Expectation, judgeDeadline, tooLate } from './judge-deadline.ts';
import { planRequest, type RequestPlan } from './request-plan.ts';
import type { RequestProject } from './request-project.ts';
import { noRules, type ResolvedRequest, resolveRequest } from './resolve-request.ts';

/** A request that can be carried out. */
export type PreparedRequest = {
  readonly file: RequestFile;
  readonly request: DataRequest;
  readonly plan: RequestPlan;
  /** What the request sets of the parameters, masked. */
  readonly params: Readonly<Record<string, string>>;
  /** What is to be run; each time that it ends, the answer is written. */
  readonly run: RunRequest;
  readonly leftOut: readonly LeftOutTask[];
  readonly expectation: Expectation;
  /** Masked, with the text for excerpts: that the deadline cannot be met. */
  readonly warnings: readonly Diagnostic[];
  readonly text: string;
  /** As it was written last; undefined as long as the run has not ended, and for one that was cancelled. */
  readonly answer: () => Answer | undefined;
};

/** Why a request is not carried out: masked, with the text for excerpts. */
export type RequestRefusal = {
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  /** Who asks, as far as it could be read. */
  readonly from?: string;
};

/**
 * Reads a request, looks up what it means, finds what of it is fresh enough, and predicts its end. Runs no task; the
 * database is asked for the age of the data, if that is required.
 * @param shownAs the name of the file in messages
 */
export async function prepareRequest(
  file: RequestFile,
  shownAs: string,
  project: RequestProject,
): Promise<Result<PreparedRequest, RequestRefusal>> {
  const { spec, env } = project;
  const rules = spec.requests ?? noRules;
  const { request, from, diagnostics } = readRequest(
    file.text,
    shownAs,
    rules.params.map(({ key }) => key),
  );
  const masked = (mistakes: readonly Diagnostic[]) => {
    const shown = maskDiagnostics(mistakes, new Map([[shownAs, file.text]]), env, new Map());
    return { diagnostics: shown.diagnostics, text: shown.texts.get(shownAs) ?? '' };
  };
  const refuse = (mistakes: readonly Diagnostic[]) =>
    failed({ ...masked(mistakes), ...(from === undefined ? {} : { from }) });
  if (request === undefined) return refuse(diagnostics);
  const { now } = systemClock();
  const resolved = resolveRequest(request, spec, now());
  if (!resolved.ok) return refuse(resolved.error);
  const whole = planRequest(resolved.value, spec);
  if (!whole.ok) return refuse(whole.error);
  const leftOut = await findFresh(resolved.value, whole.value, project, now());
  const planned =
    leftOut.length === 0
      ? whole
      : planRequest(
          resolved.value,
          spec,
          leftOut.map(({ task }) => task),
        );
  if (!planned.ok) return refuse(planned.error);
  const run = runOf(planned.value, resolved.value, project);
  const expectation = await judgeDeadline(run, request, now());
  const isRefused = project.refuseLate || request.ifLate === 'refuse';
  const late = tooLate(request, expectation, now(), isRefused);
  if (late !== undefined && isRefused) return refuse([late]);
  const answerer = createAnswerer({ file, request, plan: planned.value, leftOut, expectation, project });
  const shown = masked(late === undefined ? [] : [late]);
  return ok({
    file,
    request,
    plan: planned.value,
    params: paramsOf(run, request),
    run: { ...run, onEnd: answerer.onEnd },
    leftOut,
    expectation,
    warnings: shown.diagnostics,
    text: shown.text,
    answer: answerer.answer,
  });
}

function paramsOf(run: RunRequest, { params: asked }: DataRequest): Readonly<Record<string, string>> {
  const rules = (run.plan.pipeline.requests ?? noRules).params.filter(({ key }) => asked.has(key));
  const values = maskedParams(run, maskRun(run, []).mask) ?? {};
  return Object.fromEntries(rules.map(({ param }) => [param, values[param] ?? '']));
}

function runOf({ plan }: RequestPlan, { params }: ResolvedRequest, project: RequestProject): RunRequest {
  const { found, included, logDir, env, envFiles, sequential, maxParallel, onProgress, onWarning } = project;
  return {
    plan,
    pipelinePath: found.path,
    pipelineText: pipelineCopy(found.text, included),
    projectDir: found.projectDir,
    logDir,
    env,
    ...(envFiles === undefined ? {} : { envFiles }),
    params,
    sequential,
    ...(maxParallel === undefined ? {} : { maxParallel }),
    runChecks: true,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onWarning === undefined ? {} : { onWarning }),
  };
}

async function findFresh(
  resolved: ResolvedRequest,
  plan: RequestPlan,
  project: RequestProject,
  now: EpochMs,
): Promise<readonly LeftOutTask[]> {
  const { freshness } = resolved.request;
  const rules = plan.plan.pipeline.requests?.freshness ?? [];
  if (freshness === undefined || rules.length === 0) return [];
  const run = runOf(plan, resolved, project);
  const records = await recentPerformance(project.logDir, project.spec.name);
  const params = maskedParams(run, maskRun(run, []).mask) ?? {};
  return findFreshTasks(run, { rules, maxAgeMs: freshness.value }, records, params, now);
}
