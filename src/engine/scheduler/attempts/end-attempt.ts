import type { EpochMs } from '../../model/ids.ts';
import type { Observation } from '../../model/messages.ts';
import type { FailureCause, Outcome, TaskState } from '../../model/task-state.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { backoffMs } from './backoff.ts';
import { failureCause } from './failure-cause.ts';
import { finishTask } from './finish-task.ts';
import { isInfraFailure } from './infra-failure.ts';
import { shouldRetry } from './should-retry.ts';

type Running = Extract<TaskState, { readonly kind: 'running' }>;
type Exited = Extract<Observation, { readonly type: 'exited' }>;
type NextStep =
  | Outcome
  | { readonly kind: 'retry'; readonly cause: FailureCause }
  | { readonly kind: 'fall-back'; readonly cause: FailureCause };

/** Draws the consequence of an exit for the task itself: its outcome, another attempt, or its fallback. */
export function endAttempt(transition: Transition, index: number, running: Running, exited: Exited): void {
  const sequel = chooseNextStep(transition, index, running, exited);
  const next = running.attempt + 1;
  if (sequel.kind === 'retry') backOff(transition, index, next, sequel.cause);
  else if (sequel.kind === 'fall-back') fallBack(transition, index, next, sequel.cause);
  else finishTask(transition, index, sequel);
}

/**
 * When we had the attempt stopped, the reason counts and not how it ended: a program that is told to end may well say 0
 * without having done its work.
 */
function chooseNextStep(transition: Transition, index: number, running: Running, exited: Exited): NextStep {
  const { spec } = transition.state.plan.tasks[index]!;
  const { attempt, stopping } = running;
  if (stopping === 'skip') return { kind: 'skipped' };
  if (stopping === 'cancel') return cancelled(transition);
  const cause = failureCause(spec, running, exited);
  if (cause === undefined) {
    if (!running.fallback || spec.fallback === undefined) return { kind: 'succeeded', attempt };
    return { kind: 'succeeded', attempt, degraded: spec.fallback.note };
  }
  const entry = entryIn(transition, index);
  // A fallback gets one attempt. What is to be repaired is the task itself; its last attempt was the one before.
  if (running.fallback) return failureOf(entry.lastFailure ?? cause, attempt - 1);
  // A run that drains starts nothing new, not even another attempt.
  if (transition.state.phase.kind !== 'running') return failureOf(cause, attempt);
  if (shouldRetry(spec, entry, exited, cause)) return { kind: 'retry', cause };
  return spec.fallback === undefined ? failureOf(cause, attempt) : { kind: 'fall-back', cause };
}

function failureOf(cause: FailureCause, attempt: number): Outcome {
  if (cause.kind === 'timeout') return { kind: 'timed-out', attempt, afterMs: cause.afterMs };
  return { kind: 'failed', attempt, cause };
}

function cancelled({ state: { phase } }: Transition): Outcome {
  const withRun = phase.kind === 'draining' && phase.reason.kind === 'cancelled';
  return { kind: 'cancelled', reason: withRun ? 'the run was cancelled' : 'an operator cancelled it', withRun };
}

function backOff(transition: Transition, index: number, attempt: number, cause: FailureCause): void {
  const { id } = transition.state.plan.tasks[index]!.spec;
  const { delayMs, ...asked } = chooseDelay(transition, index, cause);
  const retryAt = (transition.at + delayMs) as EpochMs;
  record(transition, { type: 'task.backing-off', task: id, attempt, retryAt, cause, ...asked });
  transition.effects.push({ type: 'set-timer', timer: { kind: 'retry', task: id, attempt }, at: retryAt });
}

/**
 * What the task itself asked for, such as the end of a rate limit, is better than any guess, up to the bound of its
 * policy: a task that means milliseconds, or a moment, must not wait for ever.
 */
function chooseDelay(
  transition: Transition,
  index: number,
  cause: FailureCause,
): { readonly delayMs: number; readonly askedMs?: number } {
  const { spec } = transition.state.plan.tasks[index]!;
  const { report, failures, infraFailures } = entryIn(transition, index);
  if (report?.retryAfterSeconds !== undefined) {
    const askedMs = Math.max(0, Math.round(report.retryAfterSeconds * 1000));
    const delayMs = Math.min(askedMs, spec.retry.maxRetryAfterMs);
    return delayMs < askedMs ? { delayMs, askedMs } : { delayMs };
  }
  const count = 1 + (isInfraFailure(cause) ? infraFailures : failures);
  return { delayMs: backoffMs(spec.retry, count, transition.state.options.seed, spec.id) };
}

/** The journal says of every attempt how it ended, hence the back-off of no length. */
function fallBack(transition: Transition, index: number, attempt: number, cause: FailureCause): void {
  const { id } = transition.state.plan.tasks[index]!.spec;
  record(transition, { type: 'task.backing-off', task: id, attempt, retryAt: transition.at, cause });
  record(transition, { type: 'task.ready', task: id, attempt, fallback: true });
}
