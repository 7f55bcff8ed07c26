import { previewRequest, previewReuse, type Selection, shownParams } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { createStyle } from '../output/style.ts';
import { paramLines } from '../plan/param-lines.ts';
import { planJson } from '../plan/plan-json.ts';
import { planLines } from '../plan/plan-lines.ts';
import { loadPlan } from '../run/load-plan.ts';
import { runRequest } from '../run/run-request.ts';

export type PlanOptions = DisplayOptions &
  Selection & {
    readonly sequential?: true;
    readonly maxParallel?: number | 'auto';
    readonly reuse?: boolean;
    readonly param?: ReadonlyMap<string, string>;
    /** False with `--no-checks`. */
    readonly checks: boolean;
    readonly logDir?: string;
    readonly json?: true;
  };

const usualColumns = 100;

/** Tells what a run would be like: its waves, how long it would take, and what would make it shorter. Starts nothing. */
export async function plan(given: string | undefined, options: PlanOptions, invocation: Invocation): Promise<number> {
  const { out, env } = invocation;
  const { diagnostics, sources, loaded } = loadPlan(given, invocation, options, options.param ?? new Map());
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  if (loaded === undefined) return mistaken;
  const request = runRequest(loaded, options, invocation);
  const [preview, reuse] = await Promise.all([previewRequest(request), previewReuse(request)]);
  if (options.json === true) out.write(`${safeJson(planJson(preview, reuse, shownParams(request)), 2)}\n`);
  else {
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    const lines = planLines(preview, paramLines(request), style, out.columns ?? usualColumns, reuse);
    out.write(`${lines.join('\n')}\n`);
  }
  return exitCodes.success;
}
