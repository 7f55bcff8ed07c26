import type { EpochMs } from '../../model/ids.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';

/** What the samples of a run say of the machine, its disks and the database; what was not measured is absent. */
export type Usage = {
  /** How many samples were taken while tasks ran. */
  readonly samples: number;
  /** Means over the time in which tasks ran. */
  readonly cpu?: number;
  readonly diskBytes?: number;
  readonly diskWait?: number;
  readonly memory?: Extent;
  /** Of the connections that the database gives. */
  readonly connections?: Extent & { readonly most: number; readonly limit: number };
};

/** Shares from 0 to 1. */
type Extent = { readonly peak: number; readonly latest: number };

/** Samples are missing while the machine sleeps, and where a long run keeps every second one only. */
const maxWeightMs = 10_000;
const firstWeightMs = 500;

export type UsageMeter = {
  /** @param isBusy whether a task ran when the sample was taken */
  onSample(sample: ResourceSample, isBusy: boolean): void;
  reading(): Usage;
};

export function createUsageMeter(): UsageMeter {
  const [cpu, diskBytes, diskWait] = [createMean(), createMean(), createMean()];
  let samples = 0;
  let lastAt: EpochMs | undefined;
  let memory: Extent | undefined;
  let connections: Usage['connections'];
  return {
    onSample: (sample, isBusy) => {
      const weight = lastAt === undefined ? firstWeightMs : Math.min(maxWeightMs, Math.max(0, sample.at - lastAt));
      lastAt = sample.at;
      memory = raise(memory, sample.memory);
      const { used, limit } = sample.connections ?? { used: 0, limit: 0 };
      if (limit > 0) {
        connections = { ...raise(connections, used / limit), most: Math.max(connections?.most ?? 0, used), limit };
      }
      if (!isBusy) return;
      samples += 1;
      cpu.add(sample.cpu, weight);
      if (sample.diskRate !== undefined)
        diskBytes.add(sample.diskRate.readBytes + sample.diskRate.writtenBytes, weight);
      if (sample.pressure?.io !== undefined) diskWait.add(sample.pressure.io, weight);
    },
    reading: () => ({
      samples,
      ...optional('cpu', cpu.value()),
      ...optional('diskBytes', diskBytes.value()),
      ...optional('diskWait', diskWait.value()),
      ...(memory === undefined ? {} : { memory }),
      ...(connections === undefined ? {} : { connections }),
    }),
  };
}

function raise(before: Extent | undefined, latest: number): Extent {
  return { peak: Math.max(before?.peak ?? 0, latest), latest };
}

function createMean() {
  let [sum, weights] = [0, 0];
  return {
    add: (value: number, weight: number) => {
      sum += value * weight;
      weights += weight;
    },
    value: () => (weights === 0 ? undefined : sum / weights),
  };
}

function optional<Name extends string>(name: Name, value: number | undefined): { readonly [name in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in Name]: number });
}
