import type { EpochMs } from './ids.ts';

/** How a started process ended, as the world saw it. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** The program could not be started: `usage` mistakes (not found, not executable) are not tried again, shortages are. */
  | { readonly kind: 'not-started'; readonly reason: 'usage' | 'shortage'; readonly message: string }
  /** Nobody can tell whether it has begun or how it ended, and it no longer runs. */
  | { readonly kind: 'lost'; readonly why: LossReason; readonly message: string };

/** What was lost with the attempt: its machine, the right to run it there, or only the program that ran it. */
export type LossReason = 'host-gone' | 'lease-expired' | 'runner-gone';

/** Why an attempt failed. */
export type FailureCause =
  | { readonly kind: 'exit-code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'not-started'; readonly message: string }
  | { readonly kind: 'missing-output'; readonly path: string }
  | { readonly kind: 'lost'; readonly message: string };

export type StoppingReason = 'timeout' | 'cancel' | 'skip';

/** A state in which a task stays unless a person intervenes. */
export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly attempt: number /** What stood in, when a fallback did the work. */;
      readonly degraded?: string;
    }
  | { readonly kind: 'failed'; readonly attempt: number; readonly cause: FailureCause }
  | { readonly kind: 'timed-out'; readonly attempt: number; readonly afterMs: number }
  | { readonly kind: 'skipped' }
  /** `because` names the upstream task, or the check that is its gate. */
  | { readonly kind: 'upstream-failed'; readonly because: string }
  /** `withRun`: nobody asked for this task in particular, the run as a whole was stopped. */
  | { readonly kind: 'cancelled'; readonly reason: string; readonly withRun: boolean };

/** The state machine of a task; each state carries only what is true in it. */
export type TaskState =
  /** `unmet` upstream tasks or gates are not done yet. */
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
      /** The delay that the task asked for, when it was longer than its policy allows. */
      readonly askedMs?: number;
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

/** Whether what depends on the task may run: it succeeded, or a person said to go on without it. */
export function unblocksDownstream(state: TaskState): boolean {
  return state.kind === 'succeeded' || state.kind === 'skipped';
}

/** What a task said of itself through its report file. */
export type TaskReport = {
  /** 0 to 1. */
  readonly progress?: number;
  readonly message?: string;
  readonly rows?: number;
  readonly rowsChanged?: number;
  readonly quotaRemaining?: number;
  readonly retryAfterSeconds?: number;
};
