import type { EpochMs } from '../../model/ids.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { Observation } from '../../model/run/messages.ts';
import { type EndOfAttempt, endsTheRun } from '../../model/run/run-event.ts';
import type { FailureCause, Outcome, StoppingReason, TaskState } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { unreachable } from '../../model/unreachable.ts';
import { beginAttempt } from '../conditions/begin-task.ts';
import { isLoadAwaited } from '../conditions/is-load-awaited.ts';
import { findOverload } from '../overload/find-overload.ts';
import { stepLimit } from '../overload/step-limit.ts';
import { mayStartTask } from '../run-phase.ts';
import { journalLost } from '../stop-after-journal-loss.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { backoffMs } from './backoff.ts';
import { describeDrain } from './describe-drain.ts';
import { expandTasks } from './expand-tasks.ts';
import { finishTask } from './finish-task.ts';
import { isInfraFailure } from './infra-failure.ts';
import { lastGoodLoad } from './last-good-load.ts';
import { lossDelayMs, lossOn, maxLosses, tooManyLosses } from './losses.ts';
import { type Remains, shouldRetry } from './should-retry.ts';
import { timeoutOf } from './timeout-of.ts';

type Running = Extract<TaskState, { readonly kind: 'running' }>;
type BackingOff = Extract<TaskState, { readonly kind: 'backing-off' }>;
type Exited = Extract<Observation, { readonly type: 'exited' }>;
type NextStep =
  | Outcome
  | { readonly kind: 'retry'; readonly cause: FailureCause; readonly alone?: true; readonly fallback?: true }
  | { readonly kind: 'fall-back'; readonly cause: FailureCause };

/** Decides what follows from an exit for the task itself: its outcome, another attempt, or its fallback. */
export function endAttempt(transition: Transition, index: number, running: Running, exited: Exited): void {
  const step = chooseNextStep(transition, index, running, exited);
  const end = trueEnd(transition, index, running, exited);
  if (step.kind === 'succeeded' && exited.lines?.ok) {
    expandTasks(transition, exited.task, step, exited.lines.value, end);
    stepLimit(transition, step.cause);
  } else takeStep(transition, index, running.attempt + 1, step, end);
}

/** Of one that ended while nobody carried the run out; the clock that tells it may be another than that of the run. */
function trueEnd({ state }: Transition, index: number, running: Running, { endedAt }: Exited): EndOfAttempt {
  const { resumed } = entryAt(state.tasks, index);
  const isAdopted = resumed?.kind === 'adopted' && resumed.attempt === running.attempt;
  if (!isAdopted || endedAt === undefined || state.continued === undefined || endedAt >= state.continued.at) return {};
  return { endedAt: Math.max(endedAt, running.startedAt) as EpochMs };
}

/** An attempt failed before its command ran: what follows is the same as when that fails. */
export function failAttempt(
  transition: Transition,
  index: number,
  attempt: number,
  { cause, ...remains }: Remains & { readonly cause: FailureCause },
): void {
  takeStep(transition, index, attempt + 1, afterFailure(transition, index, attempt, cause, remains));
}

/** A task fails without an attempt that could be repeated: only what its author has put in its place can help. */
export function failWithoutAttempt(transition: Transition, index: number, cause: FailureCause): void {
  const { attempts } = entryIn(transition, index);
  takeStep(transition, index, attempts + 1, lastResort(transition, index, cause, attempts));
}

/** A task fails, and nothing that its author has put in its place can help. */
export function failForGood(transition: Transition, index: number, cause: FailureCause): void {
  const { spec } = transition.state.plan.tasks[index]!;
  finishTask(transition, index, failureOf(spec, cause, entryIn(transition, index).attempts));
}

/** @param next the number of the attempt that would follow */
function takeStep(transition: Transition, index: number, next: number, step: NextStep, end: EndOfAttempt = {}): void {
  if (step.kind === 'retry') backOff(transition, index, next, step, end);
  else if (step.kind === 'fall-back') fallBack(transition, index, next, step.cause, end);
  else finishTask(transition, index, step, end);
  stepLimit(transition, 'cause' in step ? step.cause : undefined);
}

/**
 * For an attempt that was stopped, the reason decides and not the exit: a program that handles SIGTERM may exit with 0
 * without having finished its work.
 */
function chooseNextStep(transition: Transition, index: number, running: Running, exited: Exited): NextStep {
  const { spec } = transition.state.plan.tasks[index]!;
  const { attempt, stopping } = running;
  if (stopping === 'skip') return { kind: 'skipped' };
  if (stopping === 'cancel') return cancelled(transition);
  if (stopping === 'journal-lost') return { kind: 'cancelled', reason: journalLost, withRun: true };
  if (hasFoundNothing(transition, index, running, exited))
    return { kind: 'not-needed', stops: !isLoadAwaited(transition.state, index) };
  const cause =
    failureCause(timeoutOf(transition.state, index, running.fallback), spec.idleTimeoutMs ?? 0, running, exited) ??
    badLines(transition, exited);
  if (cause === undefined) {
    if (!running.fallback || spec.fallback === undefined) return { kind: 'succeeded', attempt };
    return { kind: 'succeeded', attempt, degraded: spec.fallback.note, ...ageOfFallback(transition, index) };
  }
  const lost = afterLoss(transition, index, running, cause);
  if (lost !== undefined) return lost;
  // A fallback gets one attempt. The failure to report is that of the task itself, whose last attempt was the previous one.
  if (running.fallback) return giveUp(transition, index, entryIn(transition, index).lastFailure ?? cause, attempt - 1);
  const { exit, lastOutput } = exited;
  // One that was stopped has failed by that, whatever its exit says.
  const isUsage = cause.kind === 'not-started' && exit.kind === 'not-started' && exit.reason === 'usage';
  return afterFailure(transition, index, attempt, cause, { isUsage, lastOutput });
}

/** It has reported that there is nothing to do; what it promises to write is not there then. */
function hasFoundNothing(transition: Transition, index: number, running: Running, { exit }: Exited): boolean {
  if (running.fallback || running.stopping !== undefined || exit.kind !== 'exited' || exit.code !== 0) return false;
  return entryIn(transition, index).report?.nothingNew === true;
}

/** What follows when the attempt was lost with its host; undefined for every other failure. */
function afterLoss(transition: Transition, index: number, running: Running, cause: FailureCause): NextStep | undefined {
  const entry = entryIn(transition, index);
  const loss = lossOn(transition.state, entry, cause);
  if (loss === undefined || !mayStartTask(transition.state, index)) return undefined;
  const { fallback } = running;
  if (loss.lostOn.length <= maxLosses) return { kind: 'retry', cause, ...(fallback ? { fallback } : {}) };
  const tooMany = tooManyLosses(loss.lostOn, cause);
  if (!fallback) return lastResort(transition, index, tooMany, running.attempt);
  return giveUp(transition, index, entry.lastFailure ?? tooMany, running.attempt - 1);
}

function afterFailure(
  transition: Transition,
  index: number,
  attempt: number,
  cause: FailureCause,
  remains: Remains,
): NextStep {
  const { spec } = transition.state.plan.tasks[index]!;
  const entry = entryIn(transition, index);
  // A draining run starts nothing, not even another attempt, but of what runs at its end.
  if (!mayStartTask(transition.state, index)) return failureOf(spec, cause, attempt);
  // Competition with other tasks is no fault of the task: it gets one attempt alone that is not charged to it.
  if (cause.kind === 'overload' && entry.alone !== true) return { kind: 'retry', cause, alone: true };
  if (shouldRetry(spec, entry, remains, cause)) return { kind: 'retry', cause };
  return lastResort(transition, index, cause, attempt);
}

function lastResort(transition: Transition, index: number, cause: FailureCause, attempt: number): NextStep {
  const { fallback } = transition.state.plan.tasks[index]!.spec;
  return fallback === undefined ? giveUp(transition, index, cause, attempt) : { kind: 'fall-back', cause };
}

/** What a fallback provides is taken to be no newer than the last good load, unless its author says otherwise. */
function ageOfFallback({ state }: Transition, index: number): { readonly stale?: { readonly since: EpochMs } } {
  const since = state.plan.tasks[index]!.spec.fallback?.isFresh ? undefined : lastGoodLoad(state, index);
  return since === undefined ? {} : { stale: { since } };
}

/**
 * Everything has failed that the task could try; its last good load stands in when its author allows it and there is one.
 * That of a setup never does: its teardown has taken down what was there.
 */
function giveUp({ state }: Transition, index: number, cause: FailureCause, attempt: number): Outcome {
  const { spec } = state.plan.tasks[index]!;
  const since = spec.useLastGood && spec.setup === undefined ? lastGoodLoad(state, index) : undefined;
  if (since === undefined) return failureOf(spec, cause, attempt);
  return { kind: 'succeeded', attempt, degraded: 'its last good load', stale: { since }, cause };
}

function failureOf({ continueOnFailure }: TaskSpec, cause: FailureCause, attempt: number): Outcome {
  const tolerated = continueOnFailure === true ? { tolerated: true as const } : {};
  if (cause.kind !== 'timeout') return { kind: 'failed', attempt, cause, ...tolerated };
  const idle = cause.idle ? { idle: cause.idle } : {};
  return { kind: 'timed-out', attempt, afterMs: cause.afterMs, ...idle, ...tolerated };
}

function cancelled({ state: { phase } }: Transition): Outcome {
  if (phase.kind === 'draining' && endsTheRun(phase.reason))
    return { kind: 'cancelled', reason: describeDrain(phase.reason), withRun: true };
  return { kind: 'cancelled', reason: 'an operator cancelled it', withRun: false };
}

function backOff(
  transition: Transition,
  index: number,
  attempt: number,
  { cause, alone, fallback }: Extract<NextStep, { readonly kind: 'retry' }>,
  end: EndOfAttempt,
): void {
  const { id } = transition.state.plan.tasks[index]!.spec;
  const { delayMs, ...asked } = chooseDelay(transition, index, cause);
  const retryAt = (transition.at + delayMs) as EpochMs;
  record(transition, {
    type: 'task.backing-off',
    task: id,
    attempt,
    retryAt,
    cause,
    ...asked,
    ...(alone ? { alone } : {}),
    ...(fallback ? { fallback } : {}),
    ...end,
  });
  transition.effects.push({ type: 'set-timer', timer: { kind: 'retry', task: id, attempt }, at: retryAt });
}

/**
 * A delay that the task requested (the end of a rate limit, say) takes precedence over the back-off, but is limited by the
 * policy: a task that mistakes the unit must not wait for days.
 */
function chooseDelay(
  transition: Transition,
  index: number,
  cause: FailureCause,
): { readonly delayMs: number; readonly askedMs?: number } {
  const { spec } = transition.state.plan.tasks[index]!;
  const entry = entryIn(transition, index);
  const { report, failures, infraFailures } = entry;
  if (lossOn(transition.state, entry, cause) !== undefined) return { delayMs: lossDelayMs(entry) };
  if (report?.retryAfterSeconds !== undefined) {
    const askedMs = Math.max(0, Math.round(report.retryAfterSeconds * 1000));
    const delayMs = Math.min(askedMs, spec.retry.maxRetryAfterMs);
    return delayMs < askedMs ? { delayMs, askedMs } : { delayMs };
  }
  const count = 1 + (isInfraFailure(cause) ? infraFailures : failures);
  return { delayMs: backoffMs(spec.retry, count, transition.state.options.seed, spec.id) };
}

/** Begins the attempt that a task in back-off waits for. */
export function endBackOff(transition: Transition, index: number, { attempt, fallback }: BackingOff): void {
  const { id } = transition.state.plan.tasks[index]!.spec;
  if (fallback) record(transition, { type: 'task.ready', task: id, attempt, fallback });
  else beginAttempt(transition, index, attempt);
}

/**
 * The back-off of length 0 is there because the journal must say of every attempt how it ended. It names the fallback, because
 * a crash may lose the event behind it.
 */
function fallBack(
  transition: Transition,
  index: number,
  attempt: number,
  cause: FailureCause,
  end: EndOfAttempt,
): void {
  const { id: task } = transition.state.plan.tasks[index]!.spec;
  const retryAt = transition.at;
  record(transition, { type: 'task.backing-off', task, attempt, retryAt, cause, fallback: true, ...end });
  record(transition, { type: 'task.ready', task, attempt, fallback: true });
}

/** Why the attempt failed; undefined when it succeeded. */
function failureCause(
  timeoutMs: number,
  idleTimeoutMs: number,
  { stopping }: { readonly stopping?: StoppingReason },
  exited: Exited,
): FailureCause | undefined {
  const { exit, missingOutput } = exited;
  if (stopping === 'timeout') return { kind: 'timeout', afterMs: timeoutMs };
  if (stopping === 'idle') return { kind: 'timeout', afterMs: idleTimeoutMs, idle: true };
  switch (exit.kind) {
    case 'exited':
      if (exit.code !== 0) return overloadOf(exited, exit.code) ?? { kind: 'exit-code', code: exit.code };
      return missingOutput === undefined ? undefined : { kind: 'missing-output', ...missingOutput };
    case 'signalled':
      return overloadOf(exited, exit.signal) ?? { kind: 'signal', signal: exit.signal };
    case 'not-started':
      return { kind: 'not-started', message: exit.message };
    case 'lost':
      return { kind: 'lost', message: exit.message };
    default:
      return unreachable(exit);
  }
}

function overloadOf(exited: Exited, exit: number | string): FailureCause | undefined {
  const kind = findOverload(exited);
  return kind === undefined ? undefined : { kind: 'overload', of: kind, exit };
}

/** A success whose file gives a matrix values that it cannot use is none. */
function badLines({ state }: Transition, { lines }: Exited): FailureCause | undefined {
  const filled = lines?.ok ? state.plan.open?.fill(lines.value) : lines;
  return filled === undefined || filled.ok ? undefined : { kind: 'bad-lines', message: filled.error };
}
