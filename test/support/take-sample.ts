import type { TaskId } from '../../src/engine/model/ids.ts';
import type { ResourceSample, TaskUsage } from '../../src/engine/model/run/resource-sample.ts';
import type { FakeRun } from './fake-run.ts';

export const gigabyte = 2 ** 30;

/** What a test says of an idle machine with four cores and 16 GB: tasks by name, as `[cores, gigabytes]`. */
export type SampleSketch = Partial<Omit<ResourceSample, 'at' | 'tasks'>> & {
  readonly uses?: Readonly<Record<string, readonly [cpu: number, gigabytes: number]>>;
};

function sampleOf(run: FakeRun, { uses = {}, ...sketch }: SampleSketch): ResourceSample {
  const tasks = Object.entries(uses).map(([task, [cpu, gigabytes]]): [TaskId, TaskUsage] => [
    task as TaskId,
    { cpu, memoryBytes: gigabytes * gigabyte },
  ]);
  const cores = sketch.cores ?? 4;
  const memoryLimitBytes = sketch.memoryLimitBytes ?? 16 * gigabyte;
  const busy = tasks.reduce((sum, [, { cpu }]) => sum + cpu, 0);
  const held = tasks.reduce((sum, [, { memoryBytes }]) => sum + memoryBytes, 0);
  return {
    at: run.now(),
    cores,
    memoryLimitBytes,
    cpu: Math.min(1, busy / cores),
    memory: held / memoryLimitBytes,
    memoryBytes: held,
    ours: { cpu: busy, taskCpuSeconds: 0, taskSeconds: 0 },
    tasks: new Map(tasks),
    ...sketch,
  };
}

/** A second later the machine has been looked at. */
export function sampled(run: FakeRun, sketch: SampleSketch): void {
  run.pass(1_000);
  run.take({ type: 'sampled', sample: sampleOf(run, sketch) });
}
