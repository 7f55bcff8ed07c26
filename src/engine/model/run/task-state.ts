import type { EpochMs } from '../ids.ts';
import type { OverloadKind } from './capacity.ts';

/** How an attempt's process ended, as the executor reports it. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** The program could not be started: by a mistake of the author (`usage`: not found, not executable; never retried), or for lack of processes or memory (`shortage`; retried). */
  | { readonly kind: 'not-started'; readonly reason: 'usage' | 'shortage'; readonly message: string }
  /** It no longer runs, and whether it began or how it ended is unknown. */
  | { readonly kind: 'lost'; readonly why: LossReason; readonly message: string };

/** Why contact to an attempt was lost: its host is gone, the lease on it expired, or the process that ran it ended. */
export type LossReason = 'host-gone' | 'lease-expired' | 'runner-gone';

/** Why an attempt failed. */
export type FailureCause =
  | { readonly kind: 'exit-code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  /** `idle`: it neither printed nor reported anything for that time. */
  | { readonly kind: 'timeout'; readonly afterMs: number; readonly idle?: true }
  | { readonly kind: 'not-started'; readonly message: string }
  | ({ readonly kind: 'missing-output' } & MissingOutput)
  | { readonly kind: 'lost'; readonly message: string }
  /** It lacked something that the tasks of the run compete for; `exit` is its exit code or signal. */
  | { readonly kind: 'overload'; readonly of: OverloadKind; readonly exit: number | string };

/** An output that the task declares, as in the pipeline file, and that the attempt did not write. */
export type MissingOutput = {
  /** With `isEmpty` the file itself, relative to the project directory, which a pattern may match. */
  readonly path: string;
  /** It is there and holds nothing. */
  readonly isEmpty?: true;
};

/** `journal-lost`: the journal cannot be written any more, and the task did not end within the time it was given. */
export type StoppingReason = 'timeout' | 'idle' | 'cancel' | 'skip' | 'journal-lost';

/** A final state: a task leaves it only on an operator's command. */
export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly attempt: number;
      /** What stands in for its own work, as a note: the fallback's, or that its last good load does. */
      readonly degraded?: string;
      /** The end of the load that its data comes from, when that is an earlier one. */
      readonly stale?: { readonly since: EpochMs };
      /** Why it failed, when its last good load stands in. */
      readonly cause?: FailureCause;
    }
  | { readonly kind: 'failed'; readonly attempt: number; readonly cause: FailureCause }
  | { readonly kind: 'timed-out'; readonly attempt: number; readonly afterMs: number; readonly idle?: true }
  | { readonly kind: 'skipped' }
  /** It will not run; `because` is the name of the upstream task or of the gate that blocks it. */
  | { readonly kind: 'upstream-failed'; readonly because: string }
  /** `withRun`: the run as a whole was stopped, not this task in particular. */
  | { readonly kind: 'cancelled'; readonly reason: string; readonly withRun: boolean };

/** The state machine of a task; each state has only the fields that are valid in it. */
export type TaskState =
  /** `unmet` is the number of upstream tasks and gates that are not done yet. */
  | { readonly kind: 'waiting'; readonly unmet: number }
  | { readonly kind: 'ready'; readonly attempt: number; readonly fallback: boolean }
  | {
      readonly kind: 'running';
      readonly attempt: number;
      readonly startedAt: EpochMs;
      readonly fallback: boolean;
      readonly stopping?: StoppingReason;
    }
  /** `attempt` is the one that will start at `retryAt`. */
  | {
      readonly kind: 'backing-off';
      readonly attempt: number;
      readonly retryAt: EpochMs;
      readonly cause: FailureCause;
      /** The delay that the task requested, when it was longer than its policy allows. */
      readonly askedMs?: number;
      /** The next attempt is that of the fallback. */
      readonly fallback?: true;
    }
  | Outcome;

export function isOutcome(state: TaskState): state is Outcome {
  switch (state.kind) {
    case 'succeeded':
    case 'failed':
    case 'timed-out':
    case 'skipped':
    case 'upstream-failed':
    case 'cancelled':
      return true;
    case 'waiting':
    case 'ready':
    case 'running':
    case 'backing-off':
      return false;
  }
}

/** Whether the downstream of the task may run: it succeeded, or the operator skipped it. */
export function unblocksDownstream(state: TaskState): boolean {
  return state.kind === 'succeeded' || state.kind === 'skipped';
}

/** What a task reported through its report file. */
export type TaskReport = {
  /** 0 to 1. */
  readonly progress?: number;
  readonly message?: string;
  readonly rows?: number;
  readonly rowsChanged?: number;
  readonly quotaRemaining?: number;
  readonly retryAfterSeconds?: number;
};
