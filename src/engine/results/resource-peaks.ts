import type { TaskId } from '../model/ids.ts';
import type { ResourceSample, TaskUsage } from '../model/run/resource-sample.ts';

/** The highest sampled usage of a run and of each of its tasks; a peak shorter than the sampling interval may be missed. */
export type ResourcePeaks = Pick<ResourceSample, 'cpu' | 'memory' | 'memoryBytes'> & {
  readonly connections?: number;
  readonly tasks: ReadonlyMap<TaskId, TaskUsage>;
};

export function raisePeaks(peaks: ResourcePeaks | undefined, sample: ResourceSample): ResourcePeaks {
  const tasks = new Map(peaks?.tasks);
  for (const [task, usage] of sample.tasks) {
    const before = tasks.get(task);
    tasks.set(task, {
      cpu: Math.max(before?.cpu ?? 0, usage.cpu),
      memoryBytes: Math.max(before?.memoryBytes ?? 0, usage.memoryBytes),
    });
  }
  const connections = maxDefined(peaks?.connections, sample.connections?.used);
  return {
    cpu: Math.max(peaks?.cpu ?? 0, sample.cpu),
    memory: Math.max(peaks?.memory ?? 0, sample.memory),
    memoryBytes: Math.max(peaks?.memoryBytes ?? 0, sample.memoryBytes),
    ...(connections === undefined ? {} : { connections }),
    tasks,
  };
}

function maxDefined(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}
