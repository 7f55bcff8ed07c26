import { checkFailures } from './check-failures.ts';
import { datasetUpdated, taskDatasets } from './dataset-updated.ts';
import { degradation } from './degradation.ts';
import type { Handoff, HandoffInput } from './handoff-document.ts';
import { taskFailures } from './task-failures.ts';

/** What a run has to tell others at its end. */
export function handoffsOfRun(input: HandoffInput): readonly Handoff[] {
  return [
    ...taskFailures(input),
    ...checkFailures(input),
    ...degradation(input),
    ...datasetUpdated(input),
    ...taskDatasets(input),
  ];
}
