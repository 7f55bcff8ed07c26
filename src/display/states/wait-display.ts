import type { WaitCause } from '../../engine/index.ts';

/** What tasks waited for, in words, the most common first. */
export const waitWords: Readonly<Record<WaitCause, string>> = {
  dependency: 'upstream tasks',
  check: 'gates',
  slot: 'the limit of parallel tasks',
  pool: 'a slot in a pool',
  connections: 'database connections',
  cpu: 'CPU',
  memory: 'memory',
  disk: 'free disk space',
  host: 'a host with their labels',
  awaited: 'something outside the run',
  asking: 'their only_if commands',
  backoff: 'their retry',
  alone: 'a task that ran alone',
  paused: 'a pause of the run',
};
