import { resolve } from 'node:path';
import { type Diagnostic, type LeaveOut, pipelineCopy, type RunRequest } from '../../engine/index.ts';
import { progressTo, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import type { LoadedPlan } from './load-plan.ts';

type RequestOptions = DisplayOptions & {
  readonly sequential?: true;
  readonly maxParallel?: number | 'auto';
  readonly executor?: RunRequest['executor'] | 'local';
  readonly reuse?: boolean;
  /** Each of these is false when it is left out: `--no-checks`, `--no-preflight`, … */
  readonly checks?: boolean;
  readonly preflight?: boolean;
  readonly analysis?: boolean;
  readonly notify?: boolean;
  readonly logDir?: string;
  /** For how long another run of the pipeline is waited for. */
  readonly wait?: RunRequest['wait'];
};

/** The request for the engine. Logs lie in the project, unless another directory was named. */
export function runRequest(
  { found, included, plan, params, surroundings }: LoadedPlan,
  options: RequestOptions,
  invocation: Invocation,
): RunRequest {
  const { err } = invocation;
  return {
    plan,
    pipelinePath: found.path,
    pipelineText: pipelineCopy(found.text, included),
    projectDir: found.projectDir,
    logDir: logDirOf(options, found, invocation),
    ...surroundings,
    params,
    sequential: options.sequential === true,
    ...(options.maxParallel === undefined ? {} : { maxParallel: options.maxParallel }),
    ...(options.executor === undefined || options.executor === 'local' ? {} : { executor: options.executor }),
    runChecks: options.checks !== false,
    ...(options.wait === undefined ? {} : { wait: options.wait }),
    ...(options.reuse === undefined ? {} : { reuse: options.reuse }),
    leaveOut: leftOut(options),
    onProgress: progressTo(err),
    onWarning: (warning) => showDiagnostics([withoutGiven(warning, options)], options, invocation),
  };
}

/** In the project, unless another directory was named. */
export function logDirOf(
  { logDir }: { readonly logDir?: string },
  { projectDir }: LoadedPlan['found'],
  { cwd }: Invocation,
): string {
  return logDir === undefined ? resolve(projectDir, 'logs/etl') : resolve(cwd, logDir);
}

function leftOut({ preflight, analysis, notify }: RequestOptions): LeaveOut {
  return {
    ...(preflight === false ? { preflight: true } : {}),
    ...(analysis === false ? { analysis: true } : {}),
    ...(notify === false ? { notify: true } : {}),
  };
}

/** The phases that a run leaves out, as people name them. */
export function namesOfLeftOut({ runChecks, leaveOut = {} }: Pick<RunRequest, 'runChecks' | 'leaveOut'>) {
  return [
    ...(leaveOut.preflight ? ['pre-flight'] : []),
    ...(runChecks ? [] : ['checks']),
    ...(leaveOut.analysis ? ['analysis'] : []),
    ...(leaveOut.notify ? ['notifications'] : []),
  ];
}

/** The hint to name a log directory is left out when one was named. */
export function withoutGiven(warning: Diagnostic, { logDir }: { readonly logDir?: string }): Diagnostic {
  if (logDir === undefined || warning.hint === undefined) return warning;
  return {
    ...warning,
    hint: warning.hint.replace('another directory with --log-dir', 'another directory'),
  };
}
