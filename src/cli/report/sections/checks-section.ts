import { checkNotRun, verdictDisplays } from '../../../display/check-display.ts';
import { formatCount } from '../../../display/format-count.ts';
import { formatDuration } from '../../../display/format-duration.ts';
import { measuredValues } from '../../../display/measured-values.ts';
import { judgedStaleResult } from '../../../display/staleness-text.ts';
import type { ConsistencyReport } from '../../../engine/index.ts';
import { clip, type Html, html } from '../html.ts';
import { type ReportSource, type Section, stateMarkup, table } from '../parts.ts';

const maxChecks = 500;
const columns = [
  { title: 'check' },
  { title: 'result' },
  { title: 'finding', kind: 'long' },
  { title: 'took', kind: 'number' },
] as const;

type CheckRow = ConsistencyReport['checks'][number];

/** What the checks found and measured, what did not pass first. */
export function checksSection({ report: { consistency } }: ReportSource): Section | undefined {
  if (consistency === undefined || consistency.checks.length + consistency.not_run.length === 0) return undefined;
  const order = ['fail', 'error', 'warn', 'pass'] as const;
  const sorted = order.flatMap((status) => consistency.checks.filter((check) => check.status === status));
  const rows = [
    ...sorted.map(checkCells),
    ...consistency.not_run.map(({ check, reason }) => [check, stateMarkup(checkNotRun), clip(reason), '']),
  ];
  const more = rows.length - maxChecks;
  return {
    id: 'checks',
    title: 'Checks',
    body: html`${table('Checks', columns, rows.slice(0, maxChecks))}${more > 0 ? html`<p>and ${formatCount(more, 'more check', 'more checks')}</p>` : undefined}`,
  };
}

function checkCells(row: CheckRow): readonly (Html | string)[] {
  const { check, status, message, duration_seconds: took, stale, ...measured } = row;
  const values = measuredValues(measured);
  const list =
    values.length === 0
      ? undefined
      : html`<dl class="values">${values.map(([name, value]) => html`<div><dt>${name}:</dt> <dd>${clip(value, 500)}</dd></div> `)}</dl>`;
  return [
    check,
    stateMarkup(verdictDisplays[status]),
    html`${clip([message, ...judgedStaleResult(stale)].join(', '))}${list}`,
    formatDuration(took * 1000),
  ];
}
