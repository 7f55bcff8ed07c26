import type { Plan, PlannedTask } from '../../../../src/engine/model/pipeline/plan.ts';
import type { ResumeDecision } from '../../../../src/engine/model/run/resume-decision.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { type Ledger, must, startOver, type TaskTruth } from './ledger.ts';

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
  for (const { spec } of plan.tasks) {
    const truth = ledger.tasks.get(spec.id)!;
    const decision = event.decisions[spec.id];
    const said = { task: spec.id, decision, truth: { ...truth }, isChanged: changed.has(spec.id) };
    must(
      ledger,
      isRight(truth, decision, changed.has(spec.id)),
      'I10 only what has changed or not succeeded is run again',
      said,
    );
    apply(truth, decision);
  }
  ledger.plan = plan;
  ledger.phase = 'running';
  ledger.cancelledAt = Number.POSITIVE_INFINITY;
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

/** Whether everything that it waits for is done and open. */
function mayStart({ plan, tasks, verdicts, runsChecks }: Ledger, { index, upstream }: PlannedTask): boolean {
  if (upstream.some((other) => tasks.get(plan.tasks[other]!.spec.id)!.done === undefined)) return false;
  const gates = runsChecks ? plan.checks.filter((check) => check.gates.includes(index)) : [];
  return gates.every(({ spec }) => ['pass', 'warn'].includes(verdicts.get(spec.name) ?? ''));
}

/** What was about to start behind something that is not done any more starts over. */
function waitAgain(truth: TaskTruth): void {
  if (truth.done === undefined && !truth.isBlocked && !truth.isStopped) startOver(truth);
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

function isRight(truth: TaskTruth, decision: ResumeDecision | undefined, isChanged: boolean): boolean {
  const kind = decision?.kind;
  const isRerun = kind === 'command' || kind === 'upstream';
  if (truth.done === 'skipped') return kind === undefined;
  if (truth.done === 'succeeded') return isChanged ? isRerun : kind === 'reused';
  if (truth.done === 'not-needed' || truth.isStopped) return isChanged ? isRerun : kind === undefined;
  // It is asked and looked for once more.
  if (truth.asking !== undefined || truth.isAwaiting) return kind === undefined;
  // It was skipped while it ran; that is said next.
  if (truth.stopping === 'skip') return kind === undefined;
  if (truth.open !== undefined) {
    return isChanged ? isRerun : decision?.kind === 'interrupted' && decision.attempt === truth.open;
  }
  if (truth.isBlocked) return kind === 'failed' || kind === 'timed-out' || kind === 'cancelled' || kind === 'not-run';
  return kind === undefined || (isChanged && isRerun);
}

function apply(truth: TaskTruth, decision: ResumeDecision | undefined): void {
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
