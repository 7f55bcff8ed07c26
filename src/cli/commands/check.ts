import { resolve } from 'node:path';
import { formatTally } from '../../display/format/format-count.ts';
import { verdictCounts } from '../../display/states/check-display.ts';
import { type CheckResult, type ConsistencyReport, checkPipeline } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, type StopSignal, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { createStyle } from '../output/style.ts';
import { tryWholeFile, writeWholeFile } from '../output/write-whole-file.ts';
import { checkLine } from '../reporters/event-line.ts';
import { lineLayout, namesOf } from '../reporters/line-layout.ts';
import { hideSecretArguments } from '../run/hide-secret-arguments.ts';
import { loadPlan } from '../run/load-plan.ts';
import { runRequest } from '../run/run-request.ts';
import { onStopSignal } from '../signals.ts';

export type CheckOptions = DisplayOptions & {
  readonly param?: ReadonlyMap<string, string>;
  readonly output?: string;
  readonly logDir?: string;
  readonly json?: true;
};

/** Runs the consistency checks of a pipeline, and no task. */
export async function check(given: string | undefined, options: CheckOptions, invocation: Invocation): Promise<number> {
  const { cwd, env, out } = invocation;
  const { loaded, diagnostics, sources } = loadChecks(given, options, invocation);
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  if (loaded === undefined) return mistaken;
  hideSecretArguments(loaded.plan.pipeline.secrets);
  const file = options.output === undefined ? undefined : resolve(cwd, options.output);
  // Before the database is asked, which may take long.
  const writable = file === undefined ? undefined : tryWholeFile(file);
  if (writable?.ok === false) return showDiagnostics([writable.error], options, invocation);
  const { checks } = loaded.plan;
  const layout = lineLayout(namesOf(checks), createStyle({ ...options, env, isTerminal: out.isTerminal }));
  const isJson = options.json === true;
  const stop = new AbortController();
  let signal: StopSignal | undefined;
  const stopListening = onStopSignal((received, count) => {
    signal ??= received;
    if (count > 1) process.exit(signalExitCodes[signal]);
    stop.abort();
  });
  const checked = await checkPipeline({
    ...runRequest(loaded, options, invocation),
    stop: stop.signal,
    ...(isJson ? {} : { onChecked: (result: CheckResult) => out.write(`${layout(checkLine(result))}\n`) }),
  });
  stopListening();
  if (signal !== undefined) return signalExitCodes[signal];
  if (!checked.ok) return showDiagnostics([checked.error], options, invocation);
  const report = checked.value;
  if (isJson) out.write(`${safeJson(report, 2)}\n`);
  else if (checks.length === 0) out.write('the pipeline has no checks\n');
  else out.write(`\nchecks: ${formatTally(verdictCounts(report.summary))}\n`);
  if (file !== undefined) {
    const written = writeWholeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    if (!written.ok) return showDiagnostics([written.error], options, invocation);
  }
  return exitCodeOf(report);
}

/** A parameter without a value is missed only where a command gets it. */
function loadChecks(
  given: string | undefined,
  { param }: CheckOptions,
  invocation: Invocation,
): ReturnType<typeof loadPlan> {
  const withParams = loadPlan(given, invocation, {}, param ?? new Map(), 'checks');
  if (withParams.loaded !== undefined || param !== undefined) return withParams;
  const without = loadPlan(given, invocation, {}, undefined);
  const askOnly = without.loaded?.plan.checks.every(({ spec }) => spec.definition.kind !== 'command') === true;
  return askOnly ? without : withParams;
}

/** A check with an error says nothing about the data, so it counts as in a run: as a technical failure. */
function exitCodeOf({ summary }: ConsistencyReport): number {
  if (summary.error > 0) return exitCodes.taskFailed;
  return summary.fail > 0 ? exitCodes.checkFailed : exitCodes.success;
}
