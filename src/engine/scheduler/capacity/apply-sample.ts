import type { Capacity } from '../../model/run/capacity.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import { record, type Transition } from '../transition.ts';
import { assessCapacity, assessElsewhere } from './assess-capacity.ts';

/** Records what the tasks may take of the machine, when that has changed. */
export function applySample(transition: Transition, sample: ResourceSample): void {
  const { phase, capacity: before } = transition.state;
  if (phase.kind !== 'running' || transition.state.options.sequential) return;
  const assess = transition.state.hosts === undefined ? assessCapacity : assessElsewhere;
  const capacity = assess(transition.state, sample);
  if (before === undefined || isDifferent(before, capacity)) record(transition, { type: 'capacity.changed', capacity });
}

/** The usage named in a cause changes with every sample, and is not a change of its own. */
function isDifferent(before: Capacity, after: Capacity): boolean {
  return (
    before.tasks !== after.tasks ||
    before.cpu !== after.cpu ||
    before.memoryBytes !== after.memoryBytes ||
    before.connections !== after.connections ||
    before.unknown.cpu !== after.unknown.cpu ||
    before.unknown.memoryBytes !== after.unknown.memoryBytes ||
    before.cause?.kind !== after.cause?.kind
  );
}
