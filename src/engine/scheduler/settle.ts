import type { DrainReason } from '../model/run-event.ts';
import { isOutcome, unblocksDownstream } from '../model/task-state.ts';
import { unreachable } from '../model/unreachable.ts';
import { askWhenDue } from './ask-checks.ts';
import { type Draft, entryIn, record } from './draft.ts';
import { finishRun } from './finish-run.ts';
import { finishTask } from './finish-task.ts';
import { barsDownstream, findBarrier } from './gates.ts';
import { journalLost } from './lose-journal.ts';

/** Draws all consequences of what has moved: who becomes ready, who never will, what is asked, whether the run is over. */
export function settle(draft: Draft): void {
  settleTasks(draft);
  const { phase, open, running } = draft.state;
  if (phase.kind === 'draining' && open > running) {
    cancelTheRest(draft, phase.reason);
    settleTasks(draft);
  }
  finishRun(draft);
}

/** The list grows while it is walked: what becomes of one task has consequences for the next. */
function settleTasks(draft: Draft): void {
  for (let at = 0; at < draft.unsettled.length; at += 1) settleTask(draft, draft.unsettled[at]!);
  draft.unsettled.length = 0;
}

function settleTask(draft: Draft, index: number): void {
  const { state } = entryIn(draft, index);
  const { plan, checksAfter } = draft.state;
  const { spec, downstream } = plan.tasks[index]!;
  if (state.kind === 'waiting') {
    readyWhenFree(draft, index);
    if (state.unmet > 0) barWhenWaiting(draft, index, findBarrier(draft.state, index));
  } else if (unblocksDownstream(state)) {
    for (const other of downstream) readyWhenFree(draft, other);
    for (const check of checksAfter[index]!) askWhenDue(draft, check);
  } else if (barsDownstream(state)) {
    for (const other of downstream) barWhenWaiting(draft, other, spec.id);
    for (const check of checksAfter[index]!) barGated(draft, check);
  }
}

/** A gate that has its answer lets its tasks go, or bars them. */
export function settleGate(draft: Draft, check: number, open: boolean): void {
  if (!open) barGated(draft, check);
  else for (const index of draft.state.plan.checks[check]!.gates) readyWhenFree(draft, index);
}

function readyWhenFree(draft: Draft, index: number): void {
  const { state, attempts } = entryIn(draft, index);
  if (state.kind !== 'waiting' || state.unmet > 0) return;
  record(draft, { type: 'task.ready', task: draft.state.plan.tasks[index]!.spec.id, attempt: attempts + 1 });
}

function barGated(draft: Draft, check: number): void {
  const { spec, gates } = draft.state.plan.checks[check]!;
  for (const index of gates) barWhenWaiting(draft, index, spec.name);
}

function barWhenWaiting(draft: Draft, index: number, because: string | undefined): void {
  if (because === undefined || entryIn(draft, index).state.kind !== 'waiting') return;
  finishTask(draft, index, { kind: 'upstream-failed', because });
}

/** Nothing new will start: whatever neither runs nor is downstream of the failure ends with the run. */
function cancelTheRest(draft: Draft, reason: DrainReason): void {
  for (const { index } of draft.state.plan.tasks) {
    const { state } = entryIn(draft, index);
    if (isOutcome(state) || state.kind === 'running') continue;
    finishTask(draft, index, { kind: 'cancelled', reason: wordsFor(reason), withRun: true });
  }
}

function wordsFor(reason: DrainReason): string {
  switch (reason.kind) {
    case 'cancelled':
      return 'the run was cancelled';
    case 'critical':
      return `the critical task ${reason.task} failed`;
    case 'sequential':
      return `the task ${reason.task} failed, and a sequential run stops at the first failure`;
    case 'journal-lost':
      return journalLost;
    default:
      return unreachable(reason);
  }
}
