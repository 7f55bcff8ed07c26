import type { AttemptRef, TaskId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import type { RerunReason, ResumeDecision } from '../../model/run/resume-decision.ts';
import { planResume } from '../../scheduler/resume/plan-resume.ts';
import type { RunMasking } from '../parts/run-masking.ts';
import { maskedParams } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { ResumableRun } from './resumable-run.ts';

type Changed = ReadonlyMap<TaskId, RerunReason>;

/** What becomes of each task of a run that is resumed under the pipeline as it is now. */
export function resumeDecisions(
  request: RunRequest,
  { plans, state, stoppedAt }: Pick<ResumableRun, 'plans' | 'state' | 'stoppedAt'>,
  { plan, mask }: Pick<RunMasking, 'plan' | 'mask'>,
  changedFiles: Changed,
  runsElsewhere: boolean,
): Readonly<Record<string, ResumeDecision>> {
  const params = maskedParams(request, mask);
  const { params: _, ...former } = state.options;
  const options = { ...former, ...(params === undefined ? {} : { params }) };
  const number = plans.length + 1;
  return planResume(state, { number, plan, options, stoppedAt, changedFiles, runsElsewhere }).decisions;
}

export function adoptedIn(decisions: Readonly<Record<string, ResumeDecision>>): readonly Omit<AttemptRef, 'run'>[] {
  return Object.entries(decisions).flatMap(([task, decision]) =>
    decision.kind === 'adopted' ? [{ task: task as TaskId, attempt: decision.attempt }] : [],
  );
}

/** Tells of the attempts that the dead process has started whether they go on. */
export function whatGoesOn(decisions: Readonly<Record<string, ResumeDecision>>): (ref: AttemptRef) => boolean {
  return ({ task, attempt }) => {
    const decision = ownValue(decisions, task);
    return decision?.kind === 'adopted' && decision.attempt === attempt;
  };
}
