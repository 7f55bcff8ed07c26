import type { Diagnostic } from '../../model/diagnostic.ts';
import { ok, type Result } from '../../model/result.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { RunRequest } from '../request/run-request.ts';
import { localAdapters, type RunAdapters } from './run-adapters.ts';

/** Loads what the executor of a request takes, and nothing of the others. Errors: those of that executor. */
export async function chooseAdapters(request: RunRequest): Promise<Result<RunAdapters, Diagnostic>> {
  const { executor } = request;
  switch (executor) {
    case undefined:
      return ok(localAdapters);
    case 'queue':
      throw new Error('a run that hosts share is opened by openSharedRun');
    case 'slurm':
      return ok((await import('./slurm-adapters.ts')).slurmAdapters);
    default:
      return unreachable(executor);
  }
}
