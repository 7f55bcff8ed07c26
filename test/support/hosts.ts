import type { HostId } from '../../src/engine/model/ids.ts';
import type { HostLoad, SeenHost } from '../../src/engine/model/run/host-state.ts';
import { gigabyte } from './take-sample.ts';

/** An idle host with four slots, named as its id without what follows a `#`. */
export function seenHost(id: string, sketch: Partial<Omit<SeenHost, 'id'>> = {}): SeenHost {
  return { id: id as HostId, name: id.replace(/#.*/, ''), labels: [], slots: 4, accepting: true, ...sketch };
}

/** Of a machine with four cores and 16 GB. */
export function hostLoad(sketch: Partial<HostLoad> = {}): HostLoad {
  return { cores: 4, memoryBytes: 16 * gigabyte, usedCores: 0, freeMemoryBytes: 16 * gigabyte, ...sketch };
}
