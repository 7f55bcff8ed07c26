import type { TaskId } from '../../model/ids.ts';
import type { Capacity } from '../../model/run/capacity.ts';
import { endOfAttempt, type RunEvent } from '../../model/run/run-event.ts';
import type { RunPhase, RunState } from '../../model/run/run-state.ts';
import type { Staleness } from '../../model/run/staleness.ts';
import type { FailureCause, Outcome } from '../../model/run/task-state.ts';
import { entryAt, type TaskEntry, withEntry } from '../../model/run/task-table.ts';
import { unreachable } from '../../model/unreachable.ts';
import { countUnmet } from '../admission/gates.ts';
import { isInfraFailure } from '../attempts/infra-failure.ts';
import { lossOn } from '../attempts/losses.ts';
import { reserveForRunning } from '../capacity/task-needs.ts';
import { noteSetup } from '../ends/note-setup.ts';
import { countOutcome, countOverload, steppedDown, steppedUp, withoutStep } from '../overload/count-overload.ts';
import { withHosts } from '../placement/known-hosts.ts';
import { continueState } from '../resume/continue-state.ts';
import { expandState } from './expand-state.ts';
import { keptByReset } from './kept-by-reset.ts';
import { outdateDownstream, spreadStaleness, stalenessAtEnd } from './mark-stale.ts';
import { moveCheck, outdateChecks } from './move-check.ts';
import { moveTask } from './move-task.ts';

/** The state after one more event. The state of a run is the fold of this function over its journal. */
export function evolve(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run.started':
      return {
        ...state,
        phase: { kind: 'running' },
        startedAt: event.at,
        activeSince: event.at,
        maxParallel: event.maxParallel,
      };
    case 'run.continued':
      return continueState(state, event);
    case 'run.paused':
      return { ...state, paused: true };
    case 'run.resumed':
      return { ...state, paused: false };
    case 'run.limited':
      return { ...state, maxParallel: event.maxParallel, overload: withoutStep(state.overload) };
    case 'capacity.changed':
      return changeCapacity(state, event.capacity);
    case 'hosts.changed':
      return { ...state, hosts: withHosts(state.hosts, event.hosts) };
    case 'run.stepped-down':
      return { ...state, overload: steppedDown(event.maxParallel, event.at, event.because) };
    case 'run.stepped-up':
      return { ...state, overload: steppedUp(state, event.maxParallel, event.at) };
    case 'run.draining':
      return { ...state, phase: { kind: 'draining', reason: event.reason } };
    case 'run.reopened': {
      const { finishedAt: _, ...unfinished } = state;
      return { ...unfinished, phase: { kind: 'running' }, activeSince: event.at };
    }
    case 'run.finished': {
      const why = state.phase.kind === 'draining' ? { reason: state.phase.reason } : {};
      return { ...state, phase: { kind: 'finished', status: event.status, ...why }, finishedAt: event.at };
    }
    case 'task.awaiting':
      return move(state, event.task, (entry) => ({ ...entry, state: { kind: 'awaiting', since: event.at } }));
    case 'task.asking':
      return move(state, event.task, (entry) => ({
        ...entry,
        state: { kind: 'asking', attempt: event.attempt, since: event.at },
      }));
    case 'task.ready':
      return move(state, event.task, (entry) => ({
        ...entry,
        ...(hasMetItsConditions(entry) ? { isMet: true as const } : {}),
        ...(event.changed === undefined ? {} : { changed: event.changed }),
        state: { kind: 'ready', attempt: event.attempt, fallback: event.fallback === true },
      }));
    case 'task.started': {
      const started = move(state, event.task, ({ report: _, host: _host, ...entry }) => ({
        ...entry,
        ...(event.host === undefined ? {} : { host: event.host }),
        state: {
          kind: 'running',
          attempt: event.attempt,
          startedAt: event.at,
          fallback: event.fallback === true,
          ...(event.host === undefined ? {} : { host: event.host }),
        },
        attempts: event.attempt,
        startedAt: entry.startedAt ?? event.at,
      }));
      const index = indexOf(state, event.task);
      return outdateDownstream(noteSetup(started, index), index);
    }
    case 'task.spawned':
      // Only for the recovery after a crash, which searches the journal for processes that are still running.
      return state;
    case 'task.progressed':
      return change(state, event.task, (entry) => ({ ...entry, report: { ...entry.report, ...event.report } }));
    case 'task.stopping':
      return change(state, event.task, (entry) =>
        entry.state.kind === 'running' ? { ...entry, state: { ...entry.state, stopping: event.why } } : entry,
      );
    case 'task.backing-off':
      return move(countOverload(state, event.task, event.cause), event.task, (entry) => ({
        ...entry,
        ...(lossOn(state, entry, event.cause) ?? countFailure(entry, event.cause, event.alone)),
        // One that failed while it was asked for has not started.
        attempts: Math.max(entry.attempts, event.attempt - 1),
        state: {
          kind: 'backing-off',
          attempt: event.attempt,
          retryAt: event.retryAt,
          cause: event.cause,
          ...(event.askedMs === undefined ? {} : { askedMs: event.askedMs }),
          ...(event.fallback ? { fallback: event.fallback } : {}),
        },
        ...lastFailureOf(state, entry, event.cause),
        ...(event.alone ? { alone: event.alone } : {}),
      }));
    case 'task.finished': {
      const index = indexOf(state, event.task);
      const stale = stalenessAtEnd(state, index, event.outcome);
      const ended = move(countOutcome(state, event.task, event.outcome), event.task, (entry) =>
        finish(entry, event, state.phase, stale),
      );
      return spreadStaleness(ended, index);
    }
    case 'tasks.expanded':
      return expandState(state, event.lines);
    case 'task.reset': {
      const index = indexOf(state, event.task);
      const waiting = { kind: 'waiting', unmet: countUnmet(state, index) } as const;
      const kept = { ...keptByReset(entryAt(state.tasks, index)), isRerun: true as const };
      return outdateChecks(moveTask(state, index, { state: waiting, ...kept, failures: 0, infraFailures: 0 }), index);
    }
    case 'check.started':
      return moveCheck(state, event.check, () => ({ kind: 'running', attempt: event.attempt ?? 1 }));
    case 'check.backing-off': {
      const { check: name, attempt, retryAt, result } = event;
      return moveCheck(state, name, () => ({ kind: 'backing-off', attempt, retryAt, result }));
    }
    case 'check.finished':
      return moveCheck(state, event.result.check, (check) =>
        check.kind === 'running' && check.outdated ? { kind: 'waiting' } : { kind: 'done', result: event.result },
      );
    case 'check.reset':
      return moveCheck(state, event.check, () => ({ kind: 'waiting' }));
    default:
      return unreachable(event);
  }
}

/** A task that becomes ready now. */
function hasMetItsConditions({ state: { kind } }: TaskEntry): boolean {
  return kind === 'awaiting' || kind === 'asking';
}

/** The running tasks are counted with the new estimates. */
function changeCapacity(state: RunState, capacity: Capacity): RunState {
  const changed: RunState = { ...state, capacity };
  return { ...changed, reserved: reserveForRunning(changed) };
}

function indexOf(state: RunState, task: TaskId): number {
  const index = state.plan.indexOf.get(task);
  if (index === undefined) throw new Error(`the journal names the task ${task}, which its plan does not have`);
  return index;
}

function move(state: RunState, task: TaskId, next: (entry: TaskEntry) => TaskEntry): RunState {
  const index = indexOf(state, task);
  return moveTask(state, index, next(entryAt(state.tasks, index)));
}

/** For a change within a state, which affects no counter. */
function change(state: RunState, task: TaskId, next: (entry: TaskEntry) => TaskEntry): RunState {
  const index = indexOf(state, task);
  return { ...state, tasks: withEntry(state.tasks, index, next(entryAt(state.tasks, index))) };
}

/** A failure that the next attempt alone may avoid is not charged to the task. */
function countFailure(
  entry: TaskEntry,
  cause: FailureCause,
  alone: true | undefined,
): Pick<TaskEntry, 'failures' | 'infraFailures'> {
  if (alone) return { failures: entry.failures, infraFailures: entry.infraFailures };
  if (isInfraFailure(cause)) return { failures: entry.failures, infraFailures: entry.infraFailures + 1 };
  return { failures: entry.failures + 1, infraFailures: 0 };
}

/** The loss of a fallback with its host is no failure of the task. */
function lastFailureOf(state: RunState, entry: TaskEntry, cause: FailureCause): Pick<TaskEntry, 'lastFailure'> {
  const isFallback = entry.state.kind === 'running' && entry.state.fallback;
  return isFallback && lossOn(state, entry, cause) !== undefined ? {} : { lastFailure: cause };
}

type TaskFinished = Extract<RunEvent, { readonly type: 'task.finished' }>;

function finish(
  { drained: _, isOwed, ...entry }: TaskEntry,
  event: TaskFinished,
  phase: RunPhase,
  stale: Staleness | undefined,
): TaskEntry {
  const { outcome } = event;
  const endedAt = endOfAttempt(event);
  const withRun = outcome.kind === 'cancelled' && outcome.withRun && phase.kind === 'draining';
  const isGood = outcome.kind === 'succeeded' && outcome.degraded === undefined;
  return {
    ...entry,
    ...(isOwed && outcome.kind !== 'succeeded' && outcome.kind !== 'reused' ? { isOwed } : {}),
    ...(withRun ? { drained: phase.reason } : {}),
    ...(stale === undefined ? {} : { stale }),
    ...(isGood ? { lastGood: stale?.since ?? endedAt } : {}),
    ...(outcome.kind === 'reused' ? { lastGood: outcome.at } : {}),
    state: outcome,
    attempts: 'attempt' in outcome ? Math.max(entry.attempts, outcome.attempt) : entry.attempts,
    failures: entry.failures + Number(hasFailed(outcome)),
    endedAt,
  };
}

/** Whether its last attempt failed, also when its last good load stands in. */
function hasFailed(outcome: Outcome): boolean {
  if (outcome.kind === 'succeeded') return outcome.cause !== undefined;
  return outcome.kind === 'failed' || outcome.kind === 'timed-out';
}
