import type { ResourceSample, RunState } from '../../../engine/index.ts';
import type { Meter } from './meter.ts';

/** The samples as one series per resource; connections only where there is a database. */
export function metersOf(samples: readonly ResourceSample[], { plan, options }: RunState): readonly Meter[] {
  const { cpu, memory } = plan.pipeline.limits;
  const last = samples[samples.length - 1];
  const meters: Meter[] = [
    {
      name: 'CPU',
      samples: samples.map((sample) => sample.cpu * 100),
      unit: 'percent',
      max: 100,
      limit: cpu * 100,
    },
    {
      name: 'Memory',
      samples: samples.map((sample) => sample.memory * 100),
      unit: 'percent',
      max: 100,
      limit: memory * 100,
      ...(last === undefined || last.memory === 0
        ? {}
        : { reading: `${gigabytes(last.memoryBytes)} of ${gigabytes(last.memoryBytes / last.memory)} GB` }),
    },
  ];
  const connections = samples.findLast((sample) => sample.connections !== undefined)?.connections;
  if (connections === undefined) return meters;
  const { connectionBudget: budget } = options;
  return [
    ...meters,
    {
      name: 'Connections',
      samples: samples.map((sample) => sample.connections?.used ?? Number.NaN),
      unit: 'count',
      max: connections.limit,
      ...(budget === undefined ? {} : { limit: budget }),
    },
  ];
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
