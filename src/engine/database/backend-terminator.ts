import type { TaskId } from '../model/ids.ts';
import { sleep } from '../platform/sleep.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import type { BackendTerminator } from '../ports.ts';
import type { ReconnectingClient } from './connection/reconnecting-client.ts';

const patienceMs = 5_000;

/**
 * Killing a client does not stop its query: the server works on, with its locks, until it next talks to the client.
 * This ends such sessions by their application name, and waits until their locks are free, or the patience is at its end:
 * a frozen server holds up no run.
 */
export function backendTerminator(
  connection: ReconnectingClient,
  nameOf: (task: TaskId, attempt: number) => string | undefined,
): BackendTerminator {
  return {
    endSessions: async (task, attempt) => {
      const name = nameOf(task, attempt);
      if (name === undefined) return;
      await withDeadline(endAll(name), patienceMs, () => {});
    },
  };

  async function endAll(name: string): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      const ended = await connection.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
        [name],
      );
      if (ended === undefined || ended.length === 0) return;
      await sleep(10);
    }
  }
}
