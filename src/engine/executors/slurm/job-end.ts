import type { Exit } from '../../model/run/task-state.ts';
import type { QueuedJob } from './slurm-commands.ts';

/** States after which nothing of a job runs; see "JOB STATE CODES" of squeue. Those that come in later versions count as alive. */
const finalStates: ReadonlySet<string> = new Set([
  ...['BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY'],
  ...['PREEMPTED', 'REVOKED', 'TIMEOUT'],
]);

export function isOver({ state }: QueuedJob): boolean {
  return finalStates.has(state);
}

/** How an attempt has ended whose job is over and has not said how. */
export type UnseenEnd = {
  /** Undefined when Slurm has forgotten it already. */
  readonly job: QueuedJob | undefined;
  /** Whether its command was begun. */
  readonly began: boolean;
  /** The signal that it was sent last, because it was to end. */
  readonly sent: 'SIGTERM' | 'SIGKILL' | undefined;
  /** Where its files are. */
  readonly folder: string;
};

export function exitOfUnseen({ job, began, sent, folder }: UnseenEnd): Exit {
  const name = job === undefined ? 'its Slurm job' : `Slurm job ${job.id}`;
  if (job?.state === 'NODE_FAIL' || job?.state === 'BOOT_FAIL') {
    return { kind: 'lost', why: 'host-gone', message: `the node of ${name} has failed` };
  }
  if (sent !== undefined) return { kind: 'signalled', signal: sent };
  switch (job?.state) {
    case 'PREEMPTED':
    case 'REVOKED':
      return { kind: 'lost', why: 'runner-gone', message: `${name} had to make room for others` };
    case 'CANCELLED':
      return { kind: 'signalled', signal: 'SIGTERM' };
    case 'TIMEOUT':
    case 'DEADLINE':
    case 'OUT_OF_MEMORY':
      return { kind: 'signalled', signal: 'SIGKILL' };
    default:
      return began || job === undefined
        ? { kind: 'lost', why: 'runner-gone', message: `${name} ended and left no exit code` }
        : {
            kind: 'not-started',
            reason: 'usage',
            message: `${name} ended before the task could start (${job.reason}); is ${folder} there on every node?`,
          };
  }
}
