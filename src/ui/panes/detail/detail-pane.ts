import { onlyIfText, waitForText } from '../../../display/condition-text.ts';
import { awaitedBy, endText } from '../../../display/end-text.ts';
import { formatCause } from '../../../display/format/format-cause.ts';
import { formatNumber } from '../../../display/format/format-count.ts';
import { formatCountdown, formatDuration, formatLimit } from '../../../display/format/format-duration.ts';
import { formatMinute } from '../../../display/format/format-moment.ts';
import { paramList } from '../../../display/format/param-list.ts';
import { reuseText } from '../../../display/reuse-text.ts';
import { conditionOf, taskDisplay } from '../../../display/states/task-display.ts';
import { taskNote } from '../../../display/task-note.ts';
import type { AttemptInterval } from '../../../display/timeline/attempt-interval.ts';
import { waitText } from '../../../display/wait-text.ts';
import { describeDecision, displayText, entryAt, hostName, ownValue, type RunState } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { wrapWords } from '../../primitives/text/wrap-text.ts';
import { conditionIcon, conditionStyle } from '../../status/state-icon.ts';
import { taskDurationMs } from '../../status/task-duration.ts';
import type { ScreenView } from '../../store/screen-view.ts';
import { type Style, severityStyles, type Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';

export type DetailView = {
  readonly state: RunState;
  readonly now: number;
  /** Index of the task. */
  readonly task: number;
  /** Those of the task, in order of time. */
  readonly intervals: readonly AttemptInterval[];
  /** Why the task does not start. */
  readonly why?: string;
  /** The first line that is shown. */
  readonly top: number;
};

export const detail: PaneContent = {
  rows: (frame, shape, theme) => {
    const view = detailOf(frame);
    return view === undefined ? paneRows({ title: 'Detail' }, [], shape, theme) : detailPane(view, shape, theme);
  },
  length: (screen, shape, theme) => {
    const view = detailOf(screen);
    return view === undefined ? 0 : detailLines(view, bodySize(shape).width, theme).length;
  },
};

function detailOf({ screen, state, now, intervals, logTask }: ScreenView): DetailView | undefined {
  const task = logTask === undefined ? undefined : state.plan.indexOf.get(logTask);
  if (task === undefined) return undefined;
  const why = waitText(state, task, now);
  const top = screen.tops['detail'] ?? 0;
  return { state, now, task, intervals: intervals.ofTask(task), top, ...(why === undefined ? {} : { why }) };
}

/** All that is known of one task. */
export function detailPane(view: DetailView, shape: PaneShape, theme: Theme): readonly string[] {
  const { state, task } = view;
  const { width, height } = bodySize(shape);
  const lines = detailLines(view, width, theme);
  const max = Math.max(0, lines.length - height);
  const first = Math.min(max, Math.max(0, view.top));
  return paneRows(
    {
      title: 'Detail',
      subject: [styled(state.plan.tasks[task]!.spec.id, 'bold')],
      bottomRight: first < max ? [styled(`${theme.glyphs.down}${max - first}`, 'dim')] : [],
    },
    lines.slice(first, first + height),
    shape,
    theme,
  );
}

function detailLines(view: DetailView, width: number, theme: Theme): readonly Line[] {
  const { state, now, task } = view;
  const planned = state.plan.tasks[task]!;
  const { spec } = planned;
  const { report, resumed } = entryAt(state.tasks, task);
  const retry = spec.retry.retries === 0 ? 'no retries' : `up to ${counted(spec.retry.retries, 'retry', 'retries')}`;
  const pools = spec.pools.map((pool) => {
    const size = state.plan.pipeline.pools.get(pool);
    return `${pool} (${state.poolUse.get(pool) ?? 0} of ${size ?? '?'} in use)`;
  });
  const rows = report?.rows === undefined ? undefined : formatNumber(report.rows);
  const changed = report?.rowsChanged === undefined ? '' : `, ${formatNumber(report.rowsChanged)} changed`;
  return [
    ...stateLines(view, width, theme),
    ...field('resumed', resumed && describeDecision(resumed), width),
    ...field('description', spec.description, width),
    ...field('level', spec.level, width),
    ...field('command', commandText(view), width),
    ...field('message', report?.message, width),
    ...field('rows', rows && rows + changed, width),
    ...field(
      'quota',
      report?.quotaRemaining === undefined ? undefined : `${formatNumber(report.quotaRemaining)} left`,
      width,
    ),
    [],
    ...field('runs', endText(state.plan, planned), width),
    ...neighbours(planned.end === undefined ? 'upstream' : 'after', view, awaitedBy(planned), theme),
    ...neighbours('downstream', view, planned.downstream, theme),
    [],
    ...attempts(view, now, width),
    [],
    ...field(
      'timeout',
      `${formatLimit(ownValue(state.options.timeoutsMs, spec.id) ?? spec.timeoutMs)}, ${retry}`,
      width,
    ),
    ...field('critical', spec.critical ? 'yes: when it fails, no new tasks start' : undefined, width),
    ...field('tolerated', spec.continueOnFailure ? 'yes: when it fails, the run continues' : undefined, width),
    ...field('torn down', spec.setup && `by ${spec.setup.teardown}, when its downstream has ended`, width),
    ...field('labels', spec.labels?.join(', '), width),
    ...field('pools', pools.join(', '), width),
    ...field('connections', spec.connections === 0 ? undefined : String(spec.connections), width),
    ...field('waits for', waitForText(spec), width),
    ...field('only if', onlyIfText(spec), width),
    ...field('fallback', spec.fallback?.note, width),
    ...field('last good', lastGoodText(view), width),
    ...field('inputs', spec.inputs?.join(', '), width),
    ...field('outputs', spec.outputs.join(', '), width),
    ...field('directory', spec.dir?.path, width),
    ...field('shell', spec.command.kind === 'shell' ? spec.command.shell?.join(' ') : undefined, width),
    ...field('variables', spec.envFiles?.map(({ path }) => path).join(', '), width),
    ...field('parameters', paramList(state.options.params, Number.POSITIVE_INFINITY), width),
    ...field('reuse', reuseText(state, task), width),
  ];
}

function stateLines({ state, now, task, why }: DetailView, width: number, theme: Theme): readonly Line[] {
  const entry = entryAt(state.tasks, task);
  const condition = conditionOf(entry);
  const style = conditionStyle(condition);
  const { word } = taskDisplay(condition);
  const durationMs = taskDurationMs(entry, now);
  const head: Line = [
    styled(label('state'), 'dim'),
    styled(`${conditionIcon(condition, theme, now)} ${word}`, style),
    styled(durationMs === undefined ? '' : `  ${formatDuration(durationMs)}`),
  ];
  const note = taskNote(state, task, entry, now, () => why);
  // The message of a running task has a line of its own.
  const reason = note === undefined || condition === 'running' ? undefined : note.variants[0];
  return [head, ...field('', reason === word ? undefined : reason, width, note && severityStyles[note.severity])];
}

/** The load that is used when the task fails; undefined when none may. */
function lastGoodText({ state, task }: DetailView): string | undefined {
  const { id, useLastGood } = state.plan.tasks[task]!.spec;
  if (!useLastGood) return undefined;
  const earlier = ownValue(state.options.lastGood, id);
  const at = entryAt(state.tasks, task).lastGood ?? earlier?.at;
  if (at === undefined) return 'used when the task fails; none yet';
  const other = at === earlier?.at && earlier.otherParams ? ', with other parameters' : '';
  return `used when the task fails: of ${formatMinute(at)}${other}`;
}

function commandText({ state, task }: DetailView): string {
  const { command } = state.plan.tasks[task]!.spec;
  return command.kind === 'argv'
    ? command.argv.join(' ')
    : command.script.trim().split('\n').map(displayText).join('; ');
}

/** The upstream or downstream tasks of this one, each with its glyph. */
function neighbours(name: string, { state, now }: DetailView, tasks: readonly number[], theme: Theme): readonly Line[] {
  if (tasks.length === 0) return [[styled(label(name), 'dim'), styled('none', 'dim')]];
  const shown = tasks.slice(0, maxNeighbours);
  const lines = shown.map((index, row): Line => {
    const condition = conditionOf(entryAt(state.tasks, index));
    return [
      styled(label(row === 0 ? name : ''), 'dim'),
      styled(conditionIcon(condition, theme, now), conditionStyle(condition)),
      styled(` ${state.plan.tasks[index]!.spec.id}`),
    ];
  });
  const more = tasks.length - shown.length;
  return more === 0 ? lines : [...lines, [styled(label('')), styled(`and ${formatNumber(more)} more`, 'dim')]];
}

function attempts({ intervals, state, task }: DetailView, now: number, width: number): readonly Line[] {
  const ran = intervals.filter(({ kind }) => kind !== 'waiting');
  if (ran.length === 0) return [[styled(label('attempts'), 'dim'), styled('none yet', 'dim')]];
  const { state: current } = entryAt(state.tasks, task);
  const lines = ran
    .slice(-maxAttempts)
    .flatMap(({ attempt, startedAt, endedAt, kind, cause, host }, row): readonly Line[] => {
      const took = formatDuration((endedAt ?? now) - startedAt);
      const ended = cause === undefined ? taskDisplay(kind).word : formatCause(cause);
      const where = host === undefined ? '' : ` on ${hostName(state.hosts, host)}`;
      return field(row === 0 ? 'attempts' : '', `${attempt}  ${took.padStart(6)}  ${ended}${where}`, width);
    });
  if (current.kind !== 'backing-off') return lines;
  return [...lines, ...field('', `${current.attempt}  in ${formatCountdown(current.retryAt - now)}`, width, 'warn')];
}

const maxNeighbours = 8;
const maxAttempts = 6;
const labelWidth = 13;

function label(text: string): string {
  return ` ${text.padEnd(labelWidth - 1)}`;
}

/** A label and its value in as many lines as it needs; no line without a value. */
function field(name: string, value: string | undefined, width: number, style: Style = 'plain'): readonly Line[] {
  if (value === undefined || value === '') return [];
  const room = Math.max(1, width - labelWidth - 1);
  return wrapWords(displayText(value), room).map((text, row) => [
    styled(label(row === 0 ? name : ''), 'dim'),
    styled(text, style),
  ]);
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
