import { resolve } from 'node:path';
import { verdictCounts } from '../../display/check-display.ts';
import { formatTally } from '../../display/format-count.ts';
import { type ConsistencyReport, checkPipeline } from '../../engine/index.ts';
import { progressTo, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { createStyle } from '../output/style.ts';
import { writeWholeFile } from '../output/write-whole-file.ts';
import { checkLine } from '../reporters/event-line.ts';
import { lineLayout, namesOf } from '../reporters/line-layout.ts';
import { loadPlan } from '../run/load-plan.ts';

export type CheckOptions = DisplayOptions & { readonly output?: string };

/** Runs the consistency checks of a pipeline, and no task. */
export async function check(given: string | undefined, options: CheckOptions, invocation: Invocation): Promise<number> {
  const { cwd, env, out, err } = invocation;
  const { loaded, diagnostics, sources } = loadPlan(given, invocation, {}, undefined);
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  if (loaded === undefined) return mistaken;
  const { plan, found } = loaded;
  const layout = lineLayout(namesOf(plan.checks), createStyle({ ...options, env, isTerminal: out.isTerminal }));
  const checked = await checkPipeline({
    plan,
    projectDir: found.projectDir,
    env,
    onProgress: progressTo(err),
    onWarning: (warning) => void showDiagnostics([warning], options, invocation),
    onChecked: (result) => out.write(`${layout(checkLine(result))}\n`),
  });
  if (!checked.ok) return showDiagnostics([checked.error], options, invocation);
  const report = checked.value;
  out.write(
    plan.checks.length === 0
      ? 'the pipeline has no checks\n'
      : `\nchecks: ${formatTally(verdictCounts(report.summary))}\n`,
  );
  if (options.output !== undefined) {
    const written = writeWholeFile(resolve(cwd, options.output), `${JSON.stringify(report, null, 2)}\n`);
    if (!written.ok) return showDiagnostics([written.error], options, invocation);
  }
  return exitCodeOf(report);
}

/** A check with an error says nothing about the data, so it counts as in a run: as a technical failure. */
function exitCodeOf({ summary }: ConsistencyReport): number {
  if (summary.error > 0) return exitCodes.taskFailed;
  return summary.fail > 0 ? exitCodes.checkFailed : exitCodes.success;
}
