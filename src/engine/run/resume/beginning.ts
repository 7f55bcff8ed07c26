import type { TaskId } from '../../model/ids.ts';
import { type RunOptions, withLines } from '../../model/pipeline/plan.ts';
import type { Beginning } from '../../model/run/messages.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import type { OutputFiles } from '../../ports.ts';
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

/** @param missingOutputs see `findMissingOutputs` */
export function beginRun(
  { resume }: Pick<RunRequest, 'resume'>,
  { masking, planNumber }: Pick<RunParts, 'masking' | 'planNumber'>,
  options: RunOptions,
  missingOutputs: ReadonlyMap<TaskId, string>,
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
    missingOutputs,
  });
  return { initial, input: { type: 'continue', fact }, recall: (onEvent) => void foldRun(resume, onEvent) };
}

/** The first promised file that is gone, by task that has succeeded; masked. */
export async function findMissingOutputs(
  { resume, plan }: Pick<RunRequest, 'resume' | 'plan'>,
  { firstMissing }: Pick<OutputFiles, 'firstMissing'>,
  mask: (text: string) => string,
): Promise<ReadonlyMap<TaskId, string>> {
  const missing = new Map<TaskId, string>();
  if (resume === undefined) return missing;
  const { plan: former, tasks } = resume.state;
  for (const { spec } of withLines(plan, former.written?.values.lines).tasks) {
    const index = spec.outputs.length === 0 ? undefined : former.indexOf.get(spec.id);
    const state = index === undefined ? undefined : entryAt(tasks, index).state;
    // What stands in for a task need not write its files.
    const isDone = state?.kind === 'reused' || (state?.kind === 'succeeded' && state.degraded === undefined);
    if (!isDone) continue;
    const found = await firstMissing(spec.id, spec.outputs);
    if (found !== undefined) missing.set(spec.id, mask(found.path));
  }
  return missing;
}
