import { formatSize, type PrunedQueue, type PruneReport } from '../engine/index.ts';
import { formatCount } from './format/format-count.ts';

/** What a deletion of old runs has done, in one line: `3 runs deleted, 1.2 GB freed; 30 kept`. */
export function describePruning(
  { deleted, freed_bytes, kept, running, errors }: PruneReport,
  isDryRun = false,
): string {
  const runs = formatCount(deleted.length, 'run');
  const size = formatSize(freed_bytes);
  const done = isDryRun ? `${runs} would be deleted, ${size} freed` : `${runs} deleted, ${size} freed`;
  const parts = [
    deleted.length === 0 ? 'nothing to delete' : done,
    `${formatCount(kept, 'run')} kept`,
    ...(running.length === 0 ? [] : [`${formatCount(running.length, 'run')} kept because it is running`]),
    ...(errors.length === 0 ? [] : [`${formatCount(errors.length, 'run')} could not be deleted`]),
  ];
  return parts.join('; ');
}

/** The same of the queue: `in the queue: 3 runs deleted, and 1 worker that is dead`. */
export function describeQueuePruning({ runs, workers }: PrunedQueue, isDryRun: boolean): string {
  if (runs.length + workers === 0) return 'in the queue: nothing to delete';
  const done = isDryRun ? 'would be deleted' : 'deleted';
  return `in the queue: ${formatCount(runs.length, 'run')} and ${formatCount(workers, 'dead worker')} ${done}`;
}
