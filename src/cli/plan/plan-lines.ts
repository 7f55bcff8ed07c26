import { conditionLines } from '../../display/condition-text.ts';
import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { taskCountText } from '../../display/task-count-text.ts';
import { displayText, formatLimit, type RequestPreview } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';
import { barLegend, barLines } from './plan-bars.ts';
import { formatCores, knowledgeSentence, savingSentence } from './plan-sentences.ts';
import { type ReusePreviews, reuseLines } from './reuse-lines.ts';

const maxSavings = 5;

/**
 * What a run would be like, for people.
 * @param params lines that say with which values
 */
export function planLines(
  preview: RequestPreview,
  params: readonly string[],
  style: Style,
  columns: number,
  reuse: ReusePreviews,
): readonly string[] {
  const { plan, waves, known, savings, waits } = preview;
  const planned = waves.flat().map((index) => plan.tasks[index]!.spec);
  const { paint } = style;
  const sentences = savings.slice(0, maxSavings).map(savingSentence);
  return [
    `${paint.bold(displayText(plan.pipeline.name))}: ${taskCountText(planned)} in ${formatCount(waves.length, 'wave')}, ${paceOf(preview)}; nothing is run`,
    ...params,
    paint.dim(knowledgeSentence(preview)),
    '',
    ...barLines(preview, style, columns),
    '',
    paint.dim(barLegend(style)),
    '',
    `critical path  ${pathText(preview, style)}`,
    '',
    ...predictionLines(preview, style),
    ...limitLines(preview, style),
    ...titled('before they start', conditionLines(plan).map(displayText)),
    ...titled('reuse', reuseLines(reuse, 8)),
    ...titled('ready, but waits', known === 0 ? [] : waits.map((wait) => waitLine(preview, wait))),
    ...titled('what would make the run shorter', known === 0 ? [] : sentences),
  ];
}

function paceOf({ options, run, known }: RequestPreview): string {
  const parallel =
    options.auto === true ? 'as many at once as the machine allows' : `up to ${options.maxParallel} at once`;
  const pace = options.sequential ? 'one at a time' : parallel;
  return known === 0 ? pace : `${pace}, about ${formatDuration(run.durationMs)}`;
}

function pathText({ plan, criticalPath, known }: RequestPreview, { glyphs }: Style): string {
  const names = criticalPath.tasks.map((index) => displayText(plan.tasks[index]!.spec.id));
  const shown = names.length <= 8 ? names : [...names.slice(0, 4), `(${names.length - 7} more)`, ...names.slice(-3)];
  const chain = shown.join(` ${glyphs.arrow} `);
  if (known === 0) return `${formatCount(names.length, 'task')}: ${chain}`;
  return `${formatDuration(criticalPath.totalMs)}: ${chain}`;
}

function predictionLines(preview: RequestPreview, { paint }: Style): readonly string[] {
  const { known, predictions, run, machine, options } = preview;
  const rows = [
    ...predictions.map(({ limit, run: other }) => ({ label: `-j ${limit}`, run: other })),
    { label: 'as asked', run },
  ];
  const anyMemory = run.peak.memoryBytes > 0;
  const anyCpu = run.peak.cpu > 0;
  const cells = rows.map(({ label, run: { durationMs, peak } }) => [
    label,
    known === 0 ? 'unknown' : formatDuration(durationMs),
    String(peak.tasks),
    String(peak.connections),
    anyMemory ? formatBytes(peak.memoryBytes) : 'unknown',
    anyCpu ? formatCores(peak.cpu) : 'unknown',
  ]);
  const there = [
    'there is',
    '',
    '',
    options.connectionBudget === undefined ? '' : String(options.connectionBudget),
    formatBytes(machine.memoryBytes),
    formatCores(machine.cores),
  ];
  const head = ['limit', 'duration', 'tasks at once', 'connections', 'memory', 'cores'];
  const [title = '', ...lines] = tableLines([head, ...cells, there], [1, 2, 3, 4, 5]);
  return [paint.dim(title), ...lines.slice(0, -1), paint.dim(lines.at(-1)!)];
}

/** That the run is expected to be ended before it has done its work. */
function limitLines({ plan, run, known }: RequestPreview, { paint }: Style): readonly string[] {
  const { runMs } = plan.pipeline.limits;
  if (runMs === undefined || known === 0 || run.durationMs <= runMs) return [];
  return ['', paint.yellow(`the run would reach its limit of ${formatLimit(runMs)} (limits.run)`)];
}

function waitLine({ plan }: RequestPreview, { index, ms, reason }: RequestPreview['waits'][number]): string {
  const { id } = plan.tasks[index]!.spec;
  return displayText(`${id} ${formatDuration(ms)}${reason === '' ? '' : `: ${reason}`}`);
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function formatBytes(bytes: number): string {
  const mega = bytes / 1024 ** 2;
  return mega < 1024 ? `${formatNumber(mega)} MB` : `${(mega / 1024).toFixed(1)} GB`;
}
