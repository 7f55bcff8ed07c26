import type { HostId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/** What the attempts of this run are counted with on one host. */
export type HostUse = { readonly running: number; readonly cpu: number; readonly memoryBytes: number };

export const unused: HostUse = { running: 0, cpu: 0, memoryBytes: 0 };

/** By host; one without attempts is missing. */
export function hostUses({ reserved, tasks }: RunState): ReadonlyMap<HostId, HostUse> {
  const uses = new Map<HostId, HostUse>();
  for (const [index, needs] of reserved) {
    const { state } = entryAt(tasks, index);
    if (state.kind !== 'running' || state.host === undefined) continue;
    const { running, cpu, memoryBytes } = uses.get(state.host) ?? unused;
    uses.set(state.host, {
      running: running + 1,
      cpu: cpu + needs.cpu,
      memoryBytes: memoryBytes + needs.memoryBytes,
    });
  }
  return uses;
}
