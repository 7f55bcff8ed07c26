import type { RunState } from '../model/run-state.ts';
import { unblocksDownstream } from '../model/task-state.ts';
import { entryAt } from '../model/task-table.ts';
import { isAbandoned } from './admission/is-abandoned.ts';
import { record, type Transition } from './transition.ts';

/**
 * Asks a check as soon as all that it looks at is done. When something of it failed or was not run, the check is not
 * asked: its verdict would be about rows of an earlier run, and the run is red already.
 */
export function runWhenDue(transition: Transition, index: number): void {
  const { plan, checks } = transition.state;
  if (plan.checks[index]!.atEnd || checks[index]!.kind !== 'waiting') return;
  if (mayRunChecks(transition.state) && areTasksDone(transition.state, index)) startCheck(transition, index);
}

/** For a run that begins or is opened again: what came due while nothing was asked is asked now. */
export function runAllDue(transition: Transition): void {
  for (const { index } of transition.state.plan.checks) runWhenDue(transition, index);
}

/** Asks a gate again that had not opened; without its tasks done it is left as it is. */
export function rerunCheck(transition: Transition, index: number): void {
  const asked = transition.state.checks[index]!.kind === 'done';
  if (asked && areTasksDone(transition.state, index)) startCheck(transition, index);
}

/** Every task has its outcome: the checks that look at the whole are asked, after failures too. */
export function runEndChecks(transition: Transition): void {
  if (!mayRunChecks(transition.state)) return;
  for (const { index, atEnd } of transition.state.plan.checks) {
    if (atEnd && transition.state.checks[index]!.kind === 'waiting') startCheck(transition, index);
  }
}

/** A run that is cancelled asks nothing new, nor does one without a journal. */
function mayRunChecks({ options, phase }: RunState): boolean {
  if (!options.runChecks) return false;
  return phase.kind === 'running' || (phase.kind === 'draining' && !isAbandoned(phase));
}

function areTasksDone(state: RunState, index: number): boolean {
  // The last ones first: they tend to be done last, so that a long list is seldom walked to its end.
  return (
    state.plan.checks[index]!.after.findLast((task) => !unblocksDownstream(entryAt(state.tasks, task).state)) ===
    undefined
  );
}

function startCheck(transition: Transition, index: number): void {
  const { name } = transition.state.plan.checks[index]!.spec;
  record(transition, { type: 'check.started', check: name });
  transition.effects.push({ type: 'run-check', check: name });
}
