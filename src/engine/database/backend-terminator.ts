import type { TaskId } from '../model/ids.ts';
import { sleep } from '../platform/sleep.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import type { BackendTerminator } from '../ports.ts';
import type { ReconnectingClient } from './connection/reconnecting-client.ts';

const deadlineMs = 5_000;

/**
 * Ends the sessions of a killed attempt: the server goes on with a query, and keeps its locks, until it next writes to the
 * client.
 * 1. Find the sessions by their application name and terminate them.
 * 2. Repeat until none is left, which means that their locks are released.
 * 3. Give up after 5 s, so that a frozen server does not delay the run.
 */
export function backendTerminator(
  connection: ReconnectingClient,
  nameOf: (task: TaskId, attempt: number) => string | undefined,
): BackendTerminator {
  return {
    endSessions: async (task, attempt) => {
      const name = nameOf(task, attempt);
      if (name === undefined) return;
      await withDeadline(endAll(name), deadlineMs, () => {});
    },
  };

  async function endAll(name: string): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      const ended = await connection.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
        [name],
      );
      if (ended === undefined || ended.length === 0) return;
      await sleep(10);
    }
  }
}
