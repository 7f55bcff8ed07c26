import { isReusable } from '../../../../src/engine/model/pipeline/reusable.ts';
import { type DrainReason, endsTheRun, type RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { accountContinuation } from './account-continuation.ts';
import { isBlockedBySomething, judgeBackOff, judgeOutcome } from './judge-end.ts';
import { isGivenUp, judgeSetups, openBefore } from './judge-ends.ts';
import { isPassed, isTurn, type Ledger, must, plannedOf, startOver } from './ledger.ts';

/** Takes note of an event that is on the disk for good, in the order of the journal, and judges it by what is true. */
export function accountEvent(ledger: Ledger, event: RunEvent): void {
  judgeTime(ledger, event);
  switch (event.type) {
    case 'run.started':
      ledger.phase = 'running';
      ledger.activeSince = event.at;
      ledger.slots = event.maxParallel;
      ledger.budget = event.connectionBudget ?? Number.POSITIVE_INFINITY;
      ledger.connections = ledger.budget;
      return;
    case 'run.continued':
      accountContinuation(ledger, event);
      return;
    case 'run.paused':
    case 'run.resumed':
      ledger.isPaused = event.type === 'run.paused';
      return;
    case 'run.limited':
      ledger.slots = event.maxParallel;
      ledger.steppedTo = Number.POSITIVE_INFINITY;
      return;
    case 'run.stepped-down':
    case 'run.stepped-up':
      ledger.steppedTo = event.maxParallel;
      return;
    case 'capacity.changed':
      ledger.connections = event.capacity.connections ?? ledger.budget;
      ledger.machineSlots = event.capacity.tasks ?? Number.POSITIVE_INFINITY;
      return;
    case 'run.draining':
      ledger.phase = 'draining';
      if (endsTheRun(event.reason)) noteEnding(ledger, event.at, event.reason);
      return;
    case 'run.reopened':
      ledger.phase = 'running';
      ledger.activeSince = event.at;
      ledger.isAtLimit = false;
      ledger.cancelledAt = Number.POSITIVE_INFINITY;
      ledger.endsGivenUpAt = Number.POSITIVE_INFINITY;
      return;
    case 'run.finished':
      judgeStatus(ledger, event);
      ledger.phase = 'finished';
      return;
    case 'check.started':
      judgeAsking(ledger, event.check);
      ledger.asked.set(event.check, { isOutdated: false, isBackingOff: false });
      return;
    case 'check.backing-off': {
      const asked = ledger.asked.get(event.check);
      must(ledger, asked !== undefined, 'I14 every answer was asked for', event);
      if (asked !== undefined) asked.isBackingOff = true;
      return;
    }
    case 'check.finished': {
      const { check, verdict } = event.result;
      const asked = ledger.asked.get(check);
      must(ledger, asked !== undefined, 'I14 every answer was asked for', event);
      if (asked?.isOutdated === false) ledger.verdicts.set(check, verdict);
      ledger.asked.delete(check);
      return;
    }
    case 'check.reset':
      ledger.verdicts.delete(event.check);
      return;
    case 'hosts.changed':
    case 'task.spawned':
    case 'task.progressed':
    // No task of the simulation writes the values of a matrix.
    case 'tasks.expanded':
      return;
    case 'task.awaiting':
    case 'task.asking':
    case 'task.ready':
    case 'task.started':
    case 'task.stopping':
    case 'task.backing-off':
    case 'task.finished':
    case 'task.reset':
      accountTask(ledger, event);
  }
}

/** When the run is ended as a whole, and when what runs at its end is given up. */
function noteEnding(ledger: Ledger, at: number, reason: DrainReason): void {
  const truly = at - ledger.incarnation!.jumpMs;
  ledger.cancelledAt = Math.min(ledger.cancelledAt, truly);
  if ('withEnds' in reason && reason.withEnds) ledger.endsGivenUpAt = truly;
  else if (reason.kind === 'run-limit') judgeLimit(ledger, at, reason.afterMs);
}

type TaskEvent = Extract<RunEvent, { readonly task: unknown }>;

function accountTask(ledger: Ledger, event: TaskEvent): void {
  const truth = ledger.tasks.get(event.task)!;
  switch (event.type) {
    case 'task.awaiting':
      judgeReadiness(ledger, event);
      truth.isAwaiting = true;
      truth.hasAwaited = true;
      return;
    case 'task.asking':
      judgeReadiness(ledger, event);
      must(
        ledger,
        event.attempt === truth.started + 1,
        'I13 attempts are numbered without gaps and never twice',
        event,
      );
      if (truth.mayHurry) delete truth.notBefore;
      truth.mayHurry = false;
      judgeDelay(ledger, event);
      truth.isAwaiting = false;
      truth.asking = event.attempt;
      truth.lastAsked = event.attempt;
      delete truth.answer;
      return;
    case 'task.ready':
      truth.isAwaiting = false;
      delete truth.asking;
      if (event.fallback || truth.mayHurry) delete truth.notBefore;
      truth.mayHurry = false;
      return;
    case 'task.started':
      judgeStart(ledger, event);
      return;
    case 'task.stopping':
      must(ledger, truth.open !== undefined, 'I13 only what runs is stopped', event);
      truth.stopping = event.why;
      return;
    case 'task.backing-off':
      judgeBackOff(ledger, truth, event);
      return;
    case 'task.finished':
      judgeOutcome(ledger, truth, event);
      return;
    case 'task.reset': {
      must(ledger, truth.open === undefined, 'I2 nothing is reset that runs', event);
      const isGood = truth.done === 'succeeded' || truth.done === 'reused';
      must(ledger, !isGood || truth.mayRerun, 'I10 a success is not run again unasked', event);
      startOver(truth);
      truth.isReset = true;
      outdateChecks(ledger, event.task);
      return;
    }
    case 'task.spawned':
    case 'task.progressed':
      return;
  }
}

type Started = Extract<RunEvent, { readonly type: 'task.started' }>;

/** By the order of the journal; `judgeProcess` judges the process that follows. */
function judgeStart(ledger: Ledger, event: Started): void {
  const truth = ledger.tasks.get(event.task)!;
  const planned = plannedOf(ledger, event.task);
  const { onlyIf } = planned.spec;
  must(ledger, event.attempt === truth.started + 1, 'I13 attempts are numbered without gaps and never twice', event);
  must(ledger, truth.open === undefined, 'I2 a task runs once at a time', event);
  const isFree = !ledger.isPaused || (ledger.phase === 'draining' && plannedOf(ledger, event.task).end !== undefined);
  must(ledger, isFree, 'I18 nothing starts in a paused or ending run', event);
  const isAsked =
    onlyIf !== undefined || (isReusable(planned.spec, undefined) && !truth.isReset && truth.started === 0);
  const isNeeded = !isAsked || event.fallback === true || truth.answer === 'needed';
  must(ledger, isNeeded, 'I19 only what is needed is run', event);
  must(ledger, event.attempt > 1 || isTurn(ledger, planned), 'I1 an instance starts in its turn', event);
  judgeReadiness(ledger, event);
  judgeSetups(ledger, event.task);
  judgeDelay(ledger, event);
  truth.started = event.attempt;
  truth.open = event.attempt;
  truth.fallback = event.fallback === true;
  truth.isBlocked = false;
  delete truth.notBefore;
  const slots = Math.min(ledger.slots, ledger.steppedTo, Math.max(1, ledger.machineSlots));
  ledger.starts.set(`${event.task}#${event.attempt}`, {
    slots,
    connections: ledger.connections,
    alone: truth.alone,
  });
}

type Begun = Extract<RunEvent, { readonly type: 'task.awaiting' | 'task.asking' | 'task.started' }>;

/** It is not over, and what it depends on is. */
function judgeReadiness(ledger: Ledger, event: Begun): void {
  const { plan, tasks, verdicts } = ledger;
  const truth = tasks.get(event.task)!;
  const planned = plannedOf(ledger, event.task);
  const { index, upstream, end } = planned;
  must(ledger, truth.done === undefined && !truth.isStopped, 'I10 what is done is not run again', event);
  const isFree = ledger.phase === 'running' || (end !== undefined && ledger.phase === 'draining' && !isGivenUp(ledger));
  must(ledger, isFree, 'I18 nothing starts in a paused or ending run', event);
  const early = end === undefined ? undefined : openBefore(ledger, end);
  must(ledger, early === undefined, 'I20 what runs at the end starts when all before it is over', { event, early });
  for (const other of upstream) {
    const { id } = plan.tasks[other]!.spec;
    must(ledger, isPassed(ledger, planned, other), 'I1 what a task depends on is done', { event, id });
  }
  if (ledger.runsChecks) {
    const gates = plan.checks.filter((check) => check.gates.includes(index));
    for (const { spec } of gates) {
      const isOpen = ['pass', 'warn'].includes(verdicts.get(spec.name) ?? '');
      must(ledger, isOpen, 'I1 the gates of a task are open', { event, gate: spec.name });
    }
  }
}

function judgeDelay(ledger: Ledger, event: Begun): void {
  const { notBefore } = ledger.tasks.get(event.task)!;
  if (notBefore !== undefined) {
    const isLate = event.at >= notBefore.wall || event.at - ledger.incarnation!.jumpMs >= notBefore.truly;
    must(ledger, isLate, 'I5 a retry waits for its delay', { event, notBefore });
  }
}

/** Its answer no longer counts for the tasks behind it; one at the end of the run has nothing to do with what runs there. */
function outdateChecks({ plan, verdicts, asked }: Ledger, task: Started['task']): void {
  const index = plan.indexOf.get(task)!;
  const isAtEnd = plan.tasks[index]!.end !== undefined;
  for (const { after, atEnd, spec } of plan.checks) {
    if (atEnd ? isAtEnd : !after.includes(index)) continue;
    verdicts.delete(spec.name);
    const check = asked.get(spec.name);
    if (check?.isBackingOff) asked.delete(spec.name);
    else if (check !== undefined) check.isOutdated = true;
  }
}

function judgeAsking(ledger: Ledger, name: string): void {
  const { plan, tasks } = ledger;
  const { after, atEnd } = plan.checks.find(({ spec }) => spec.name === name)!;
  const others = plan.tasks.filter(({ end }) => end === undefined).map(({ index }) => index);
  const looksAt = atEnd ? others : after;
  for (const index of looksAt) {
    const truth = tasks.get(plan.tasks[index]!.spec.id)!;
    const isIdle = truth.isStopped && !truth.isStoppedByOthers;
    const isOver = truth.done !== undefined || isIdle || (atEnd && (truth.isBlocked || truth.isStopped));
    must(ledger, isOver, 'I17 a check runs after its tasks', { check: name, task: plan.tasks[index]!.spec.id });
  }
}

function judgeStatus(ledger: Ledger, event: Extract<RunEvent, { readonly type: 'run.finished' }>): void {
  const all = [...ledger.tasks.values()];
  must(
    ledger,
    all.every(
      ({ open, done, isBlocked, isStopped }) => open === undefined && (done !== undefined || isBlocked || isStopped),
    ),
    'I7 a run ends when every task has ended',
    event,
  );
  if (event.status === 'cancelled') {
    must(ledger, ledger.mayCancel, 'I15 nothing is cancelled unasked', event);
    return;
  }
  if (ledger.isAtLimit) {
    must(ledger, event.status === 'failed', 'I15 a run that reached its limit has failed', event);
    return;
  }
  must(ledger, ledger.asked.size === 0, 'I17 a run ends when its checks have', [...ledger.asked.keys()]);
  for (const [task, { isNotRun }] of ledger.tasks) {
    must(
      ledger,
      !isNotRun || isBlockedBySomething(ledger, task),
      'I11 what is not run has a cause that still holds',
      task,
    );
  }
  const isBad =
    all.some(({ isBlocked }) => isBlocked) ||
    [...ledger.verdicts.values()].some((one) => one === 'fail' || one === 'error');
  must(ledger, event.status === (isBad ? 'failed' : 'success'), 'I15 the status is what the outcomes say', event);
}

function judgeLimit(ledger: Ledger, at: number, afterMs: number): void {
  const { runMs } = ledger.plan.pipeline.limits;
  const hadMs = at - ledger.activeSince;
  must(ledger, runMs === afterMs && hadMs >= afterMs, 'I23 a run has the time that it may take', { runMs, hadMs });
  ledger.isAtLimit = true;
}

/** The clock of one process never goes back. */
function judgeTime(ledger: Ledger, event: RunEvent): void {
  must(ledger, event.at >= ledger.lastAt, 'I14 time does not go back within a process', event);
  ledger.lastAt = event.at;
}
