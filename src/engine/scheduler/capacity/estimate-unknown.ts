import type { Capacity } from '../../model/run/capacity.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** The steps of the estimate, so that it changes seldom. The last is below what counts as needing CPU. */
const cpuSteps = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.13, 0.09, 0.04];
/** So that the estimate of memory changes seldom as well. */
const memorySteps = 128;
/** Before anything is known a task is taken to have used one core for this time. */
const priorSeconds = 0.15;

/**
 * What a task is taken for whose needs are unknown: as much CPU as the tasks of this run have used on average while they
 * ran, and as much memory as three of four running tasks have at most. The estimate of memory never falls, since tasks
 * that ended freed theirs.
 */
export function estimateUnknown({ capacity }: RunState, sample: ResourceSample): Capacity['unknown'] {
  const { ours, memoryLimitBytes, tasks } = sample;
  const { taskCpuSeconds = 0, taskSeconds = 0 } = ours ?? {};
  const average = (priorSeconds + taskCpuSeconds) / (priorSeconds + taskSeconds);
  const sizes = [...tasks.values()].map(({ memoryBytes }) => memoryBytes).sort((a, b) => a - b);
  const size = sizes[Math.floor((sizes.length - 1) * 0.75)] ?? 0;
  const step = memoryLimitBytes / memorySteps;
  return {
    cpu: cpuSteps.findLast((one) => one >= Math.min(1, average)) ?? 1,
    memoryBytes: Math.max(capacity?.unknown.memoryBytes ?? 0, Math.ceil(size / step) * step),
  };
}
