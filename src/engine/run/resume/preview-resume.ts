import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import { planResume } from '../../scheduler/resume/plan-resume.ts';
import { maskRun } from '../parts/run-masking.ts';
import { maskedParams } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { ResumableRun } from './resumable-run.ts';

/** What would become of the tasks of a run if it were resumed now, as far as that can be told without looking for the files of its tasks. */
export function previewResume(
  request: RunRequest,
  { plans, state, stoppedAt }: ResumableRun,
): Readonly<Record<string, ResumeDecision>> {
  const { plan, mask } = maskRun(request, []);
  const params = maskedParams(request, mask);
  const { params: _, ...former } = state.options;
  const options = { ...former, ...(params === undefined ? {} : { params }) };
  return planResume(state, { number: plans.length + 1, plan, options, stoppedAt }).decisions;
}
