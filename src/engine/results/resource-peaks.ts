import type { TaskId } from '../model/ids.ts';
import type { ResourceSample, TaskUsage } from '../model/run/resource-sample.ts';

/** The highest sampled usage of a run and of each of its tasks; a peak shorter than the sampling interval may be missed. */
export type ResourcePeaks = Pick<ResourceSample, 'cpu' | 'memory' | 'memoryBytes'> & {
  readonly connections?: number;
  readonly tasks: ReadonlyMap<TaskId, TaskPeaks>;
};

export type TaskPeaks = Pick<TaskUsage, 'cpu' | 'memoryBytes' | 'processes'> & {
  /** Absent when it was not seen to have one, which a short task may have had. */
  readonly connections?: number;
  /** Busy cores on average, of the last attempt. */
  readonly meanCpu?: number;
};

/** @param ranSeconds how long the current attempt of a task had run when the sample was taken */
export function raisePeaks(
  peaks: ResourcePeaks | undefined,
  sample: ResourceSample,
  ranSeconds: (task: TaskId) => number,
): ResourcePeaks {
  const tasks = new Map(peaks?.tasks);
  for (const [task, usage] of sample.tasks) tasks.set(task, raiseTask(tasks.get(task), usage, ranSeconds(task)));
  for (const [task, count] of sample.connections?.byTask ?? []) {
    const before = tasks.get(task);
    if (before !== undefined) tasks.set(task, { ...before, connections: Math.max(before.connections ?? 0, count) });
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

function raiseTask(before: TaskPeaks | undefined, usage: TaskUsage, seconds: number): TaskPeaks {
  const processes = maxDefined(before?.processes, usage.processes);
  return {
    ...before,
    cpu: Math.max(before?.cpu ?? 0, usage.cpu),
    memoryBytes: Math.max(before?.memoryBytes ?? 0, usage.memoryBytes),
    ...(processes === undefined ? {} : { processes }),
    ...(usage.cpuSeconds === undefined || seconds <= 0 ? {} : { meanCpu: usage.cpuSeconds / seconds }),
  };
}

function maxDefined(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}
