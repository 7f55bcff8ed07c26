import type { CheckState, RunState } from '../../model/run/run-state.ts';
import { isGateOpen } from '../admission/gates.ts';
import { changeUnmet } from './move-task.ts';

/** Changes the state of a check, and the unmet counts of its gated tasks when the gate opens or closes. */
export function moveCheck(state: RunState, name: string, next: (check: CheckState) => CheckState): RunState {
  const index = state.plan.checks.findIndex(({ spec }) => spec.name === name);
  if (index < 0) throw new Error(`the journal names the check ${name}, which its plan does not have`);
  return moveCheckAt(state, index, next);
}

/** After the reset of a task: the results of checks on its rows no longer count, and the checks run again when it is done. */
export function outdateChecks(state: RunState, task: number): RunState {
  let outdated = state;
  // A check at the end of the run comes before what runs at its end.
  const isEnd = state.plan.tasks[task]!.end !== undefined;
  for (const { index, atEnd } of state.plan.checks) {
    if (atEnd ? isEnd : !state.checksAfter[task]!.includes(index)) continue;
    outdated = moveCheckAt(outdated, index, (check) => {
      switch (check.kind) {
        case 'waiting':
          return check;
        case 'running':
          return { ...check, outdated: true };
        case 'backing-off':
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
  const opens = Number(isGateOpen(after)) - Number(isGateOpen(before));
  const { gates, spec } = state.plan.checks[index]!;
  const starts = Number(after.kind === 'running') - Number(before.kind === 'running');
  return {
    ...state,
    checks: state.checks.with(index, after),
    askingChecks: state.askingChecks + (spec.definition.kind === 'command' ? 0 : starts),
    tasks: changeUnmet(state.tasks, gates, -opens),
  };
}
