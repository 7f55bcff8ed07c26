import { openQueueExecutor } from '../../executors/queue/queue-executor.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { ok, type Result } from '../../model/result.ts';
import { queueAddress } from '../../queue/queue-address.ts';
import type { RunRequest } from '../request/run-request.ts';
import { localAdapters, type RunAdapters } from './run-adapters.ts';

/** As for a local run, but that workers carry out the attempts. Errors: those of the address of the queue. */
export function queueAdapters({ env }: RunRequest): Result<RunAdapters, Diagnostic> {
  const address = queueAddress(env);
  if (!address.ok) return address;
  return ok({
    ...localAdapters,
    openExecutor: ({ run, projectDir, secrets, namedSecrets, database }) =>
      openQueueExecutor({
        address: address.value,
        run,
        source: () => ({ projectDir, secrets, namedSecrets, database: database() }),
      }),
  });
}
