import { formatCount, formatNumber } from '../../display/format-count.ts';
import { formatClock, formatDuration } from '../../display/format-duration.ts';
import { formatMoment } from '../../display/format-moment.ts';
import { formatTimeLeft } from '../../display/format-time-left.ts';
import { nameList } from '../../display/name-list.ts';
import { displayText, type EpochMs, entryAt, type RunEvent, type RunState } from '../../engine/index.ts';
import { closingLines } from './closing-lines.ts';
import { type EventLine, eventLine, plainLine, runLine } from './event-line.ts';
import { foldNotRun } from './fold-not-run.ts';
import { type LineLayout, lineLayout, namesOf } from './line-layout.ts';
import { outputLines } from './output-lines.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { waitsOf } from './waits-of.ts';

const maxOutputLines = 20;
const silenceMs = 60_000;
const timeLeftEveryMs = 60_000;
const maxNamed = 5;

/**
 * A log for people: one line when a task or a check ends, when an attempt will be repeated, and once a minute when
 * nothing happens; of failed tasks the end of their output; at the end a summary.
 */
export function plainReporter(scene: ReporterContext): Reporter {
  const { style, write } = scene;
  let layout: LineLayout | undefined;
  let startedAt = 0;
  let spokeAt = 0;
  let toldLeftAt = 0;

  const print = (line: EventLine, at: number, state: RunState) => {
    layout ??= lineLayout(namesOf([...state.plan.tasks, ...state.plan.checks]), style);
    spokeAt = at;
    write(`${style.paint.dim(formatClock(at - startedAt))}  ${layout(line)}\n`);
  };
  const notRun = foldNotRun(print);

  const printOutput = (event: RunEvent) => {
    if (event.type !== 'task.finished') return;
    const { outcome, task } = event;
    if (outcome.kind !== 'failed' && outcome.kind !== 'timed-out') return;
    const lines = outputLines(scene.tail(task, outcome.attempt), maxOutputLines);
    if (lines.length === 0) return;
    for (const line of lines) write(`         ${style.paint.dim(style.glyphs.bar)} ${line}\n`);
    write(`         ${style.paint.dim(`log: ${scene.shown(scene.logPath(task, outcome.attempt))}`)}\n`);
  };

  return {
    report: (event, state) => {
      if (event.type === 'run.started') {
        startedAt = event.at;
        spokeAt = event.at;
        toldLeftAt = event.at;
        for (const line of openingLines(event, scene)) write(`${line}\n`);
        return;
      }
      if (notRun.folds(event, state)) return;
      const line = eventLine(event, state);
      if (line === undefined) return;
      notRun.flush();
      print(line, event.at, state);
      printOutput(event);
    },
    onTick: (now, state) => {
      if (state.running + state.backingOff === 0 && !isHeld(state)) return;
      const isSilent = now - spokeAt >= silenceMs;
      const left = now - toldLeftAt < timeLeftEveryMs ? undefined : scene.timeLeft();
      if (left !== undefined) toldLeftAt = now;
      const details = [
        ...(isSilent ? [underWay(now, state)] : []),
        ...(left === undefined ? [] : [`${formatTimeLeft(left)}, ${tasksDone(state)}`]),
      ];
      if (details.length > 0) print(runLine(plainLine, details), now, state);
    },
    onEnd: (end) => {
      notRun.flush();
      for (const line of closingLines(end, scene)) write(`${line}\n`);
    },
  };
}

function openingLines(event: Extract<RunEvent, { type: 'run.started' }>, scene: ReporterContext): readonly string[] {
  const { paint } = scene.style;
  const pace = event.sequential ? 'one at a time' : `up to ${event.maxParallel} at once`;
  const title = `${paint.bold(displayText(event.pipeline))}: ${formatCount(event.tasks, 'task')}, ${pace}`;
  const facts = [
    `run ${event.run}`,
    `started ${formatMoment(event.at)}`,
    ...(scene.database === undefined ? [] : [scene.database]),
  ];
  return [title, paint.dim(displayText(facts.join(', '))), ''];
}

function tasksDone({ plan, open }: RunState): string {
  const { length } = plan.tasks;
  return `${formatNumber(length - open)} of ${formatCount(length, 'task')} done`;
}

/** Nothing runs, and nothing will before a person lets it. */
function isHeld({ paused, phase, ready }: RunState): boolean {
  return paused && phase.kind === 'running' && ready.size > 0;
}

/** `still running: nflverse_pbp for 2m10s (39 %, week 7 of 18); ready, but waiting: odds_b (pool odds_api is full: odds_a holds it)`. */
function underWay(now: EpochMs, state: RunState): string {
  const busy = state.plan.tasks.flatMap(({ index, spec }) => {
    const { state: task, report } = entryAt(state.tasks, index);
    if (task.kind === 'backing-off')
      return [`${spec.id} (retry in ${formatDuration(Math.max(0, task.retryAt - now))})`];
    if (task.kind !== 'running') return [];
    const progress = report?.progress === undefined ? [] : [`${Math.round(report.progress * 100)} %`];
    const said = [...progress, ...(report?.message === undefined ? [] : [report.message])];
    return [
      `${spec.id} for ${formatDuration(now - task.startedAt)}${said.length === 0 ? '' : ` (${said.join(', ')})`}`,
    ];
  });
  const waits = waitsOf(state, now);
  return [
    busy.length === 0 ? 'nothing runs' : `still running: ${nameList(busy, maxNamed)}`,
    ...(waits === '' ? [] : [`ready, but waiting: ${waits}`]),
  ].join('; ');
}
