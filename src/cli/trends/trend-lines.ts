import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMinute } from '../../display/format/format-moment.ts';
import { nameList } from '../../display/format/name-list.ts';
import { sparkline } from '../../display/format/sparkline.ts';
import { describeRegression, formatChange } from '../../display/regression-text.ts';
import { displayText, type TaskTrend, type Trend, type TrendsReport } from '../../engine/index.ts';
import { shortenMiddle } from '../output/shorten.ts';
import type { Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';

const sparkWidth = 10;
/** What the widest table has beside names: the sparkline, six durations of at most six columns, and the space between. */
const besideNames = 2 + sparkWidth + 6 * (2 + 6);
const maxTasks = 50;
const maxParams = 5;

/** The trends of a pipeline for people, the slowest task first: durations, then how reliable they are. */
export function trendLines(report: TrendsReport, style: Style, columns = Number.POSITIVE_INFINITY): readonly string[] {
  const { overall, slowest, regressions } = report;
  const tasks = report.tasks.slice(0, maxTasks);
  const more = report.tasks.length - tasks.length;
  const nameWidth = Math.max(8, columns - besideNames);
  const nameOf = (name: string) => shortenMiddle(displayText(name), nameWidth, style.glyphs.ellipsis);
  const rows: Rows = [['the run', overall], ...tasks.map((trend) => [nameOf(trend.task), trend] as const)];
  const sections = [
    headLines(report),
    titledTable(durationTable(rows, style), style),
    titledTable(reliabilityTable(rows), style),
    more === 0 ? [] : [`and ${formatCount(more, 'more task')}; --json has all of them, --task T shows one`],
    slowestLines(slowest, report, nameOf),
    runLines(report, style),
    regressions.length === 0 ? [] : ['Slower than usual', ...regressions.map((one) => `  ${describeRegression(one)}`)],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

/** Which runs are compared, and which are not. */
function headLines({ pipeline, runs, params, varied, all_params, left_out }: TrendsReport): readonly string[] {
  const [first, last] = [runs[0]!, runs[runs.length - 1]!];
  const values = Object.entries(params).map(([name, value]) =>
    varied.includes(name) ? `any ${name}` : `${name}=${value}`,
  );
  const named = values.length === 0 ? '' : ` with ${nameList(values, maxParams)}`;
  const moments = [first, last].map(({ started_at: at }) => formatMinute(Date.parse(at)));
  return [
    displayText(`${pipeline}: ${formatCount(runs.length, 'run')}${all_params ? ' with any parameters' : named}`),
    runs.length === 1 ? moments[0]! : moments.join(' to '),
    ...(left_out === 0 ? [] : [`${formatCount(left_out, 'run')} with other parameters not shown (--all-params)`]),
  ];
}

/** How long one task took in each run, beside its median. */
function runLines({ runs, tasks: [trend, ...others] }: TrendsReport, { paint }: Style): readonly string[] {
  if (trend === undefined || others.length > 0) return [];
  const median = trend.statistics?.median ?? 0;
  const rows = runs.map(({ run_id, started_at }, at) => {
    const seconds = trend.seconds[at] ?? undefined;
    const change = seconds === undefined || median === 0 ? '' : formatChange(seconds / median - 1);
    return [run_id, formatMinute(Date.parse(started_at)), duration(seconds), change];
  });
  const [head = '', ...lines] = tableLines([['run', 'started', 'duration', 'to median'], ...rows], [2, 3]);
  return [paint.dim(head), ...lines];
}

type Rows = readonly (readonly [string, Trend & Partial<TaskTrend>])[];
type Table = { readonly rows: readonly (readonly string[])[]; readonly right: readonly number[] };

function durationTable(rows: Rows, { glyphs }: Style): Table {
  const cells = rows.map(([name, { seconds, statistics: values }]) => {
    const spark = sparkline(
      seconds.map((one) => one ?? Number.NaN),
      sparkWidth,
      values?.max ?? 0,
      glyphs.sparks,
    );
    const { median, mean, stdev, min, max } = values ?? {};
    const last = seconds[seconds.length - 1] ?? undefined;
    return [name, spark, ...[median, mean, stdev, min, max, last].map(duration)];
  });
  const head = ['duration', 'trend'.padStart(sparkWidth), 'median', 'mean', 'stdev', 'min', 'max', 'last'];
  return { rows: [head, ...cells], right: [2, 3, 4, 5, 6, 7] };
}

function reliabilityTable(rows: Rows): Table {
  const cells = rows.map(([name, { ran, success_rate, retries, rows: counted, critical_share }]) => [
    name,
    critical_share === undefined ? '' : percent(critical_share),
    formatNumber(ran),
    success_rate === undefined ? '-' : percent(success_rate),
    formatNumber(retries),
    counted === undefined ? '' : formatNumber(counted.median),
  ]);
  const head = ['reliability', 'critical path', 'runs', 'success', 'retries', 'rows (median)'];
  return { rows: [head, ...cells], right: [1, 2, 3, 4, 5] };
}

function titledTable({ rows, right }: Table, { paint }: Style): readonly string[] {
  const [head = '', ...lines] = tableLines(rows, right);
  return [paint.dim(head), ...lines];
}

function slowestLines(
  slowest: TrendsReport['slowest'],
  { tasks, overall }: TrendsReport,
  nameOf: (name: string) => string,
): readonly string[] {
  if (tasks.length < 2) return [];
  const medians = new Map(tasks.map(({ task, statistics }) => [task, statistics?.median ?? 0]));
  const whole = overall.statistics?.median;
  const rows = slowest.map((task) => {
    const median = medians.get(task)!;
    return [
      nameOf(task),
      duration(median),
      whole === undefined || whole === 0 ? '' : `${percent(median / whole)} of the run`,
    ];
  });
  return ['Slowest', ...tableLines(rows, [1, 2]).map((line) => `  ${line}`)];
}

function duration(seconds: number | undefined): string {
  return seconds === undefined ? '-' : formatDuration(seconds * 1000);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
