import { checkEnding } from '../../../display/states/check-display.ts';
import type { RunEvent, RunState } from '../../../engine/index.ts';
import { loadersOf } from './check-selection.ts';

/**
 * What is said when a check that the operator ran again has its answer; with the key that runs the tasks again whose rows
 * it judges, when it has failed again. To be called with every event of the run; undefined for all others.
 */
export function createRecheckNotes(): (event: RunEvent, state: RunState) => string | undefined {
  const rerun = new Set<string>();
  return (event, state) => {
    if (event.type === 'check.reset') rerun.add(event.check);
    if (event.type !== 'check.finished' || !rerun.delete(event.result.check)) return undefined;
    const { check, verdict } = event.result;
    if (verdict !== 'fail') return `${checkEnding(verdict)}: ${check}`;
    const index = state.plan.checks.findIndex(({ spec }) => spec.name === check);
    const offer = loadersOf(state, index).length === 0 ? '' : '; R retries its tasks';
    return `${checkEnding(verdict)} again: ${check}${offer}`;
  };
}
