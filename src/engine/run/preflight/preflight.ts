import type { Database } from '../../database/database.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { readFreeDisks } from '../../resources/free-disks.ts';
import { machineSize, memoryInUse } from '../../resources/machine-size.ts';
import { maxParallel } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import { findLocalDatabase } from './find-local-database.ts';
import { findMissingPrograms } from './find-missing-programs.ts';
import { findMissingWebhooks } from './find-missing-webhooks.ts';
import { findScarcity } from './find-scarcity.ts';
import { findVainWaits } from './find-vain-waits.ts';

/**
 * Looks before the first task starts whether there is what the run needs: programs, memory, disks, connections. It takes
 * a few milliseconds. Whatever it finds is a warning: what makes a run impossible has ended it before.
 * @param env what tasks inherit
 */
export async function preflight(
  request: RunRequest,
  run: RunId,
  database: Database | undefined,
  env: RunRequest['env'],
): Promise<readonly Diagnostic[]> {
  const { plan, sequential, projectDir, logDir } = request;
  const [disks, connections, vainWaits] = await Promise.all([
    readFreeDisks([
      { role: 'project', path: projectDir },
      { role: 'logs', path: logDir },
    ]),
    countConnections(request, run, database),
    findVainWaits(request),
  ]);
  const { cores, memoryBytes: totalBytes } = machineSize();
  // What tasks find on other machines is not known here.
  const isHere = request.executor === undefined;
  const supplies = {
    ...(isHere ? { memory: { used: memoryInUse() / totalBytes, totalBytes } } : {}),
    ...(disks === undefined ? {} : { disks }),
    maxParallel: sequential ? 1 : maxParallel(request, cores),
    ...(connections === undefined ? {} : { connections }),
  };
  return [
    ...(isHere ? findMissingPrograms(request, env) : []),
    ...findLocalDatabase(request, database),
    ...vainWaits,
    ...findMissingWebhooks(request),
    ...findScarcity(plan, supplies),
  ];
}

async function countConnections({ plan }: RunRequest, run: RunId, database: Database | undefined) {
  if (database === undefined || plan.tasks.every(({ spec }) => spec.connections === 0)) return undefined;
  const counted = await database.connections(run);
  if (counted === undefined) return undefined;
  return { used: counted.total, limit: counted.limit, ours: counted.ofRun };
}
