import type { EpochMs, TaskId } from '../../model/ids.ts';
import { difference, nextIndex } from '../../model/run/index-set.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import type { WaitCause, WaitMs, WaitTimes } from '../../model/run/wait-times.ts';
import { unreachable } from '../../model/unreachable.ts';
import { findWait, type Wait } from './find-wait.ts';

export type WaitMeter = {
  /** To be called with every event of a run and the state after it. */
  onEvent(event: RunEvent, state: RunState): void;
  times(): WaitTimes;
};

/**
 * Between events that follow each other within this time, the reasons are not determined anew for each, so that a run of
 * many short tasks does not pay for it.
 */
const everyMs = 20;

/**
 * Measures how long the tasks of a run wait, by cause. All ready tasks of one demand class wait for the same reason, so
 * there is one set of clocks for each class, and a task has waited for as long as they went on while it was ready.
 */
export function createWaitMeter(): WaitMeter {
  /** By demand class. */
  const clocks = new Map<number, Map<WaitCause, number>>();
  let causes: ReadonlyMap<number, WaitCause> = new Map();
  let [last, determinedAt] = [0, Number.NEGATIVE_INFINITY];
  /** The state since `last`. */
  let current: RunState | undefined;
  const readySince = new Map<TaskId, ReadonlyMap<WaitCause, number>>();
  const waitingSince = new Map<TaskId, EpochMs>();
  /** What the tasks among these wait for that have something of their own to wait for. */
  const conditions = new Map<TaskId, 'awaited' | 'asking'>();
  const waited = new Map<TaskId, Map<WaitCause, number>>();

  const add = (task: TaskId, cause: WaitCause, ms: number) => {
    if (ms < 1) return;
    const times = waited.get(task) ?? new Map<WaitCause, number>();
    times.set(cause, (times.get(cause) ?? 0) + ms);
    waited.set(task, times);
  };
  const advance = (to: EpochMs) => {
    if (to <= last) return;
    if (current !== undefined && Math.max(to - last, last - determinedAt) >= everyMs) {
      causes = determineCauses(current);
      determinedAt = last;
    }
    for (const [demandClass, cause] of causes) {
      const clock = clocks.get(demandClass) ?? new Map<WaitCause, number>();
      clock.set(cause, (clock.get(cause) ?? 0) + (to - last));
      clocks.set(demandClass, clock);
    }
    last = to;
  };
  const classOf = ({ plan, demandClasses, queuePlace }: RunState, task: TaskId) =>
    demandClasses.ofPlace[queuePlace[plan.indexOf.get(task)!]!]!;
  const endReady = (task: TaskId, state: RunState) => {
    const before = readySince.get(task);
    if (before === undefined) return;
    readySince.delete(task);
    for (const [cause, ms] of clocks.get(classOf(state, task)) ?? []) add(task, cause, ms - (before.get(cause) ?? 0));
  };

  const endWaiting = ({ task, at }: RunEvent & { readonly task: TaskId }, state: RunState) => {
    const since = waitingSince.get(task);
    const condition = conditions.get(task);
    waitingSince.delete(task);
    conditions.delete(task);
    if (since === undefined) return;
    if (condition !== undefined) add(task, condition, at - since);
    else for (const [cause, ms] of splitWait(state, task, since, at)) add(task, cause, ms);
  };

  const onTaskEvent = (event: RunEvent & { readonly task: TaskId }, state: RunState) => {
    switch (event.type) {
      case 'task.awaiting':
      case 'task.asking':
        endWaiting(event, state);
        endReady(event.task, state);
        waitingSince.set(event.task, event.at);
        conditions.set(event.task, event.type === 'task.awaiting' ? 'awaited' : 'asking');
        return;
      case 'task.ready':
        endWaiting(event, state);
        readySince.set(event.task, new Map(clocks.get(classOf(state, event.task))));
        return;
      case 'task.started':
        return endReady(event.task, state);
      case 'task.backing-off':
        if (conditions.has(event.task)) endWaiting(event, state);
        return void waitingSince.set(event.task, event.at);
      case 'task.finished':
        if (conditions.has(event.task)) endWaiting(event, state);
        waitingSince.delete(event.task);
        return endReady(event.task, state);
      case 'task.reset':
        conditions.delete(event.task);
        return void waitingSince.set(event.task, event.at);
      default:
        return;
    }
  };

  /** Nobody waits for anything while no process carries the run out; from then on the classes are those of another plan. */
  const resume = ({ stoppedAt, at }: { readonly stoppedAt: EpochMs; readonly at: EpochMs }, state: RunState) => {
    advance(stoppedAt);
    if (current !== undefined) for (const task of [...readySince.keys()]) endReady(task, current);
    for (const times of [clocks, readySince, waitingSince, conditions]) times.clear();
    [causes, last, determinedAt] = [new Map(), at, Number.NEGATIVE_INFINITY];
    for (const { index, spec } of state.plan.tasks) {
      const { kind } = entryAt(state.tasks, index).state;
      if (kind === 'ready') readySince.set(spec.id, new Map());
      else if (kind === 'waiting' || kind === 'backing-off' || kind === 'awaiting' || kind === 'asking')
        waitingSince.set(spec.id, at);
      if (kind === 'awaiting' || kind === 'asking') conditions.set(spec.id, kind === 'awaiting' ? 'awaited' : kind);
    }
  };

  return {
    onEvent: (event, state) => {
      if (last === 0) last = event.at;
      if (event.type === 'run.continued') resume(event, state);
      else if (event.type === 'tasks.expanded') resume({ stoppedAt: event.at, at: event.at }, state);
      advance(event.at);
      if (event.type === 'run.started') for (const { spec } of state.plan.tasks) waitingSince.set(spec.id, event.at);
      if ('task' in event) onTaskEvent(event, state);
      current = state;
    },
    times: () => new Map([...waited].map(([task, times]) => [task, Object.fromEntries(times) as WaitMs])),
  };
}

/** The causes of the classes that have ready tasks. */
function determineCauses(state: RunState): ReadonlyMap<number, WaitCause> {
  const causes = new Map<number, WaitCause>();
  const { demandClasses, queueOrder } = state;
  let rest = state.ready;
  for (let place = nextIndex(rest, 0); place !== undefined; place = nextIndex(rest, place + 1)) {
    const demandClass = demandClasses.ofPlace[place]!;
    const wait = findWait(state, queueOrder[place]!);
    const cause = wait === undefined ? undefined : causeOf(wait);
    if (cause !== undefined) causes.set(demandClass, cause);
    rest = difference(rest, demandClasses.members[demandClass]!);
  }
  return causes;
}

/** The wait before a task became ready: for its retry, or first for its dependencies, then for gates. */
function splitWait(
  state: RunState,
  task: TaskId,
  since: EpochMs,
  until: EpochMs,
): readonly (readonly [WaitCause, number])[] {
  const index = state.plan.indexOf.get(task)!;
  if (entryAt(state.tasks, index).lastFailure !== undefined) return [['backoff', until - since]];
  const { upstream, end } = state.plan.tasks[index]!;
  if (end !== undefined) return [['dependency', until - since]];
  const moments = upstream.map((other) => entryAt(state.tasks, other).endedAt ?? since);
  const done = moments.reduce<number>((latest, moment) => Math.max(latest, moment), since);
  return [
    ['dependency', Math.min(done, until) - since],
    ['check', until - Math.min(done, until)],
  ];
}

function causeOf(wait: Wait): WaitCause | undefined {
  switch (wait.kind) {
    case 'slots':
    case 'turn':
      return 'slot';
    case 'machine':
      return wait.cause.kind;
    case 'reserved':
      return wait.of;
    case 'host-cpu':
      return 'cpu';
    case 'host-memory':
      return 'memory';
    case 'hosts-busy':
      return 'slot';
    case 'no-host':
      return 'host';
    case 'phase':
      return undefined;
    case 'end':
      return 'dependency';
    case 'dependency':
    case 'check':
    case 'backoff':
    case 'awaited':
    case 'asking':
    case 'paused':
    case 'alone':
    case 'pool':
    case 'connections':
    case 'cpu':
    case 'memory':
      return wait.kind;
    default:
      return unreachable(wait);
  }
}
