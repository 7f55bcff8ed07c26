import type { Plan, PlannedTask } from '../../../../src/engine/model/pipeline/plan.ts';
import type { ResumeDecision } from '../../../../src/engine/model/run/resume-decision.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { openBefore } from './judge-ends.ts';
import { hasEnded, isOver, isPassed, isTurn, type Ledger, must, startOver, type TaskTruth } from './ledger.ts';

type Continued = Extract<RunEvent, { readonly type: 'run.continued' }>;

/** Another process carries on: what it decides of each task is judged by what is true of it. */
export function accountContinuation(ledger: Ledger, event: Continued): void {
  const before = ledger.plan;
  const plan = ledger.plans[event.plan - 1];
  if (plan === undefined) {
    must(ledger, false, 'I12 the plan of a continuation is stored before it', event.plan);
    return;
  }
  const changed = changedTasks(before, plan, ledger);
  const again = runsAgain(ledger, plan, event);
  for (const task of plan.tasks) {
    const { spec } = task;
    const truth = ledger.tasks.get(spec.id)!;
    const decision = event.decisions[spec.id];
    const isChanged = changed.has(spec.id);
    const said = { task: spec.id, decision, truth: { ...truth }, isChanged };
    const isKept = hasEnded(truth) && !truth.isBlocked && !isChanged;
    const wanted = !isKept ? undefined : wantedAgain(ledger, plan, task, again, event);
    const isDistant = event.elsewhere === true;
    const isAsItShould =
      wanted === undefined
        ? isRight(truth, decision, isChanged, isDistant && !task.skip) || (task.skip && decision?.kind === 'torn-down')
        : decision?.kind === wanted;
    must(ledger, isAsItShould, 'I10 only what has changed or not succeeded is run again', said);
  }
  for (const { spec } of plan.tasks) apply(ledger.tasks.get(spec.id)!, event.decisions[spec.id]);
  ledger.plan = plan;
  ledger.phase = 'running';
  ledger.cancelledAt = Number.POSITIVE_INFINITY;
  ledger.endsGivenUpAt = Number.POSITIVE_INFINITY;
  ledger.activeSince = event.at;
  ledger.isAtLimit = false;
  ledger.steppedTo = event.maxParallel === ledger.slots ? ledger.steppedTo : Number.POSITIVE_INFINITY;
  ledger.slots = event.maxParallel;
  ledger.machineSlots = Number.POSITIVE_INFINITY;
  ledger.budget = event.connectionBudget ?? Number.POSITIVE_INFINITY;
  ledger.connections = ledger.budget;
  ledger.asked.clear();
  for (const check of event.recheck ?? []) ledger.verdicts.delete(check);
  for (const task of plan.tasks) if (!mayStart(ledger, task)) waitAgain(ledger.tasks.get(task.spec.id)!);
}

/** The tasks that are not at the end and run again, as the event says. */
function runsAgain({ tasks }: Ledger, plan: Plan, { decisions }: Continued): ReadonlySet<number> {
  const again = plan.tasks.filter(({ spec, end, skip }) => {
    if (end !== undefined || skip) return false;
    const decision = decisions[spec.id];
    return decision === undefined ? !hasEnded(tasks.get(spec.id)!) : decision.kind !== 'reused';
  });
  return new Set(again.map(({ index }) => index));
}

/** What must be said of a task that is done and has not changed, if it runs again for what runs before or behind it. */
function wantedAgain(
  { tasks }: Ledger,
  plan: Plan,
  { index, spec, end, skip }: PlannedTask,
  again: ReadonlySet<number>,
  { decisions }: Continued,
): 'end' | 'torn-down' | 'upstream' | undefined {
  const { done, stoppedBecause } = tasks.get(spec.id)!;
  if (done === 'skipped') return undefined;
  if (!skip && stoppedBecause !== undefined && decisions[stoppedBecause]?.kind === 'torn-down') return 'upstream';
  if (end !== undefined) {
    const isBefore = end.when === 'teardown' ? end.after.some((other) => again.has(other)) : again.size > 0;
    return isBefore ? 'end' : undefined;
  }
  const teardown = plan.tasks.find((one) => one.end?.setup === index);
  // One that the run leaves out, and that a person had it run all the same, is left out again.
  const isAgain = again.has(index) || (skip && decisions[spec.id]?.kind === 'torn-down');
  return teardown !== undefined && isAgain ? 'torn-down' : undefined;
}

/** Whether everything that it waits for is done and open; at the end, that it is over. */
function mayStart(ledger: Ledger, planned: PlannedTask): boolean {
  const { index, upstream, end } = planned;
  const { plan, tasks, verdicts, runsChecks } = ledger;
  if (end !== undefined) {
    const others = plan.tasks.filter((task) => task.end === undefined);
    // Where nothing else is in the pipeline, checks at the end of the run are not for nothing.
    const looksAt = others.length === 0 || others.some((task) => !tasks.get(task.spec.id)!.isStopped);
    const isUnanswered = plan.checks.some(({ atEnd, spec }) => atEnd && !verdicts.has(spec.name));
    const isPending = runsChecks && looksAt && isUnanswered;
    const hasEndChecks = plan.checks.some(({ atEnd }) => atEnd);
    if (openBefore(ledger, end) !== undefined) return false;
    if (end.when !== 'teardown') return !isPending;
    return (
      !hasEndChecks || (!isPending && plan.tasks.every((task) => task.end !== undefined || isOver(ledger, task.index)))
    );
  }
  if (!isTurn(ledger, planned)) return false;
  if (upstream.some((other) => !isPassed(ledger, planned, other))) return false;
  const gates = runsChecks ? plan.checks.filter((check) => check.gates.includes(index)) : [];
  return gates.every(({ spec }) => ['pass', 'warn'].includes(verdicts.get(spec.name) ?? ''));
}

/** What was about to start behind something that is not done any more starts over. */
function waitAgain(truth: TaskTruth): void {
  if (truth.done === undefined && !truth.isBlocked && !truth.isStopped && truth.open === undefined) startOver(truth);
}

/** Tasks whose command has changed, and what is made of their data; nobody has a skipped task run. */
function changedTasks(before: Plan, plan: Plan, { tasks }: Ledger): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const index of plan.order) {
    const { spec, upstream } = plan.tasks[index]!;
    if (tasks.get(spec.id)!.done === 'skipped') continue;
    const was = before.tasks[before.indexOf.get(spec.id)!]!.spec.command;
    const isEdited = JSON.stringify(was) !== JSON.stringify(spec.command);
    if (isEdited || upstream.some((other) => changed.has(plan.tasks[other]!.spec.id))) changed.add(spec.id);
  }
  return changed;
}

function isRight(
  truth: TaskTruth,
  decision: ResumeDecision | undefined,
  isChanged: boolean,
  isDistant: boolean,
): boolean {
  const kind = decision?.kind;
  const isRerun = kind === 'command' || kind === 'upstream';
  if (truth.done === 'skipped') return kind === undefined;
  if (truth.done === 'not-needed' || truth.isStopped) return isChanged ? isRerun : kind === undefined;
  if (truth.done !== undefined) return isChanged ? isRerun : kind === 'reused';
  // It is asked and looked for once more.
  if (truth.asking !== undefined || truth.isAwaiting) return kind === undefined;
  // It was skipped while it ran; that is said next.
  if (truth.stopping === 'skip') return kind === undefined;
  if (truth.open !== undefined) {
    if (isChanged) return isRerun;
    // One at the end runs again behind what runs again, also when it has not ended.
    if (isDistant && kind === 'end') return true;
    const goesOn = isDistant && truth.stopping === undefined;
    return decision?.kind === (goesOn ? 'adopted' : 'interrupted') && decision.attempt === truth.open;
  }
  if (truth.isBlocked) return kind === 'failed' || kind === 'timed-out' || kind === 'cancelled' || kind === 'not-run';
  return kind === undefined || (isChanged && isRerun);
}

function apply(truth: TaskTruth, decision: ResumeDecision | undefined): void {
  if (decision?.kind === 'adopted') return;
  delete truth.open;
  delete truth.stopping;
  switch (decision?.kind) {
    case undefined:
    case 'reused':
    case 'interrupted':
      return;
    default:
      startOver(truth);
  }
}
