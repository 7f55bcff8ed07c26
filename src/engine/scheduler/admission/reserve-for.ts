import type { HostId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { hostsToReserve } from '../placement/place-task.ts';
import type { ReservedResource, ResourceBlock } from './admission-rules.ts';

/** Adds what becomes free next to what is reserved, when a task is blocked because it lacks that; on hosts, their memory. */
export function reserveFor(
  state: RunState,
  index: number,
  block: ResourceBlock | undefined,
  reserved: Set<ReservedResource | HostId>,
): void {
  if (block?.kind === 'connections' || block?.kind === 'memory') reserved.add(block.kind);
  if (block?.kind === 'host-memory') for (const host of hostsToReserve(state, index)) reserved.add(host);
}
