import type { TaskId } from '../../model/ids.ts';
import type { ResourceSample, TaskUsage } from '../../model/run/resource-sample.ts';

/** A sample as one line of JSON, with the names of `ResourceSample`; maps are objects. */
export function encodeSample(sample: ResourceSample): string {
  return `${JSON.stringify(sample, (_, value: unknown) => {
    if (typeof value === 'number') return Math.round(value * 1e4) / 1e4;
    return value instanceof Map ? Object.fromEntries(value) : value;
  })}\n`;
}

/** Undefined for a line that is no sample, such as the last one of a run that was killed. */
export function decodeSample(line: string): ResourceSample | undefined {
  try {
    const { tasks, connections, ...rest } = JSON.parse(line) as Stored;
    if (![rest.at, rest.cpu, rest.memory, rest.memoryBytes].every(Number.isFinite)) return undefined;
    return {
      ...rest,
      ...(connections === undefined ? {} : { connections: { ...connections, byTask: mapOf(connections.byTask) } }),
      tasks: mapOf(tasks),
    };
  } catch {
    return undefined;
  }
}

type Stored = Omit<ResourceSample, 'tasks' | 'connections'> & {
  readonly tasks?: Readonly<Record<string, TaskUsage>>;
  readonly connections?: Omit<NonNullable<ResourceSample['connections']>, 'byTask'> & {
    readonly byTask?: Readonly<Record<string, number>>;
  };
};

function mapOf<Value>(stored: Readonly<Record<string, Value>> = {}): ReadonlyMap<TaskId, Value> {
  return new Map(Object.entries(stored) as [TaskId, Value][]);
}
