import { finishTask } from '../attempts/finish-task.ts';
import { beginTask } from '../conditions/begin-task.ts';
import { runEndChecks } from '../run-checks.ts';
import { mayRunEnds } from '../run-phase.ts';
import { entryIn, type Transition } from '../transition.ts';
import { haveOthersEnded, isEndDue, isEndNeeded } from './end-due.ts';

/**
 * Begins the tasks at the end that are due, and ends those for which there is nothing to do. The checks at the end of the
 * run come before them.
 */
export function startDueEnds(transition: Transition): void {
  const { openEnds, phase } = transition.state;
  if (openEnds === 0 || !mayRunEnds(phase)) return;
  if (haveOthersEnded(transition.state)) runEndChecks(transition);
  // What one of them ends with may be what another waits for.
  while (startSome(transition));
}

/** Returns whether one of them got an outcome. */
function startSome(transition: Transition): boolean {
  let hasEnded = false;
  for (const index of transition.state.plan.ends) {
    const { state } = entryIn(transition, index);
    if (state.kind !== 'waiting' || !isEndDue(transition.state, index)) continue;
    if (isEndNeeded(transition.state, index)) beginTask(transition, index);
    else {
      finishTask(transition, index, { kind: 'not-needed', stops: false });
      hasEnded = true;
    }
  }
  return hasEnded;
}
