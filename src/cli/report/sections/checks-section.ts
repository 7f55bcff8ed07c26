import { formatCount, formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { measuredValues } from '../../../display/format/measured-values.ts';
import { judgedStaleResult } from '../../../display/staleness-text.ts';
import { checkNotRun, verdictDisplays } from '../../../display/states/check-display.ts';
import type { ConsistencyReport } from '../../../engine/index.ts';
import { clip, type Html, html } from '../html.ts';
import { type ReportSource, type Section, stateMarkup, table } from '../parts.ts';
import { type PastValues, pastValues } from '../past-values.ts';
import { sparkline } from '../sparkline.ts';

const maxChecks = 500;
const columns = [
  { title: 'check' },
  { title: 'result' },
  { title: 'finding', kind: 'long' },
  { title: 'last runs' },
  { title: 'took', kind: 'number' },
] as const;

type CheckRow = ConsistencyReport['checks'][number];

/** What the checks found and measured, what did not pass first. */
export function checksSection(source: ReportSource): Section | undefined {
  const { consistency } = source.report;
  if (consistency === undefined || consistency.checks.length + consistency.not_run.length === 0) return undefined;
  const order = ['fail', 'error', 'warn', 'pass'] as const;
  const past = pastValues(source);
  const sorted = order.flatMap((status) => consistency.checks.filter((check) => check.status === status));
  const rows = [
    ...sorted.map((row) => checkCells(row, past.get(row.check))),
    ...consistency.not_run.map(({ check, reason }) => [check, stateMarkup(checkNotRun), clip(reason), '', '']),
  ];
  const more = rows.length - maxChecks;
  return {
    id: 'checks',
    title: 'Checks',
    body: html`${table('Checks', columns, rows.slice(0, maxChecks))}${more > 0 ? html`<p>and ${formatCount(more, 'more check', 'more checks')}</p>` : undefined}`,
  };
}

function checkCells(row: CheckRow, past: PastValues | undefined): readonly (Html | string)[] {
  const { check, status, message, duration_seconds: took, stale, ...measured } = row;
  const values = measuredValues(measured);
  const list =
    values.length === 0
      ? undefined
      : html`<dl class="values">${values.map(([name, value]) => html`<div><dt>${name}:</dt> <dd>${clip(value, 500)}</dd></div> `)}</dl>`;
  const finding = html`${clip([message, ...judgedStaleResult(stale)].join(', '))}${list}`;
  return [check, stateMarkup(verdictDisplays[status]), finding, historyMarkup(past), formatDuration(took * 1000)];
}

/** Its one number from run to run. */
function historyMarkup(past: PastValues | undefined): Html | string {
  if (past === undefined || past.values.length < 2) return '';
  const { values, hasNow } = past;
  const range = [Math.min(...values), Math.max(...values)].map((value) => formatNumber(value));
  return sparkline(values, `${values.length} runs, from ${range.join(' to ')}`, hasNow);
}
