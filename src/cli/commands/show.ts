import {
  compareStoredRuns,
  displayText,
  type EpochMs,
  type RunId,
  rebuildResults,
  reportRun,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { shownPath } from '../output/shown-path.ts';
import { createStyle } from '../output/style.ts';
import { lastOutput } from '../stored-runs/last-output.ts';
import { runReportLines } from '../stored-runs/run-report-lines.ts';
import { namedRun, refuse, type StoredRunOptions } from '../stored-runs/stored-runs.ts';
import { comparisonLines } from '../trends/comparison-lines.ts';

const shownOutput = { tasks: 20, lines: 10 };

export type ShowOptions = StoredRunOptions & { readonly against?: string; readonly rebuild?: true };

/** How a run went, from its files; of one without an end, how far it has come. With `--against`, beside an earlier run. */
export async function show(named: string, options: ShowOptions, invocation: Invocation): Promise<number> {
  const { out, env, cwd } = invocation;
  const found = await namedRun(named, options, invocation);
  if (typeof found === 'number') return found;
  if (options.against !== undefined) return showAgainst(found.run, options.against, options, invocation);
  let exitCode: number = exitCodes.success;
  if (options.rebuild === true) {
    const rebuilt = await rebuildResults(found.logDir, found.run);
    if (!rebuilt.ok) return refuse(rebuilt.error, options, invocation);
    if (showDiagnostics(rebuilt.value.warnings, options, invocation) !== exitCodes.success)
      exitCode = exitCodes.taskFailed;
  }
  const reported = await reportRun(found.logDir, found.run, Date.now() as EpochMs);
  if (!reported.ok) return refuse(reported.error, options, invocation);
  const report = reported.value;
  showDiagnostics(report.notices, options, invocation);
  if (options.json === true) {
    const { status, result, consistency, performance, paths: files, damage } = report;
    out.write(`${safeJson({ run_id: found.run, status, damage, result, consistency, performance, files }, 2)}\n`);
    return exitCode;
  }
  const lines = runReportLines(report, await lastOutput(report, shownOutput), {
    style: createStyle({ ...options, env, isTerminal: out.isTerminal }),
    shown: (path) => displayText(shownPath(path, cwd)),
    ...(options.logDir === undefined ? {} : { logDir: options.logDir }),
  });
  out.write(`${lines.join('\n')}\n`);
  return exitCode;
}

async function showAgainst(
  run: RunId,
  named: string,
  options: StoredRunOptions,
  invocation: Invocation,
): Promise<number> {
  const { out, env } = invocation;
  const against = await namedRun(named, options, invocation);
  if (typeof against === 'number') return against;
  const compared = await compareStoredRuns(against.logDir, run, against.run, Date.now() as EpochMs);
  if (!compared.ok) return refuse(compared.error, options, invocation);
  if (options.json === true) out.write(`${safeJson(compared.value, 2)}\n`);
  else {
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    out.write(`${comparisonLines(compared.value, style, out.columns).join('\n')}\n`);
  }
  return exitCodes.success;
}
