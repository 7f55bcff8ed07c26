import type { CheckState, RunState } from '../../model/run-state.ts';
import { isOpen } from '../admission/gates.ts';
import { changeUnmet } from './move-task.ts';

/** Puts the check of this name into another state, and tells what it holds back when it opens or closes. */
export function moveCheck(state: RunState, name: string, next: (check: CheckState) => CheckState): RunState {
  const index = state.plan.checks.findIndex(({ spec }) => spec.name === name);
  if (index < 0) throw new Error(`the journal names the check ${name}, which its plan does not have`);
  return moveCheckAt(state, index, next);
}

/** A task was reset: what was found out about its rows counts no longer, and is asked again when it is done. */
export function outdateChecks(state: RunState, task: number): RunState {
  let outdated = state;
  for (const { index, atEnd } of state.plan.checks) {
    if (!atEnd && !state.checksAfter[task]!.includes(index)) continue;
    outdated = moveCheckAt(outdated, index, (check) => {
      switch (check.kind) {
        case 'waiting':
          return check;
        case 'running':
          return { kind: 'running', outdated: true };
        case 'done':
          return { kind: 'waiting' };
      }
    });
  }
  return outdated;
}

function moveCheckAt(state: RunState, index: number, next: (check: CheckState) => CheckState): RunState {
  const before = state.checks[index]!;
  const after = next(before);
  if (after === before) return state;
  const opens = Number(isOpen(after)) - Number(isOpen(before));
  const { gates } = state.plan.checks[index]!;
  return { ...state, checks: state.checks.with(index, after), tasks: changeUnmet(state.tasks, gates, -opens) };
}
