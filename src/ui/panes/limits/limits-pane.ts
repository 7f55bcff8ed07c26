import { formatDuration } from '../../../display/format/format-duration.ts';
import { waitText } from '../../../display/wait-text.ts';
import {
  describeOverload,
  displayText,
  explainCause,
  formatLimit,
  formatShare,
  formatSize,
  type LimitUse,
  limitUses,
  type ResourceSample,
  type RunState,
  type SlaJudgement,
} from '../../../engine/index.ts';
import { filledBar } from '../../primitives/filled-bar.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { fitText, shortenText } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { wrapWords } from '../../primitives/text/wrap-text.ts';
import type { ScreenView } from '../../store/screen-view.ts';
import type { Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { slaLines } from './sla-lines.ts';

export type LimitsView = {
  readonly state: RunState;
  readonly now: ScreenView['now'];
  /** The latest of the machine. */
  readonly sample?: ResourceSample;
  readonly slas?: readonly SlaJudgement[];
  /** Index of the selected task. */
  readonly task?: number;
  /** The first line that is shown. */
  readonly top: number;
};

/** What limits the run, how much of it is used, what binds now, why the selected task waits, and the SLAs. */
export const limits: PaneContent = {
  rows: (frame, shape, theme) => limitsPane(viewOf(frame), shape, theme),
  length: (view, shape, theme) => limitLines(viewOf(view), bodySize(shape).width, theme).length,
};

function viewOf({ state, now, sample, slas, screen, logTask }: ScreenView): LimitsView {
  const task = logTask === undefined ? undefined : state.plan.indexOf.get(logTask);
  const top = screen.tops['limits'] ?? 0;
  return {
    state,
    now,
    top,
    slas,
    ...(sample === undefined ? {} : { sample }),
    ...(task === undefined ? {} : { task }),
  };
}

export function limitsPane(view: LimitsView, shape: PaneShape, theme: Theme): readonly string[] {
  const { width, height } = bodySize(shape);
  const lines = limitLines(view, width, theme);
  const max = Math.max(0, lines.length - height);
  const first = Math.min(max, Math.max(0, view.top));
  const bottomRight = first < max ? [styled(`${theme.glyphs.down}${max - first}`, 'dim')] : [];
  return paneRows({ title: 'Limits', bottomRight }, lines.slice(first, first + height), shape, theme);
}

function limitLines(view: LimitsView, width: number, theme: Theme): readonly Line[] {
  const { state, now, sample, task, slas = [] } = view;
  const uses = limitUses(state, sample);
  const binding = uses.filter(({ binds }) => binds).map(nameOf);
  const why = task === undefined ? undefined : waitText(state, task, now);
  const name = task === undefined ? '' : state.plan.tasks[task]!.spec.id;
  const bad = slas.filter(({ status }) => status === 'missed' || status === 'at-risk');
  const others = slas.filter((sla) => !bad.includes(sla));
  return [
    // In the first row of the screen stands that there are some.
    ...(bad.length === 0 ? [] : [...slaLines(bad, state, width, theme), []]),
    ...barLines(uses, view, width, theme),
    [],
    ...sentence('blocking', bindingText(state, binding), width),
    ...sentence('run', runLimitText(view), width),
    ...(task === undefined
      ? []
      : sentence('selected', why === undefined ? `${name} does not wait` : `${name}: ${why}`, width)),
    ...(others.length === 0 ? [] : [[], ...slaLines(others, state, width, theme)]),
  ];
}

/** How long the run has gone on, of what it may; empty without a limit. */
function runLimitText({ state, now }: LimitsView): string {
  const { runMs } = state.plan.pipeline.limits;
  if (runMs === undefined) return '';
  const { activeSince, finishedAt } = state;
  const tookMs = activeSince === undefined ? 0 : Math.max(0, (finishedAt ?? now) - activeSince);
  return `${formatDuration(tookMs)} of ${formatLimit(runMs)}; then it is stopped`;
}

function bindingText({ paused, ready, phase }: RunState, binding: readonly string[]): string {
  if (phase.kind !== 'running') return 'nothing: the run starts no more tasks';
  if (paused) return 'the run is paused';
  if (binding.length > 0) return binding.join(', ');
  return ready.size === 0 ? 'nothing: no task is ready and waiting' : 'none of these: see the tasks that wait';
}

/** A name, a bar, what is used of what is allowed, and a note; the bars are as wide as the notes let them be. */
function barLines(uses: readonly LimitUse[], view: LimitsView, width: number, theme: Theme): readonly Line[] {
  const rows = uses.map((use) => ({ use, name: shortenText(nameOf(use), maxName), ...readingOf(use, view) }));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(textWidth));
  const names = Math.max(labelWidth - 2, widest(rows.map(({ name }) => name)));
  const readings = widest(rows.map(({ reading }) => reading));
  const notes = widest(rows.map(({ note }) => note));
  const room = width - names - readings - notes - 6;
  const bars = Math.max(0, Math.min(maxBar, Math.max(minBar, room), width - names - readings - 3));
  return rows.map(({ use: { binds }, name, share, reading, note }) => [
    styled(` ${fitText(name, names)} `, binds ? 'warnBold' : 'dim'),
    styled(filledBar(share, bars, theme, theme.glyphs.pause), binds ? 'warn' : 'busy'),
    styled(` ${fitText(reading, readings)}`, binds ? 'warnBold' : 'plain'),
    styled(note === '' ? '' : `  ${displayText(note)}`, 'dim'),
  ]);
}

type Reading = { readonly share: number; readonly reading: string; readonly note: string };

function readingOf(use: LimitUse, { state, sample }: LimitsView): Reading {
  const { cpu, memory } = state.plan.pipeline.limits;
  const machine = (used: number | undefined, limit: number) =>
    used === undefined ? '' : `machine ${formatShare(used)}, limit ${formatShare(limit)}`;
  switch (use.kind) {
    case 'slots': {
      const { allowed, by } = use.limit;
      return { share: use.used / allowed, reading: `${use.used} of ${allowed}`, note: slotNote(by, state) };
    }
    case 'cpu': {
      const reading = `${cores(use.used)} of ${cores(use.allowed)} cores`;
      return { share: use.used / use.allowed, reading, note: machine(sample?.cpu, cpu) };
    }
    case 'memory': {
      const reading = `${formatSize(use.used)} of ${formatSize(use.allowed)}`;
      return { share: use.used / use.allowed, reading, note: machine(sample?.memory, memory) };
    }
    case 'connections':
    case 'pool':
      return { share: use.used / use.allowed, reading: `${use.used} of ${use.allowed}`, note: use.holders };
    case 'disk': {
      const { freeBytes, floorBytes } = use;
      const note = `at least ${formatSize(floorBytes)}`;
      return { share: floorBytes / freeBytes, reading: `${formatSize(freeBytes)} free`, note };
    }
  }
}

function slotNote(
  by: 'auto' | 'number' | 'stepped-down' | 'machine',
  { capacity, hosts, maxParallel, overload }: RunState,
): string {
  switch (by) {
    case 'auto':
      return hosts === undefined ? 'auto: as the machine allows' : 'auto: the slots of all hosts';
    case 'number':
      return '';
    case 'stepped-down':
      return `stepped down from ${maxParallel}${overload.because === undefined ? '' : `: ${describeOverload(overload.because)}`}`;
    case 'machine':
      return capacity?.cause === undefined ? '' : explainCause(capacity.cause);
  }
}

function nameOf(use: LimitUse): string {
  switch (use.kind) {
    case 'slots':
    case 'memory':
    case 'connections':
      return use.kind;
    case 'cpu':
      return 'CPU';
    case 'pool':
      return displayText(`pool ${use.pool}`);
    case 'disk':
      return `disk, ${use.role}`;
  }
}

function sentence(name: string, text: string, width: number): readonly Line[] {
  if (text === '') return [];
  const room = Math.max(1, width - labelWidth - 1);
  return wrapWords(displayText(text), room).map((words, row) => [
    styled(label(row === 0 ? name : ''), 'dim'),
    styled(words),
  ]);
}

/** Needs are estimates: more digits would say more than is known. */
function cores(count: number): string {
  return String(Math.round(count * 10) / 10);
}

const labelWidth = 13;
const maxName = 24;
const minBar = 6;
const maxBar = 20;

function label(text: string): string {
  return ` ${text.padEnd(labelWidth - 1)}`;
}
