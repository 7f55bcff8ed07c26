import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import { ofTaskOrFamily, type PastRuns } from '../../model/run/past-runs.ts';

/** What the tasks of a plan needed in earlier runs; undefined when nothing is known of any. */
export function learnedNeeds({ tasks }: Plan, past: PastRuns): RunOptions['needs'] {
  const known = tasks.flatMap(({ spec }) => {
    const { cpu, memoryBytes, connections } = ofTaskOrFamily(past.tasks, spec.id) ?? {};
    const needs = {
      ...(cpu === undefined ? {} : { cpu }),
      ...(memoryBytes === undefined ? {} : { memoryBytes: inSteps(memoryBytes) }),
      ...(connections === undefined ? {} : { connections }),
    };
    return Object.keys(needs).length === 0 ? [] : [[spec.id, needs] as const];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Rounded up by a fifth at most, so that tasks that need about the same are of one class for the scheduler. */
function inSteps(bytes: number): number {
  return bytes <= 0 ? 0 : Math.ceil(2 ** (Math.ceil(Math.log2(bytes) * 4) / 4));
}
