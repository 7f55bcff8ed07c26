import type { Display } from '../../display/states/display.ts';
import { resultDisplay } from '../../display/states/result-display.ts';
import type { Severity } from '../../display/states/severity.ts';
import { taskDisplay } from '../../display/states/task-display.ts';
import type { AttemptInterval } from '../../display/timeline/attempt-interval.ts';
import { criticalTasks } from '../../display/timeline/critical-tasks.ts';
import { createIntervalCollector } from '../../display/timeline/interval-collector.ts';
import type { ReportSource, TaskRow } from './parts.ts';

/** When a task ran; times in milliseconds since the start of the run. */
export type TimelineRow = {
  readonly task: string;
  readonly ending: Display;
  readonly isCritical: boolean;
  readonly bars: readonly TimelineBar[];
  readonly startMs: number;
  readonly tookMs: number;
};

/** `wait`: it was ready and had no slot, or waited for its next attempt. */
export type TimelineBar = { readonly fromMs: number; readonly toMs: number; readonly kind: Severity | 'wait' };

/** An attempt every few seconds for hours gives more bars than can be told apart. */
const maxBars = 60;

/** A row for each task that has started, in the order of their first start. */
export function timelineRows(source: ReportSource): readonly TimelineRow[] {
  const { report, history } = source;
  const startedAt = Date.parse(report.result.started_at);
  // A run that was resumed lasted longer than it took.
  const endMs = Date.parse(report.result.completed_at) - startedAt;
  const critical = criticalNames(source);
  const rowOf = (row: TaskRow, bars: readonly TimelineBar[]): TimelineRow => ({
    task: row.task,
    ending: resultDisplay(row, report.status === 'running'),
    isCritical: critical.has(row.task),
    bars: bars.slice(-maxBars),
    startMs: bars.find(({ kind }) => kind !== 'wait')?.fromMs ?? 0,
    tookMs: bars.reduce((sum, { fromMs, toMs, kind }) => (kind === 'wait' ? sum : sum + (toMs - fromMs)), 0),
  });
  if (history === undefined) {
    return report.result.results
      .flatMap((row) => {
        const bars = barsOfResult(row, startedAt, endMs);
        return bars.length === 0 ? [] : [rowOf(row, bars)];
      })
      .toSorted((one, other) => one.startMs - other.startMs);
  }
  const collector = createIntervalCollector(history.state.plans);
  for (const event of history.events) collector.add(event);
  return collector.started.flatMap(({ task, intervals }) => {
    const row = report.result.results[task];
    if (row === undefined) return [];
    return [
      rowOf(
        row,
        intervals.map((one) => barOf(one, startedAt, endMs)),
      ),
    ];
  });
}

/** As the record of the run has it; before its end, by what has ended. */
function criticalNames({ report: { performance }, history }: ReportSource): ReadonlySet<string> {
  if (performance?.critical_path !== undefined) return new Set(performance.critical_path);
  const tasks = history === undefined ? [] : criticalTasks(history.state);
  return new Set(tasks.map((index) => history!.state.plan.tasks[index]!.spec.id));
}

function barOf({ startedAt, endedAt, kind }: AttemptInterval, zero: number, endMs: number): TimelineBar {
  const fromMs = Math.max(0, startedAt - zero);
  return {
    fromMs,
    toMs: Math.max(fromMs, endedAt === undefined ? endMs : endedAt - zero),
    kind: kind === 'waiting' ? 'wait' : taskDisplay(kind).severity,
  };
}

/** Where only the results are left, a task is one bar. */
function barsOfResult(row: TaskRow, zero: number, endMs: number): readonly TimelineBar[] {
  if (row.started_at === undefined) return [];
  const fromMs = Math.max(0, Date.parse(row.started_at) - zero);
  const toMs = row.completed_at === undefined ? endMs : Date.parse(row.completed_at) - zero;
  return [{ fromMs, toMs: Math.max(fromMs, toMs), kind: resultDisplay(row, false).severity }];
}

/** The rows worth showing of a large run: those of the critical path and of what failed, then the longest, in their order. */
export function selectRows(rows: readonly TimelineRow[], most: number): readonly TimelineRow[] {
  if (rows.length <= most) return rows;
  const weight = ({ isCritical, ending, tookMs }: TimelineRow) => {
    const isFirst = isCritical || ending.severity === 'failure';
    return isFirst ? Number.MAX_VALUE : tookMs;
  };
  const chosen = new Set(rows.toSorted((one, other) => weight(other) - weight(one)).slice(0, most));
  return rows.filter((row) => chosen.has(row));
}
