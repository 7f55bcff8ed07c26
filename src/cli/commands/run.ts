import { learnPast, type Selection } from '../../engine/index.ts';
import type { Capabilities } from '../../ui/terminal/capabilities.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { createStyle } from '../output/style.ts';
import type { ReporterName } from '../reporters/create-reporter.ts';
import { annotateDiagnostics } from '../reporters/github-commands.ts';
import { followRun } from '../run/follow-run.ts';
import { loadPlan } from '../run/load-plan.ts';
import { screenCapabilities } from '../run/load-screen.ts';
import { runRequest } from '../run/run-request.ts';
import { dryRunJson, dryRunLines } from './dry-run.ts';

export type RunOptions = DisplayOptions &
  Selection & {
    readonly sequential?: true;
    readonly maxParallel?: number | 'auto';
    readonly param?: ReadonlyMap<string, string>;
    readonly dryRun?: true;
    /** False with `--no-checks`. */
    readonly checks: boolean;
    readonly reporter: ReporterName;
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
  if (options.reporter === 'github') annotateDiagnostics(diagnostics, invocation);
  if (loaded === undefined) return mistaken;
  const request = runRequest(loaded, options, invocation);
  if (options.dryRun === true) {
    const style = createStyle({ ...options, env: invocation.env, isTerminal: invocation.out.isTerminal });
    const past = await learnPast(request);
    const text = options.reporter === 'json' ? dryRunJson(request, past) : dryRunLines(request, past, style).join('\n');
    invocation.out.write(`${text}\n`);
    return exitCodes.success;
  }
  return followRun(request, options, invocation, await screenFor(options, invocation));
}

/** What the terminal can do, when a screen is wanted and can be drawn. */
async function screenFor(options: RunOptions, invocation: Invocation): Promise<Capabilities | undefined> {
  const isWanted = options.ci !== true && options.tui && options.reporter === 'plain';
  if (!isWanted || !invocation.out.isTerminal) return undefined;
  const capabilities = await screenCapabilities(options, invocation);
  return capabilities.plainBecause === undefined ? capabilities : undefined;
}
