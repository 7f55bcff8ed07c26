import type { RunId, TaskId } from '../../model/ids.ts';
import { type AttemptRef, formatAttemptRef } from '../../model/ids.ts';
import type { StartRequest } from '../../ports.ts';

const prefix = 'etl:';

/** By which an orchestrator that comes later finds the job again. */
export function jobName(ref: AttemptRef): string {
  return `${prefix}${formatAttemptRef(ref)}`;
}

/** Undefined for a job that is none of ours. */
export function attemptOf(name: string): AttemptRef | undefined {
  const [run, task, attempt] = name.startsWith(prefix) ? name.slice(prefix.length).split('/') : [];
  if (!run || !task || !attempt) return undefined;
  return { run: run as RunId, task: task as TaskId, attempt: Number(attempt) };
}

/** What `sbatch` is asked for. Never put back into the queue by Slurm: a further attempt is the scheduler's decision. */
export function jobOptions(name: string, folder: string, needs: StartRequest['needs'] = {}): readonly string[] {
  const { labels = [], cpu, memoryBytes } = needs;
  return [
    '--no-requeue',
    `--job-name=${name}`,
    `--chdir=${folder}`,
    // Of Slurm's own words, relative to the directory.
    '--output=slurm',
    '--open-mode=append',
    '--nodes=1',
    '--ntasks=1',
    ...(labels.length === 0 ? [] : [`--constraint=${labels.join('&')}`]),
    ...(cpu === undefined ? [] : [`--cpus-per-task=${Math.max(1, Math.ceil(cpu))}`]),
    ...(memoryBytes === undefined ? [] : [`--mem=${Math.ceil(memoryBytes / 0x100000)}M`]),
  ];
}
