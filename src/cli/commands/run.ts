import { learnPast, type Selection } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { createStyle } from '../output/style.ts';
import { dryRunJson, dryRunLines } from '../plan/dry-run.ts';
import { chooseReporter } from '../reporters/choose-reporter.ts';
import type { ReporterName } from '../reporters/create-reporter.ts';
import { openGithubStep } from '../reporters/github/github-step.ts';
import { followRun } from '../run/follow-run.ts';
import { loadPlan } from '../run/load-plan.ts';
import { wantedScreen } from '../run/load-screen.ts';
import { runRequest } from '../run/run-request.ts';

export type RunOptions = DisplayOptions &
  Selection & {
    readonly sequential?: true;
    readonly maxParallel?: number | 'auto';
    readonly param?: ReadonlyMap<string, string>;
    readonly dryRun?: true;
    /** The phases; false with `--no-preflight`, `--no-checks`, `--no-analysis` and `--no-notify`. */
    readonly preflight: boolean;
    readonly checks: boolean;
    readonly analysis: boolean;
    readonly notify: boolean;
    /** Without it the environment decides. */
    readonly reporter?: ReporterName;
    readonly junit?: string;
    readonly logDir?: string;
    readonly ci?: true;
    /** False with `--no-tui`. */
    readonly tui: boolean;
  };

/** Runs a pipeline, on a screen where there is one, until it has ended and its files are written. */
export async function run(given: string | undefined, options: RunOptions, invocation: Invocation): Promise<number> {
  const { diagnostics, sources, loaded } = loadPlan(given, invocation, options, options.param ?? new Map());
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  const chosen = { ...options, reporter: chooseReporter(options, invocation) };
  const step = openGithubStep(chosen.reporter, options, invocation);
  step.note(diagnostics);
  if (loaded === undefined) {
    step.refuse();
    return mistaken;
  }
  const request = runRequest(loaded, options, invocation);
  if (options.dryRun === true) {
    const style = createStyle({ ...options, env: invocation.env, isTerminal: invocation.out.isTerminal });
    const past = await learnPast(request);
    const text = chosen.reporter === 'json' ? dryRunJson(request, past) : dryRunLines(request, past, style).join('\n');
    invocation.out.write(`${text}\n`);
    return exitCodes.success;
  }
  return followRun(request, chosen, step, invocation, await wantedScreen(chosen, invocation));
}
