import type { WaitCause } from '../../engine/index.ts';

/** What tasks waited for, in words, the most common first. */
export const waitWords: Readonly<Record<WaitCause, string>> = {
  dependency: 'upstream tasks',
  check: 'gates',
  slot: 'the limit of tasks at once',
  pool: 'a place in a pool',
  connections: 'database connections',
  cpu: 'CPU',
  memory: 'memory',
  disk: 'free disk space',
  awaited: 'something outside the run',
  asking: 'the answer whether they are needed',
  backoff: 'the time before a retry',
  alone: 'another task that ran alone',
  paused: 'an operator, while the run was paused',
};
