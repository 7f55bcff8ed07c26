import { openQueueExecutor } from '../../executors/queue/queue-executor.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Result } from '../../model/result.ts';
import { openQueueClient } from '../../queue/open-queue-client.ts';
import { queueAddress } from '../../queue/queue-address.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import type { RunDrive } from '../../queue/runs/drive-run.ts';
import { queueStorage } from './queue-storage.ts';
import { localAdapters, type RunAdapters } from './run-adapters.ts';

export { createRunDrive } from '../../queue/runs/drive-run.ts';
export { describeDriver } from '../../queue/runs/driver.ts';
export { eventChannel } from '../../queue/runs/queue-journal.ts';
export { readEvents } from '../../queue/runs/read-queued-run.ts';
export { findRow, isDriven } from '../../queue/runs/run-table.ts';

/** A connection for what runs are. Errors: those of the address and of `openQueueClient`. */
export async function openRunsClient(
  env: Parameters<typeof queueAddress>[0],
): Promise<Result<QueueClient, Diagnostic>> {
  const address = queueAddress(env);
  return address.ok ? openQueueClient(address.value, { applicationName: 'etl-tui:runs' }) : address;
}

/** As for a local run, but that workers carry out the attempts, and that the queue holds what happened. */
export function queueAdapters(
  client: QueueClient,
  drive: RunDrive,
  onWarning: (warning: Diagnostic) => void,
): RunAdapters {
  return {
    ...localAdapters,
    ...queueStorage(drive, onWarning),
    openExecutor: ({ run, projectDir, secrets, namedSecrets, database }) =>
      openQueueExecutor({
        address: client.address,
        run,
        onWarning,
        source: () => ({ projectDir, secrets, namedSecrets, database: database() }),
      }),
  };
}
