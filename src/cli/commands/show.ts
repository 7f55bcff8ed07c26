import { displayLines, displayText, type EpochMs, openLog, type RunReport, reportRun } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { shownPath } from '../output/shown-path.ts';
import { createStyle } from '../output/style.ts';
import { runReportLines } from './run-report-lines.ts';
import { namedRun, refuse, type StoredRunOptions } from './stored-runs.ts';

const maxFailures = 20;
const linesOfFailure = 10;

/** How a run went, from its files; of one without an end, how far it has come. */
export async function show(named: string, options: StoredRunOptions, invocation: Invocation): Promise<number> {
  const { out, env, cwd } = invocation;
  const found = await namedRun(named, options, invocation);
  if (typeof found === 'number') return found;
  const reported = await reportRun(found.logDir, found.run, Date.now() as EpochMs);
  if (!reported.ok) return refuse(reported.error, options, invocation);
  const report = reported.value;
  if (report.damage !== undefined) showDiagnostics([report.damage], options, invocation);
  if (options.json === true) {
    const { status, result, consistency, performance, paths: files, damage } = report;
    out.write(`${safeJson({ run_id: found.run, status, damage, result, consistency, performance, files }, 2)}\n`);
    return exitCodes.success;
  }
  const lines = runReportLines(report, await lastOutput(report), {
    style: createStyle({ ...options, env, isTerminal: out.isTerminal }),
    shown: (path) => displayText(shownPath(path, cwd)),
  });
  out.write(`${lines.join('\n')}\n`);
  return exitCodes.success;
}

/** What the failed tasks printed last, from their logs or what the results kept of it. */
async function lastOutput({ result }: RunReport): Promise<ReadonlyMap<string, readonly string[]>> {
  const failed = result.results.filter(({ status }) => status === 'failed' || status === 'timeout');
  const output = new Map<string, readonly string[]>();
  for (const { task, log, stdout, stderr } of failed.slice(0, maxFailures)) {
    const lines = log === undefined ? [] : await lastLogLines(log, linesOfFailure);
    output.set(task, lines.length > 0 ? lines : displayLines((stderr || stdout).trimEnd()).slice(-linesOfFailure));
  }
  return output;
}

/** The last lines of a log, safe on a terminal; none when it is gone or cannot be read. */
async function lastLogLines(path: string, most: number): Promise<readonly string[]> {
  const log = openLog(path);
  try {
    return displayLines((await log.last(most)).map(({ text }) => text).join('\n'));
  } catch {
    return [];
  } finally {
    await log.close();
  }
}
