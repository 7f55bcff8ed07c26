import type { RunOptions } from '../../model/pipeline/plan.ts';
import type { Beginning } from '../../model/run/messages.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { foldRun } from '../../runs/fold-run.ts';
import { planResume } from '../../scheduler/resume/plan-resume.ts';
import { initialState } from '../../scheduler/state/initial-state.ts';
import type { RunParts } from '../parts/acquire-parts.ts';
import type { RunRequest } from '../request/run-request.ts';

/** From where a run goes, and with which input. */
export type RunBeginning = {
  readonly initial: RunState;
  readonly input: Beginning;
  /** Calls `onEvent` with all that has happened in the run before, and the state after each event. */
  readonly recall: (onEvent: (event: RunEvent, state: RunState) => void) => void;
};

export function beginRun(
  { resume }: Pick<RunRequest, 'resume'>,
  {
    masking,
    planNumber,
    changedFiles,
    executor,
  }: Pick<RunParts, 'masking' | 'planNumber' | 'changedFiles' | 'executor'>,
  options: RunOptions,
): RunBeginning {
  const { plan } = masking;
  if (resume === undefined) return { initial: initialState(plan, options), input: { type: 'start' }, recall: () => {} };
  const { plans: former, options: first, state, stoppedAt } = resume;
  const plans = planNumber > former.length ? [...former, plan] : former;
  const initial: RunState = { ...state, plans };
  const fact = planResume(initial, {
    number: planNumber,
    plan: plans[planNumber - 1]!,
    options: { ...options, seed: first.seed },
    stoppedAt,
    changedFiles,
    runsElsewhere: executor.runs === 'elsewhere',
  });
  return { initial, input: { type: 'continue', fact }, recall: (onEvent) => void foldRun(resume, onEvent) };
}
