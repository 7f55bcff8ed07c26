import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { RetryPolicy } from '../../../../src/engine/model/pipeline/pipeline.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import type { FailureCause, Outcome } from '../../../../src/engine/model/run/task-state.ts';
import type { Process } from '../processes.ts';
import { isGivenUp, isLeftOut } from './judge-ends.ts';
import { isMatrixGivenUp, isPassed, type Ledger, must, plannedOf, type TaskTruth } from './ledger.ts';

type BackingOff = Extract<RunEvent, { readonly type: 'task.backing-off' }>;
type Finished = Extract<RunEvent, { readonly type: 'task.finished' }>;

/** By how much a process may live longer than it should: timers are late, and the disk takes its time. */
export const slackMs = 40;
/** By how much the timer of a timeout may be ahead: it counts from the decision, and the process starts two syncs later. */
const aheadMs = 14;

/** An attempt failed and another one follows. */
export function judgeBackOff(ledger: Ledger, truth: TaskTruth, event: BackingOff): void {
  const attempt = event.attempt - 1;
  if (isOfCondition(event.cause)) judgeCondition(ledger, truth, event.cause, event);
  else {
    must(ledger, truth.open === attempt, 'I14 every attempt ends once', event);
    judgeCause(ledger, truth, event.cause, event.task);
  }
  const { retry } = plannedOf(ledger, event.task).spec;
  // One that was asked for has its number.
  truth.started = attempt;
  countLoss(ledger, truth, event, attempt);
  const isInfra = event.cause.kind === 'not-started' || event.cause.kind === 'lost';
  const process = ledger.processes.get(`${event.task}#${attempt}`);
  const least = leastDelay(retry, isInfra ? 1 : truth.charged + 1, process?.script.retryAfterSeconds);
  truth.notBefore = { wall: event.at + least, truly: event.at - ledger.incarnation!.jumpMs + least };
  if (event.alone) truth.alone = true;
  else if (!isInfra) truth.charged += 1;
  close(truth);
}

/** An attempt is made again elsewhere three times at most. */
function countLoss(ledger: Ledger, truth: TaskTruth, event: BackingOff, attempt: number): void {
  if (!ledger.losses.has(`${event.task}#${attempt}`) || event.cause.kind !== 'lost') return;
  truth.losses += 1;
  must(ledger, truth.losses <= 3, 'I26 a task is lost with its host a few times at most', event);
}

/** The least that a policy allows; a task that asks for a time may or may not have been heard. */
function leastDelay(retry: RetryPolicy, failures: number, askedSeconds: number | undefined): number {
  const grown = Math.min(retry.initialMs * retry.factor ** (failures - 1), retry.maxMs);
  const least = Math.floor(grown * (retry.jitter ? 0.5 : 1));
  return askedSeconds === undefined ? least : Math.min(least, askedSeconds * 1000, retry.maxRetryAfterMs);
}

export function judgeOutcome(ledger: Ledger, truth: TaskTruth, event: Finished): void {
  const { outcome, task } = event;
  const process = truth.open === undefined ? undefined : ledger.processes.get(`${task}#${truth.open}`);
  const hasEnded = process === undefined || !process.isAlive;
  must(ledger, hasEnded, 'I6 no process of a task lives when it has ended', event);
  switch (outcome.kind) {
    case 'succeeded':
      judgeSuccess(ledger, truth, event, outcome, process);
      break;
    case 'failed':
    case 'timed-out':
      judgeFailure(ledger, truth, event, outcome);
      break;
    case 'skipped': {
      const { skip, spec } = plannedOf(ledger, task);
      const isLate = outcome.waited !== undefined && truth.isAwaiting && spec.waitFor?.onTimeout === 'skip';
      must(ledger, isLate || truth.maySkip || skip, 'I18 nothing is skipped unasked', event);
      break;
    }
    case 'reused': {
      const isSaid = truth.asking !== undefined && truth.answer === 'reused' && truth.open === undefined;
      must(ledger, isSaid, 'I22 only what has not changed is reused', event);
      must(ledger, !truth.isReset, 'I22 what a person has run again runs', event);
      break;
    }
    case 'not-needed':
      if (!isLeftOut(ledger, task)) judgeNotNeeded(ledger, truth, event, outcome, process);
      break;
    case 'upstream-failed':
      must(ledger, isBlockedBySomething(ledger, task), 'I11 only what is blocked is not run', event);
      break;
    case 'cancelled':
      must(
        ledger,
        truth.mayCancel || ledger.mayCancel || ledger.phase === 'draining' || isMatrixGivenUp(ledger, task),
        'I18 cancelled unasked',
        event,
      );
      if (plannedOf(ledger, task).end === undefined || truth.mayCancel || isMatrixGivenUp(ledger, task)) break;
      must(ledger, isGivenUp(ledger), 'I20 only who gives it up keeps it from the end', event);
  }
  delete truth.notBefore;
  truth.fallback = false;
  close(truth);
  Object.assign(truth, {
    isBlocked: false,
    isFailed: false,
    isNotRun: false,
    isStopped: false,
    isStoppedByOthers: false,
  });
  delete truth.stoppedBecause;
  if (outcome.kind === 'succeeded' || outcome.kind === 'reused') {
    ledger.done += 1;
    truth.doneAs = ledger.done;
    if (outcome.kind === 'reused' || outcome.degraded === undefined) truth.loadedAs = ledger.done;
  }
  if ('attempt' in outcome) truth.started = Math.max(truth.started, outcome.attempt);
  if (outcome.kind === 'succeeded' || outcome.kind === 'reused' || outcome.kind === 'skipped')
    truth.done = outcome.kind;
  else if ('tolerated' in outcome && outcome.tolerated) truth.done = 'tolerated';
  else if (outcome.kind === 'not-needed') {
    if (!outcome.stops) truth.done = outcome.kind;
    Object.assign(truth, { isStopped: outcome.stops, isStoppedByOthers: outcome.because !== undefined });
    if (outcome.because !== undefined) truth.stoppedBecause = outcome.because;
  } else {
    const isFailed = outcome.kind === 'failed' || outcome.kind === 'timed-out';
    Object.assign(truth, { isBlocked: true, isFailed, isNotRun: outcome.kind === 'upstream-failed' });
  }
}

function isOfCondition({ kind }: FailureCause): boolean {
  return kind === 'only-if' || kind === 'awaited' || kind === 'wait-for';
}

/** A task fails before it starts: its question has no answer, or what it waits for does not come. */
function judgeCondition(ledger: Ledger, truth: TaskTruth, { kind }: FailureCause, about: unknown): void {
  const isTrue = kind === 'only-if' ? truth.asking !== undefined && truth.answer === 'none' : truth.isAwaiting;
  must(ledger, isTrue && truth.open === undefined, 'I14 the cause of a failure is what happened', about);
}

function close(truth: TaskTruth): void {
  delete truth.asking;
  truth.isAwaiting = false;
  delete truth.open;
  delete truth.stopping;
}

function judgeNotNeeded(
  ledger: Ledger,
  truth: TaskTruth,
  event: Finished,
  { because, stops }: Extract<Outcome, { readonly kind: 'not-needed' }>,
  process: Process | undefined,
): void {
  const { spec } = plannedOf(ledger, event.task);
  if (because !== undefined) {
    const isStopped = stops && ledger.tasks.get(because)!.isStopped && isStoppedBySomething(ledger, event.task);
    must(ledger, isStopped, 'I19 only what others stop is not needed because of them', event);
  } else if (truth.open === undefined) {
    const isSaid = truth.asking !== undefined && truth.answer === 'not-needed';
    const mayStop = spec.onlyIf?.otherwise === 'stop';
    must(ledger, isSaid && (mayStop || !stops), 'I19 what is not needed has said so', event);
    if (mayStop) judgeStop(ledger, truth, event, stops);
  } else {
    const { exit } = process?.end ?? {};
    const isSaid = exit?.kind === 'exited' && exit.code === 0 && process?.script.nothingNew === true;
    must(ledger, isSaid && truth.stopping === undefined, 'I19 what is not needed has said so', event);
    judgeStop(ledger, truth, event, stops);
  }
}

/** Nothing downstream is left out that has not been done since the last load of the task in this run. */
function judgeStop(ledger: Ledger, truth: TaskTruth, event: Finished, stops: boolean): void {
  const waiting = waitingBehind(ledger, event.task);
  const isLate = (other: TaskTruth) => other.doneAs < truth.loadedAs;
  if (stops) must(ledger, !waiting.some(isLate), 'I19 what has not seen the last load is not left out', event);
  else must(ledger, truth.loadedAs > 0 && waiting.length > 0, 'I19 what has found nothing stops its downstream', event);
}

/** What waits downstream of a task, with nothing in between that does not wait. */
function waitingBehind({ plan, tasks }: Ledger, task: TaskId): readonly TaskTruth[] {
  const reached = new Set(plan.tasks[plan.indexOf.get(task)!]!.downstream);
  const found: TaskTruth[] = [];
  for (const index of reached) {
    const truth = tasks.get(plan.tasks[index]!.spec.id)!;
    const hasBegun = truth.open !== undefined || truth.asking !== undefined || truth.isAwaiting;
    if (hasBegun || truth.done !== undefined || truth.isBlocked || truth.isStopped) continue;
    found.push(truth);
    for (const other of plan.tasks[index]!.downstream) reached.add(other);
  }
  return found;
}

function judgeSuccess(
  ledger: Ledger,
  truth: TaskTruth,
  event: Finished,
  outcome: Extract<Outcome, { readonly kind: 'succeeded' }>,
  process: Process | undefined,
): void {
  const { spec } = plannedOf(ledger, event.task);
  if (outcome.cause !== undefined) {
    const isAllowed = spec.useLastGood === true && spec.setup === undefined;
    must(ledger, isAllowed, 'I1 only an allowed load stands in', event);
    return;
  }
  const exit = process?.end?.exit;
  const isGood = exit?.kind === 'exited' && exit.code === 0;
  must(ledger, isGood && truth.stopping === undefined, 'I1 only an exit 0 that nobody asked for is a success', {
    event,
    exit,
    stopping: truth.stopping,
  });
  const isIdle = process?.script.nothingNew === true && process.isReported && !truth.fallback;
  must(ledger, !isIdle, 'I19 what has reported nothing new was not needed', event);
  const isPromised = spec.outputs.length > 0 && !truth.fallback;
  const isMissing = isPromised && process?.script.missingOutput !== undefined;
  must(ledger, !isMissing, 'I1 a success has written what it promises', event);
}

function judgeFailure(
  ledger: Ledger,
  truth: TaskTruth,
  event: Finished,
  outcome: Extract<Outcome, { readonly kind: 'failed' | 'timed-out' }>,
): void {
  const { spec } = plannedOf(ledger, event.task);
  must(
    ledger,
    (outcome.tolerated === true) === (spec.continueOnFailure === true),
    'I1 only an allowed failure is tolerated',
    event,
  );
  const cause: FailureCause = outcome.kind === 'failed' ? outcome.cause : { ...outcome, kind: 'timeout' };
  if (isOfCondition(cause) && !truth.fallback) judgeCondition(ledger, truth, cause, event);
  else if (!truth.fallback) judgeCause(ledger, truth, cause, event.task);
  const isOrdinary =
    spec.retry.on === undefined && !['not-started', 'lost', 'overload', 'awaited'].includes(cause.kind);
  if (!isOrdinary || ledger.phase !== 'running' || spec.fallback !== undefined) return;
  const had = { charged: truth.charged, retries: spec.retry.retries, event };
  must(ledger, truth.charged >= spec.retry.retries, 'I4 nothing fails before its retries are used up', had);
}

/** What is said of an end is what happened. */
function judgeCause(ledger: Ledger, { stopping, open, losses }: TaskTruth, cause: FailureCause, task: TaskId): void {
  const key = `${task}#${open}`;
  if (ledger.losses.has(key)) {
    const isSaid = cause.kind === (stopping === undefined ? 'lost' : 'timeout');
    must(ledger, isSaid, 'I14 the cause of a failure is what happened', { key, cause, stopping, losses });
    return;
  }
  const process = ledger.processes.get(key);
  if (process?.end === undefined) {
    const isStopped = ledger.stoppedEarly.has(key) && cause.kind === 'signal';
    must(ledger, isStopped, 'I14 what ends had begun', cause);
    return;
  }
  const { exit, at } = process.end;
  const { timeoutMs } = plannedOf(ledger, process.task).spec;
  if (stopping !== undefined) {
    const isSaid = cause.kind === 'timeout' && (cause.idle === true) === (stopping === 'idle');
    must(ledger, isSaid, 'I14 the cause of a failure is what happened', { cause, stopping });
    if (stopping !== 'timeout') return;
    const livedMs = process.ranFor ?? at - process.startedAt;
    must(ledger, livedMs >= timeoutMs - aheadMs, 'I6 nothing times out that ended in time', { livedMs, timeoutMs });
    return;
  }
  const isKilled = exit.kind === 'signalled' && exit.signal === 'SIGKILL';
  const isOverload = process.isHeard && /deadlock/.test(process.script.lastOutput) && !isKilled;
  const expected = {
    exited: exit.kind === 'exited' && exit.code === 0 ? 'missing-output' : isOverload ? 'overload' : 'exit-code',
    signalled: isOverload ? 'overload' : 'signal',
    'not-started': 'not-started',
    lost: 'lost',
  }[exit.kind];
  must(ledger, cause.kind === expected, 'I14 the cause of a failure is what happened', { cause, exit });
}

/** Whether something that the task waits for has found nothing to do. */
function isStoppedBySomething(ledger: Ledger, task: TaskId): boolean {
  const { plan, tasks } = ledger;
  const planned = plannedOf(ledger, task);
  const { index, upstream } = planned;
  const truthOf = (other: number) => tasks.get(plan.tasks[other]!.spec.id)!;
  if (upstream.some((other) => truthOf(other).isStopped && !isPassed(ledger, planned, other))) return true;
  return plan.checks.some(
    ({ gates, after }) =>
      gates.includes(index) &&
      (after.some((other) => truthOf(other).isStoppedByOthers) || after.every((other) => truthOf(other).isStopped)),
  );
}

/** Whether something that the task waits for has ended badly. */
export function isBlockedBySomething(ledger: Ledger, task: TaskId): boolean {
  const { plan, tasks, verdicts } = ledger;
  const { index, upstream } = plannedOf(ledger, task);
  const isBad = (other: number) => tasks.get(plan.tasks[other]!.spec.id)!.isBlocked;
  if (upstream.some(isBad)) return true;
  return plan.checks.some(({ gates, after, spec }) => {
    if (!gates.includes(index)) return false;
    const verdict = verdicts.get(spec.name);
    return verdict === 'fail' || verdict === 'error' || after.some(isBad);
  });
}
