import { formatCount } from '../../../display/format-count.ts';
import { formatDuration } from '../../../display/format-duration.ts';
import { formatMinute } from '../../../display/format-moment.ts';
import { exitDisplays } from '../../../display/run-display.ts';
import { medianOf, type PerformanceRecord } from '../../../engine/index.ts';
import { type Html, html } from '../html.ts';
import { type ReportSource, type Section, stateMarkup, table } from '../parts.ts';
import { haveSameParams } from '../past-durations.ts';
import { sparkline } from '../sparkline.ts';

const maxRuns = 15;

/** This run beside those before it. */
export function trendsSection({ report, past }: ReportSource): Section | undefined {
  const { performance } = report;
  if (past.length === 0 || performance === undefined) return undefined;
  const similar = past.filter(({ params }) => haveSameParams(params, performance.params));
  const good = similar.filter(({ status }) => status === 'success').map((record) => record.total_duration_seconds);
  const usual = medianOf(good);
  const seconds = [...good, ...(report.status === 'success' ? [performance.total_duration_seconds] : [])];
  const sentence =
    usual === undefined
      ? undefined
      : html`<p>A run with these parameters usually takes ${formatDuration(usual * 1000)} (the median of ${formatCount(good.length, 'successful run')}); this one took ${formatDuration(performance.total_duration_seconds * 1000)}. ${sparkline(seconds, 'durations of the successful runs', report.status === 'success')}</p>
`;
  const rows = [...past.slice(-maxRuns), performance].reverse().map((record) => cellsOf(record, performance));
  const columns = [
    { title: 'run' },
    { title: 'started', kind: 'short' },
    { title: 'result' },
    { title: 'took', kind: 'number' },
    { title: 'speed-up', kind: 'number' },
    { title: 'failed', kind: 'number' },
  ] as const;
  return { id: 'trends', title: 'Runs before', body: html`${sentence}${table('Runs', columns, rows)}` };
}

function cellsOf(record: PerformanceRecord, now: PerformanceRecord): readonly (Html | string)[] {
  const { run_id: run, started_at, verdict, total_duration_seconds: took, speedup, results } = record;
  const failed = results.filter(({ status }) => status === 'failed' || status === 'timeout').length;
  return [
    run === now.run_id ? html`<strong>${run}</strong>, this run` : run,
    formatMinute(Date.parse(started_at)),
    stateMarkup(exitDisplays[verdict] ?? exitDisplays['task-failed']),
    formatDuration(took * 1000),
    speedup === undefined ? '' : `${speedup.toFixed(1)}x`,
    failed === 0 ? '' : String(failed),
  ];
}
