import { formatCount } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMoment } from '../../display/format/format-moment.ts';
import { interruptionText } from '../../display/interruption-text.ts';
import { remarkTexts } from '../../display/run-remarks.ts';
import { storedRunDisplay } from '../../display/states/run-display.ts';
import { displayText, type EpochMs, listRuns, type RunListing, resumeCommand } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { shownPath } from '../output/shown-path.ts';
import { createStyle, type Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';
import { paintIcon, paintSeverity } from '../reporters/line-layout.ts';
import { logDirOf, type StoredRunOptions } from '../stored-runs/stored-runs.ts';

export type HistoryOptions = StoredRunOptions & { readonly last: number };

/** The last runs, newest last, next to the prompt that follows. */
export async function history(options: HistoryOptions, invocation: Invocation): Promise<number> {
  const { out, err, env, cwd } = invocation;
  const logDir = logDirOf(options, invocation);
  const runs = await listRuns(logDir, options.last, Date.now() as EpochMs);
  if (options.json === true)
    out.write(
      `${safeJson(
        runs.map((run) => jsonRow(run, options)),
        2,
      )}\n`,
    );
  else if (runs.length === 0) err.write(`no runs in ${displayText(shownPath(logDir, cwd))}\n`);
  else {
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    out.write(`${historyLines(runs, style, options).join('\n')}\n`);
  }
  // That a run cannot be read to its end is no failure of a list.
  const damages = runs.flatMap(({ damage }) =>
    damage === undefined ? [] : [{ ...damage, severity: 'warning' as const }],
  );
  const newer = runs.flatMap((listing) => listing.newer ?? []).slice(-1);
  showDiagnostics([...damages, ...newer], options, invocation);
  return exitCodes.success;
}

function historyLines(runs: readonly RunListing[], style: Style, options: HistoryOptions): readonly string[] {
  const isMixed = new Set(runs.map(({ pipeline }) => pipeline)).size > 1;
  const { dim } = style.paint;
  const title = ['run', ...(isMixed ? ['pipeline'] : []), 'started', 'status'];
  const measures = ['duration', 'tasks', 'failed', 'speed-up'];
  const rows = runs.map((listing) => {
    const { run, status, pipeline, startedAt, durationMs, tasks, failed, speedup } = listing;
    const display = storedRunDisplay(status, listing.verdict);
    const paint = paintSeverity(display.severity, style);
    return [
      run,
      ...(isMixed ? [displayText(pipeline ?? '?')] : []),
      startedAt === undefined ? '?' : formatMoment(startedAt),
      `${paintIcon(display, style)} ${paint(display.word)}`,
      durationMs === undefined ? '' : formatDuration(durationMs),
      tasks === undefined ? '' : String(tasks),
      failed === undefined ? '' : String(failed),
      speedup === undefined ? '' : `${speedup.toFixed(1)}x`,
      remarkOf(listing),
    ];
  });
  const all = [[...title, ...measures, ''], ...rows];
  const [head = '', ...lines] = tableLines(
    all,
    measures.map((_, at) => title.length + at),
  );
  return [dim(head), ...lines, ...interruptionLines(runs, style, options)];
}

/** How far the latest run has come, and how to go on with it, when its process died. */
function interruptionLines(
  runs: readonly RunListing[],
  { paint, glyphs }: Style,
  { logDir }: HistoryOptions,
): readonly string[] {
  const latest = runs.at(-1);
  if (latest?.interruption === undefined) return [];
  const { run, interruption, tasks = 0 } = latest;
  return [
    '',
    `run ${run} was interrupted: ${displayText(interruptionText(interruption, tasks))}`,
    paint.dim(`  ${glyphs.bar} ${displayText(resumeCommand(run, interruption.file, logDir))} resumes it`),
  ];
}

/** What the status does not say: warnings, tolerated failures, degraded and stale tasks, and checks that failed. */
function remarkOf(listing: RunListing): string {
  const { checksFailed = 0, checksWarned: warned, missedSlas, interruption } = listing;
  const { tolerated, degraded, stale } = listing;
  if (interruption !== undefined) return `last alive ${formatMoment(interruption.lastAliveAt)}`;
  const failed = checksFailed > 0 ? [`${formatCount(checksFailed, 'check')} failed`] : [];
  return [...failed, ...remarkTexts({ warned, tolerated, degraded, stale, missedSlas })].join(', ');
}

/** With the field names of the result files. */
function jsonRow(listing: RunListing, { logDir }: HistoryOptions) {
  const { run, status, verdict, pipeline, startedAt, durationMs, tasks, failed, speedup } = listing;
  const { tolerated, degraded, stale, checksFailed, checksWarned, missedSlas, interruption } = listing;
  return {
    run_id: run,
    status,
    verdict,
    pipeline,
    started_at: startedAt === undefined ? undefined : new Date(startedAt).toISOString(),
    total_duration_seconds: durationMs === undefined ? undefined : Math.round(durationMs) / 1000,
    tasks,
    failed,
    degraded,
    stale,
    // Few pipelines have any.
    ...(tolerated === undefined || tolerated === 0 ? {} : { tolerated }),
    checks_failed: checksFailed,
    checks_warned: checksWarned,
    missed_slas: missedSlas,
    ...(interruption === undefined
      ? {}
      : {
          last_alive_at: new Date(interruption.lastAliveAt).toISOString(),
          running: interruption.running,
          done: interruption.done,
          resume: resumeCommand(run, interruption.file, logDir),
        }),
    speedup: speedup === undefined ? undefined : Math.round(speedup * 100) / 100,
  };
}
