import { resolve } from 'node:path';
import { didYouMean, displayText, findPipeline, readTrends, type TrendsReport } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { shownPath } from '../output/shown-path.ts';
import { createStyle } from '../output/style.ts';
import { loadPlan } from '../run/load-plan.ts';
import { logDirOf, refuse, type StoredRunOptions } from '../stored-runs/stored-runs.ts';
import { trendLines } from '../trends/trend-lines.ts';

export type TrendsOptions = StoredRunOptions & {
  readonly last: number;
  readonly task?: string;
  readonly allParams?: true;
};

/** How the durations of a pipeline and its tasks have developed, and what has become slower. */
export async function trends(
  given: string | undefined,
  options: TrendsOptions,
  invocation: Invocation,
): Promise<number> {
  const { out, err, env, cwd } = invocation;
  const source = findSource(given, options, invocation);
  if (typeof source === 'number') return source;
  const { last, allParams = false } = options;
  const report = await readTrends({ ...source, last, allParams });
  if (report === undefined) {
    const of = source.pipeline === undefined ? '' : ` of ${displayText(source.pipeline)}`;
    err.write(`no finished runs${of} in ${displayText(shownPath(source.logDir, cwd))}\n`);
    if (options.json === true) out.write('null\n');
    return exitCodes.success;
  }
  const shown = ofTask(report, options.task);
  if (shown === undefined) return refuse(unknownTask(report, options.task!), options, invocation);
  if (options.json === true) out.write(`${safeJson(shown, 2)}\n`);
  else {
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    out.write(`${trendLines(shown, style, out.columns).join('\n')}\n`);
  }
  return exitCodes.success;
}

/** Where the records are, and of which pipeline; without a pipeline file it is that of the last run. Otherwise the exit code. */
function findSource(given: string | undefined, options: TrendsOptions, invocation: Invocation) {
  const { cwd } = invocation;
  if (given === undefined && !findPipeline(undefined, cwd).ok) return { logDir: logDirOf(options, invocation) };
  const { diagnostics, sources, loaded } = loadPlan(given, invocation, {}, undefined);
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  if (loaded === undefined) return mistaken;
  const { found, plan } = loaded;
  const logDir = options.logDir === undefined ? resolve(found.projectDir, 'logs/etl') : resolve(cwd, options.logDir);
  return { logDir, pipeline: plan.pipeline.name };
}

/** The trends of one task alone, of all without one; undefined when no run had it. */
function ofTask(report: TrendsReport, task: string | undefined): TrendsReport | undefined {
  if (task === undefined) return report;
  const isIt = (one: { readonly task?: string }) => one.task === task;
  const tasks = report.tasks.filter(isIt);
  if (tasks.length === 0) return undefined;
  return {
    ...report,
    tasks,
    slowest: report.slowest.filter((one) => one === task),
    regressions: report.regressions.filter(isIt),
  };
}

function unknownTask({ pipeline, tasks }: TrendsReport, task: string) {
  const meant = didYouMean(
    task,
    tasks.map((trend) => trend.task),
  );
  return {
    code: 'plan/unknown-task',
    severity: 'error',
    message: `no run of ${pipeline} has a task "${task}"`,
    hint: meant === undefined ? 'etl-tui trends lists the tasks' : `did you mean "${meant}"?`,
  } as const;
}
