import { resolve } from 'node:path';
import { type Diagnostic, ok, type RequestProject, type Result, readSurroundings } from '../../engine/index.ts';
import { progressTo, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import type { ReporterName } from '../reporters/create-reporter.ts';
import type { LoadedPlan } from '../run/load-plan.ts';
import { withoutGiven } from '../run/run-request.ts';

export type RequestOptions = DisplayOptions & {
  /** True without a directory. */
  readonly watch?: string | true;
  readonly pipeline?: string;
  readonly refuseLate?: true;
  readonly dryRun?: true;
  readonly sequential?: true;
  readonly maxParallel?: number | 'auto';
  /** Without it the environment decides. */
  readonly reporter?: ReporterName;
  readonly junit?: string;
  readonly logDir?: string;
  readonly ci?: true;
  /** False with `--no-tui`. */
  readonly tui: boolean;
};

/** With the form of the log chosen. */
export type ChosenOptions = RequestOptions & { readonly reporter: ReporterName };

/** Errors: those of `readSurroundings`. */
export function requestProject(
  { found, included, plan }: LoadedPlan,
  options: RequestOptions,
  invocation: Invocation,
): Result<RequestProject, readonly Diagnostic[]> {
  const { cwd, env, err } = invocation;
  const surroundings = readSurroundings(plan, found.projectDir, env);
  if (!surroundings.ok) return surroundings;
  const { logDir, sequential, maxParallel, refuseLate } = options;
  return ok({
    found,
    included,
    spec: plan.written?.pipeline ?? plan.pipeline,
    logDir: logDir === undefined ? resolve(found.projectDir, 'logs/etl') : resolve(cwd, logDir),
    ...surroundings.value,
    sequential: sequential === true,
    ...(maxParallel === undefined ? {} : { maxParallel }),
    refuseLate: refuseLate === true,
    onProgress: progressTo(err),
    onWarning: (warning) => void showDiagnostics([withoutGiven(warning, options)], options, invocation),
  });
}
