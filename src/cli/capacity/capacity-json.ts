import type { CapacityReport } from '../../engine/index.ts';

/** With the field names of the result files; shares are from 0 to 1. */
export function capacityJson({ at, tasks, maxParallel, items }: CapacityReport) {
  return {
    at: new Date(at).toISOString(),
    tasks_could_start: tasks,
    max_parallel: maxParallel,
    resources: items.map(jsonItem),
  };
}

function jsonItem(item: CapacityReport['items'][number]) {
  const { verdict, reason = null } = item;
  switch (item.kind) {
    case 'cpu':
      return { resource: 'cpu', used: rounded(item.used), limit: item.limit, cores: item.cores, verdict, reason };
    case 'memory': {
      const bytes = { total_bytes: item.totalBytes };
      return { resource: 'memory', used: rounded(item.used), limit: item.limit, ...bytes, verdict, reason };
    }
    case 'disk': {
      const bytes = { free_bytes: item.freeBytes, floor_bytes: item.floorBytes };
      return { resource: 'disk', of: item.role, ...bytes, verdict, reason };
    }
    case 'connections': {
      const { used = null, limit = null, allowed = null } = item;
      return { resource: 'connections', used, limit, allowed, verdict, reason };
    }
  }
}

function rounded(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
