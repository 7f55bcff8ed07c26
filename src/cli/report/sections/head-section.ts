import { formatCount, formatTally } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { formatMoment } from '../../../display/format/format-moment.ts';
import { paceText } from '../../../display/pace-text.ts';
import { resumedText } from '../../../display/resume-text.ts';
import { clauseOfReport } from '../../../display/run-remarks.ts';
import { verdictCounts } from '../../../display/states/check-display.ts';
import { resultTally } from '../../../display/states/result-display.ts';
import { storedRunDisplay, storedRunSentence } from '../../../display/states/run-display.ts';
import { describeSlas } from '../../../display/states/sla-display.ts';
import { formatSize, type RunDetails } from '../../../engine/index.ts';
import { clip, type Html, html } from '../html.ts';
import { percent, type ReportSource, stateMarkup } from '../parts.ts';

type Report = RunDetails['report'];
type Fact = readonly [label: string, value: string, more?: string];

const maxParams = 40;

/** How the run went, in a sentence and in numbers. */
export function headMarkup({ report }: ReportSource): Html {
  const { result, status } = report;
  const display = storedRunDisplay(status, result.verdict);
  const remark = clauseOfReport(report);
  const [clause, rest] = storedRunSentence(status, result.verdict, result.total_duration_seconds * 1000, remark);
  const pace = paceText(result.sequential, result.max_parallel, result.hosts, ' tasks');
  const how = [...resumedText(result.resumed), pace].join(', ');
  return html`<header><h1>${clip(result.pipeline)}</h1>
<p class="verdict">${stateMarkup({ ...display, word: display.word.toUpperCase() })} ${clip(result.pipeline)} ${clause} ${rest}</p>
<p class="muted">run <code>${result.run_id}</code>, started ${formatMoment(Date.parse(result.started_at))}, ${how}</p>
<dl class="facts">${factsOf(report).map(([label, value, more]) => {
    const small = more === undefined ? undefined : html`<small>${more}</small>`;
    return html`<div><dt>${label}</dt><dd>${value}${small}</dd></div>
`;
  })}</dl>
${paramsMarkup(report)}</header>
`;
}

function factsOf(report: Report): readonly Fact[] {
  const { result, performance, consistency, status } = report;
  const { speedup, critical_path_seconds: path, peak_running: most } = performance ?? {};
  const checks = consistency === undefined ? '' : formatTally(verdictCounts(consistency.summary));
  return [
    ['duration', formatDuration(result.total_duration_seconds * 1000)],
    ['tasks', formatCount(result.results.length, 'task'), resultTally(result.results, status === 'running')],
    ...(checks === '' ? [] : [['checks', formatCount(consistency!.checks.length, 'check'), checks] as const]),
    ...(result.slas === undefined
      ? []
      : [['SLAs', formatCount(result.slas.length, 'SLA'), describeSlas(result.slas)] as const]),
    ...(path === undefined
      ? []
      : [['critical path', formatDuration(path * 1000), 'the shortest possible run'] as const]),
    ...(speedup === undefined
      ? []
      : [['speed-up', `${speedup.toFixed(1)}x`, 'compared with one task at a time'] as const]),
    ...(most === undefined ? [] : [['most at once', formatCount(most, 'task')] as const]),
    ...peaksOf(performance),
  ];
}

function peaksOf(performance: Report['performance']): readonly Fact[] {
  const { peak_cpu, peak_memory, peak_memory_bytes, peak_connections, connection_budget } = performance ?? {};
  const bytes = peak_memory_bytes === undefined ? undefined : formatSize(peak_memory_bytes);
  return [
    ...(peak_cpu === undefined ? [] : [['highest CPU', percent(peak_cpu)] as const]),
    ...(peak_memory === undefined ? [] : [['highest memory', percent(peak_memory), bytes] as const]),
    ...(peak_connections === undefined
      ? []
      : [
          [
            'most connections',
            String(peak_connections),
            connection_budget === undefined ? undefined : `${connection_budget} for the tasks`,
          ] as const,
        ]),
  ].map(([label, value, more]) => (more === undefined ? [label, value] : [label, value, more]));
}

/** Secrets are stars already. */
function paramsMarkup({ performance }: Report): Html | undefined {
  const params = Object.entries(performance?.params ?? {});
  if (params.length === 0) return undefined;
  const shown = params.slice(0, maxParams);
  const more = params.length - shown.length;
  return html`<p>Parameters: ${shown.map(([name, value], at) => html`${at > 0 ? ', ' : ''}<code>${clip(name, 100)}=${clip(String(value), 200)}</code>`)}${more > 0 ? ` and ${more} more` : ''}</p>
`;
}
