import type { ResourceSample } from '../model/run/resource-sample.ts';

/** Usage of the machine, or of what a container may use of it. */
export type MachineUsage = Pick<
  ResourceSample,
  'cpu' | 'memory' | 'memoryBytes' | 'cores' | 'memoryLimitBytes' | 'pressure' | 'diskRate'
> & {
  /** How many threads of the machine use a core or wait for one; absent where they do not share our cores. */
  readonly runnable?: number;
};

/** Samples the machine; undefined for the first sample, or when it cannot be measured. */
export type SampleMachine = () => Promise<MachineUsage | undefined>;

export function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
