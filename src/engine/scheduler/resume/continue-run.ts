import type { RunContinued } from '../../model/run/run-event.ts';
import { isOutcome } from '../../model/run/task-state.ts';
import { finishTask } from '../attempts/finish-task.ts';
import { performAttempt } from '../attempts/perform-attempt.ts';
import { carryOnWithCondition } from '../conditions/begin-task.ts';
import { startRunLimit } from '../end-run.ts';
import { runAllDue } from '../run-checks.ts';
import { entryIn, record, type Transition } from '../transition.ts';

/**
 * Carries on with a run of another process, as `planResume` has decided. What that process has started is no longer there,
 * but attempts that go on elsewhere: their start is requested again, which finds them. A task that was about to be skipped is
 * skipped, timers are set again, and what is due starts.
 */
export function continueRun(transition: Transition, fact: RunContinued): void {
  const { phase, plan: former } = transition.state;
  if (phase.kind === 'planned') return;
  for (const { index } of former.tasks) {
    const { state } = entryIn(transition, index);
    if (state.kind === 'running' && state.stopping === 'skip') finishTask(transition, index, { kind: 'skipped' });
  }
  // These are places in the former plan; the consequences follow from the state that comes next.
  transition.toPropagate.length = 0;
  record(transition, fact);
  startRunLimit(transition);
  for (const { index, spec, skip } of transition.state.plan.tasks) {
    const { state } = entryIn(transition, index);
    if (skip && !isOutcome(state)) finishTask(transition, index, { kind: 'skipped' });
    else if (state.kind === 'running') performAttempt(transition, index);
    else if (state.kind === 'waiting') transition.toPropagate.push(index);
    else if (state.kind === 'awaiting' || state.kind === 'asking') carryOnWithCondition(transition, index);
    else if (state.kind === 'backing-off') {
      const timer = { kind: 'retry', task: spec.id, attempt: state.attempt } as const;
      transition.effects.push({ type: 'set-timer', timer, at: state.retryAt });
    }
  }
  runAllDue(transition);
}
