import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatClock, formatDuration } from '../../display/format/format-duration.ts';
import { formatMoment } from '../../display/format/format-moment.ts';
import { formatTimeLeft } from '../../display/format/format-time-left.ts';
import { nameList } from '../../display/format/name-list.ts';
import { paramList } from '../../display/format/param-list.ts';
import { resumeLines } from '../../display/resume-text.ts';
import { taskCountText } from '../../display/task-count-text.ts';
import { causeOf } from '../../display/task-ending.ts';
import { displayText, type EpochMs, entryAt, explainWait, type RunEvent, type RunState } from '../../engine/index.ts';
import { closingLines } from './closing-lines.ts';
import { type EventLine, eventLine, plainLine, runLine } from './event-line.ts';
import { foldInstances } from './fold-instances.ts';
import { foldNotRun } from './fold-not-run.ts';
import { type LineLayout, lineLayout, namesOf } from './line-layout.ts';
import { outputLines } from './output-lines.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { createSlaNews, slaLine } from './sla-news.ts';
import { waitsOf } from './waits-of.ts';

const maxOutputLines = 20;
const maxQuietMs = 60_000;
/** The first word on hosts that are missing: somebody may have forgotten to start a worker. */
const soonMs = 5_000;
const timeLeftEveryMs = 60_000;
const maxNamed = 5;

/**
 * A log for people: one line when a task or a check ends, when an attempt will be repeated, and once a minute when
 * nothing happens; of failed tasks the end of their output; at the end a summary.
 */
export function plainReporter(context: ReporterContext): Reporter {
  const { style, write } = context;
  let layout: LineLayout | undefined;
  let startedAt = 0;
  let lastPrintedAt = 0;
  let timeLeftPrintedAt = 0;
  let saidWithoutHost = false;

  const print = (line: EventLine, at: number, state: RunState) => {
    layout ??= lineLayout(namesOf([...state.plan.tasks, ...state.plan.checks]), style);
    lastPrintedAt = at;
    write(`${style.paint.dim(formatClock(at - startedAt))}  ${layout(line)}\n`);
  };
  const notRun = foldNotRun(print);
  const instances = foldInstances();
  const slaNews = createSlaNews(context.slas);
  const printSlas = (at: number, state: RunState) => {
    for (const sla of slaNews(state)) print(slaLine(sla, state), at, state);
  };

  const printOutput = (event: RunEvent) => {
    if (event.type !== 'task.finished') return;
    const { outcome, task } = event;
    if (!('attempt' in outcome) || causeOf(outcome) === undefined) return;
    const lines = outputLines(context.tail(task, outcome.attempt), maxOutputLines);
    if (lines.length === 0) return;
    for (const line of lines) write(`         ${style.paint.dim(style.glyphs.bar)} ${line}\n`);
    const log = context.logPath(task, outcome.attempt);
    if (log !== undefined) write(`         ${style.paint.dim(`log: ${context.shown(log)}`)}\n`);
  };

  return {
    report: (event, state) => {
      if (event.type === 'run.started' || event.type === 'run.continued') {
        startedAt = event.at;
        lastPrintedAt = event.at;
        timeLeftPrintedAt = event.at;
        for (const line of openingLines(event, state, context)) write(`${line}\n`);
        return;
      }
      // The names of instances are other ones than that which stood for them.
      if (event.type === 'tasks.expanded') layout = undefined;
      if (notRun.folds(event, state)) return;
      const together = instances.lineOf(event, state);
      const line = together ?? eventLine(event, state);
      if (line === undefined || line === 'hidden') return;
      notRun.flush();
      print(line, event.at, state);
      printOutput(event);
      printSlas(event.at, state);
    },
    onTick: (now, state) => {
      printSlas(now, state);
      const { running, backingOff, awaiting, asking } = state;
      if (running + backingOff + awaiting + asking === 0 && !isHeld(state)) return;
      const isQuiet = now - lastPrintedAt >= (isWithoutHost(state) && !saidWithoutHost ? soonMs : maxQuietMs);
      if (isQuiet) saidWithoutHost = isWithoutHost(state);
      const left = now - timeLeftPrintedAt < timeLeftEveryMs ? undefined : context.timeLeft();
      if (left !== undefined) timeLeftPrintedAt = now;
      const details = [
        ...(isQuiet ? [underWay(now, state)] : []),
        ...(left === undefined ? [] : [`${formatTimeLeft(left)}, ${tasksDone(state)}`]),
      ];
      if (details.length > 0) print(runLine(plainLine, details), now, state);
    },
    onEnd: (end) => {
      notRun.flush();
      for (const line of closingLines(end, context)) write(`${line}\n`);
    },
  };
}

type Opening = Extract<RunEvent, { type: 'run.started' | 'run.continued' }>;

function openingLines(event: Opening, { plan }: RunState, context: ReporterContext): readonly string[] {
  const { paint } = context.style;
  const pace = event.sequential
    ? 'one at a time'
    : event.elsewhere && event.auto
      ? 'as many at once as hosts have slots'
      : `up to ${event.maxParallel} at once`;
  const params = paramList(event.params);
  const title = `${paint.bold(displayText(plan.pipeline.name))}: ${taskCountText(plan.tasks.map(({ spec }) => spec))}, ${pace}`;
  const facts = [
    `run ${context.run}`,
    `${event.type === 'run.started' ? 'started' : 'resumed'} ${formatMoment(event.at)}`,
    ...(params === '' ? [] : [`with ${params}`]),
    ...(context.database === undefined ? [] : [context.database]),
    ...(context.leftOut.length === 0 ? [] : [`without ${nameList(context.leftOut, maxNamed)}`]),
  ];
  const decided = event.type === 'run.started' ? [] : resumeLines(event).map(displayText);
  return [title, paint.dim(displayText(facts.join(', '))), ...decided, ''];
}

function tasksDone({ plan, open }: RunState): string {
  const { length } = plan.tasks;
  return `${formatNumber(length - open)} of ${formatCount(length, 'task')} done`;
}

/** Nothing runs, and nothing will before a person lets it, or starts a worker. */
function isHeld(state: RunState): boolean {
  const { paused, phase, ready } = state;
  return phase.kind === 'running' && ready.size > 0 && (paused || isWithoutHost(state));
}

/** Tasks run on hosts, and there is none for those that are ready: else one of them would run, since nothing does. */
function isWithoutHost({ options, ready, running }: RunState): boolean {
  return options.elsewhere === true && running === 0 && ready.size > 0;
}

/** `still running: nflverse_pbp for 2m10s (39 %, week 7 of 18); ready, but waiting: odds_b (pool odds_api is full: odds_a holds it)`. */
function underWay(now: EpochMs, state: RunState): string {
  const busy = state.plan.tasks.flatMap(({ index, spec }) => {
    const { state: task, report } = entryAt(state.tasks, index);
    if (task.kind === 'backing-off')
      return [`${spec.id} (retry in ${formatDuration(Math.max(0, task.retryAt - now))})`];
    if (task.kind === 'awaiting' || task.kind === 'asking') return [`${spec.id} (${explainWait(state, index, now)})`];
    if (task.kind !== 'running') return [];
    const progress = report?.progress === undefined ? [] : [`${Math.round(report.progress * 100)} %`];
    const reported = [...progress, ...(report?.message === undefined ? [] : [report.message])];
    return [
      `${spec.id} for ${formatDuration(now - task.startedAt)}${reported.length === 0 ? '' : ` (${reported.join(', ')})`}`,
    ];
  });
  const waits = waitsOf(state, now);
  return [
    busy.length === 0 ? 'nothing runs' : `still running: ${nameList(busy, maxNamed)}`,
    ...(waits === '' ? [] : [`ready, but waiting: ${waits}`]),
  ].join('; ');
}
