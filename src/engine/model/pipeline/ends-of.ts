import type { TaskId } from '../ids.ts';
import type { PipelineSpec } from './pipeline.ts';
import type { PlannedEnd } from './plan.ts';

/** A task that runs at the end, and what it takes down if it is a teardown. */
export type EndSpec = { readonly when: PlannedEnd['when']; readonly setup?: TaskId };

/** The tasks of a pipeline that run at the end, by name. */
export function endsOf({ tasks }: PipelineSpec): ReadonlyMap<TaskId, EndSpec> {
  const ends = new Map<TaskId, EndSpec>();
  for (const { id, runWhen, setup } of tasks) {
    if (runWhen !== undefined) ends.set(id, { when: runWhen });
    if (setup !== undefined) ends.set(setup.teardown, { when: 'teardown', setup: id });
  }
  return ends;
}
