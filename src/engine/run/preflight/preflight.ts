import type { Database } from '../../database/database.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import { freeDiskBytes } from '../../platform/free-disk.ts';
import { machineSize, memoryInUse } from '../../resources/machine-size.ts';
import { maxParallel } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
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
  const { plan, sequential } = request;
  const [disks, connections, vainWaits] = await Promise.all([
    readDisks(request),
    countConnections(request, run, database),
    findVainWaits(request),
  ]);
  const { cores, memoryBytes: totalBytes } = machineSize();
  const supplies = {
    memory: { used: memoryInUse() / totalBytes, totalBytes },
    disks,
    maxParallel: sequential ? 1 : maxParallel(request, cores),
    ...(connections === undefined ? {} : { connections }),
  };
  return [
    ...findMissingPrograms(request, env),
    ...vainWaits,
    ...findMissingWebhooks(request),
    ...findScarcity(plan, supplies),
  ];
}

async function readDisks({ projectDir, logDir }: RunRequest): Promise<NonNullable<ResourceSample['disks']>> {
  const [project, logs] = await Promise.all([freeDiskBytes(projectDir), freeDiskBytes(logDir)]);
  return [
    ...(project === undefined ? [] : [{ role: 'project' as const, freeBytes: project }]),
    // One disk needs no two warnings.
    ...(logs === undefined || logs === project ? [] : [{ role: 'logs' as const, freeBytes: logs }]),
  ];
}

async function countConnections({ plan }: RunRequest, run: RunId, database: Database | undefined) {
  if (database === undefined || plan.tasks.every(({ spec }) => spec.connections === 0)) return undefined;
  const counted = await database.connections(run);
  if (counted === undefined) return undefined;
  return { used: counted.total, limit: counted.limit, ours: counted.ofRun };
}
