import type { RunState } from '../../model/run/run-state.ts';
import { formatSize } from '../../model/text/format-size.ts';
import { unreachable } from '../../model/unreachable.ts';
import { needsOf } from '../capacity/task-needs.ts';
import { hostUses, unused } from './host-use.ts';
import { type HostBlock, suitableHosts } from './place-task.ts';

/** Why a task has no host: "waits for a host labelled gpu", "all hosts are busy". */
export function explainHosts(state: RunState, index: number, kind: HostBlock['kind']): string {
  const { labels = [] } = state.plan.tasks[index]!.spec;
  const labelled = labels.length === 0 ? '' : ` labelled ${labels.join(' and ')}`;
  const hosts = suitableHosts(state, index);
  switch (kind) {
    case 'no-host':
      return `waits for a host${labelled}`;
    case 'hosts-busy':
      return hosts.length === 1 ? `the only host${labelled} is busy` : `all hosts${labelled} are busy`;
    case 'host-cpu':
      return `no host${labelled} has a core free`;
    case 'host-memory': {
      const uses = hostUses(state);
      const free = hosts.map(({ id, room }) => (room?.memoryBytes ?? 0) - (uses.get(id) ?? unused).memoryBytes);
      const needed = needsOf(state, index).memoryBytes;
      if (needed === 0) return `no host${labelled} has memory free`;
      return `needs ${formatSize(needed)} of memory, at most ${formatSize(Math.max(0, ...free))} free on a host${labelled}`;
    }
    default:
      return unreachable(kind);
  }
}
