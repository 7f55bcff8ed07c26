import type { SecretPatterns } from '../../masking/compile-secrets.ts';
import type { HostId } from '../../model/ids.ts';
import type { Result } from '../../model/result.ts';
import type { StartRequest } from '../../ports.ts';
import type { JobFolder } from './job-folder.ts';
import type { QueuedJob } from './slurm-commands.ts';

/** What all jobs of a run share. */
export type SlurmContext = {
  /** The cluster: which of its nodes a job runs on is decided by Slurm. */
  readonly host: HostId;
  readonly secrets: SecretPatterns | undefined;
  /** How the shell of a job names the slot program in its messages. */
  readonly slotPath: string;
  /** Returns the id of the job, or what Slurm says. */
  readonly submit: (name: string, folder: JobFolder, needs: StartRequest['needs']) => Promise<Result<string, string>>;
  /** `politely`: SIGTERM to the shell of the job, which passes it on. `now`: SIGKILL to all of it, or out of the queue. */
  readonly cancel: (ids: readonly string[], how: 'politely' | 'now') => void;
};

/** What `squeue` said, and when it was asked, on the clock of `performance.now()`. */
export type SeenQueue = {
  readonly askedAt: number;
  readonly jobs: ReadonlyMap<string, readonly QueuedJob[]>;
};
