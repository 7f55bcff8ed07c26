import type { RunState } from '../model/run-state.ts';
import { unblocksDownstream } from '../model/task-state.ts';
import { entryAt } from '../model/task-table.ts';
import { type Draft, record } from './draft.ts';
import { isAbandoned } from './is-abandoned.ts';

/**
 * Asks a check as soon as all that it looks at is done. When something of it failed or was not run, the check is not
 * asked: its verdict would be about rows of an earlier run, and the run is red already.
 */
export function askWhenDue(draft: Draft, index: number): void {
  const { plan, checks } = draft.state;
  if (plan.checks[index]!.atEnd || checks[index]!.kind !== 'waiting') return;
  if (mayAsk(draft.state) && isLookedAtDone(draft.state, index)) ask(draft, index);
}

/** For a run that begins or is opened again: what came due while nothing was asked is asked now. */
export function askAllDue(draft: Draft): void {
  for (const { index } of draft.state.plan.checks) askWhenDue(draft, index);
}

/** Asks a gate again that had not opened; without its tasks done it is left as it is. */
export function askAgain(draft: Draft, index: number): void {
  const asked = draft.state.checks[index]!.kind === 'done';
  if (asked && isLookedAtDone(draft.state, index)) ask(draft, index);
}

/** Every task has its outcome: the checks that look at the whole are asked, after failures too. */
export function askEndChecks(draft: Draft): void {
  if (!mayAsk(draft.state)) return;
  for (const { index, atEnd } of draft.state.plan.checks) {
    if (atEnd && draft.state.checks[index]!.kind === 'waiting') ask(draft, index);
  }
}

/** A run that is cancelled asks nothing new, nor does one without a journal. */
function mayAsk({ options, phase }: RunState): boolean {
  if (!options.runChecks) return false;
  return phase.kind === 'running' || (phase.kind === 'draining' && !isAbandoned(phase));
}

function isLookedAtDone(state: RunState, index: number): boolean {
  // The last ones first: they tend to be done last, so that a long list is seldom walked to its end.
  return (
    state.plan.checks[index]!.after.findLast((task) => !unblocksDownstream(entryAt(state.tasks, task).state)) ===
    undefined
  );
}

function ask(draft: Draft, index: number): void {
  const { name } = draft.state.plan.checks[index]!.spec;
  record(draft, { type: 'check.started', check: name });
  draft.effects.push({ type: 'run-check', check: name });
}
