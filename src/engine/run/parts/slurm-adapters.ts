import { dirname, join } from 'node:path';
import { openSlurmExecutor } from '../../executors/slurm/slurm-executor.ts';
import { localAdapters, type RunAdapters } from './run-adapters.ts';

/** As for a local run, but that attempts are jobs of Slurm. Their files are in the directory of the run, where it finds them when it is resumed. */
export const slurmAdapters: RunAdapters = {
  ...localAdapters,
  openExecutor: (request) => openSlurmExecutor({ ...request, jobs: join(dirname(request.directory), 'slurm') }),
};
