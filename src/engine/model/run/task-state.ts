import type { EpochMs, HostId, RunId, TaskId } from '../ids.ts';
import type { MatrixLines } from '../pipeline/matrix.ts';
import type { Result } from '../result.ts';
import type { OverloadKind } from './capacity.ts';
import type { ReuseChange } from './reuse.ts';

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

/** Why a program failed, as it is seen from outside. */
export type ProgramFailure =
  | { readonly kind: 'exit-code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  /** `idle`: it neither printed nor reported anything for that time. */
  | { readonly kind: 'timeout'; readonly afterMs: number; readonly idle?: true }
  | { readonly kind: 'not-started'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string };

/** Why an attempt failed. */
export type FailureCause =
  | ProgramFailure
  | ({ readonly kind: 'missing-output' } & MissingOutput)
  /** Its `only_if` gave no answer. */
  | { readonly kind: 'only-if'; readonly failure: ProgramFailure }
  /** What it waits for (`wait_for`) did not happen in time. No attempt was made. */
  | ({ readonly kind: 'awaited' } & Waited)
  /** It could not be looked for (`wait_for`). No attempt was made. */
  | { readonly kind: 'wait-for'; readonly failure: ProgramFailure }
  /** A file that gives a matrix its values, which the task writes or reads, cannot be read, or has some that cannot be used. */
  | { readonly kind: 'bad-lines'; readonly message: string }
  /** It lacked something that the tasks of the run compete for; `exit` is its exit code or signal. */
  | { readonly kind: 'overload'; readonly of: OverloadKind; readonly exit: number | string };

/** For how long and for what a task has waited, as after "waits for". */
export type Waited = { readonly afterMs: number; readonly what: string };

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
  /** `tolerated`: its author lets the run go on (`continue_on_failure`), so that its downstream runs as if it were done. */
  | { readonly kind: 'failed'; readonly attempt: number; readonly cause: FailureCause; readonly tolerated?: true }
  | {
      readonly kind: 'timed-out';
      readonly attempt: number;
      readonly afterMs: number;
      readonly idle?: true;
      readonly tolerated?: true;
    }
  /** `waited`: because that did not happen in time; absent = a person skipped it. */
  | { readonly kind: 'skipped'; readonly waited?: Waited }
  /**
   * There was nothing to do: its `only_if` said so, it reported it itself, or it runs at the end and nothing calls for it.
   * `stops`: its downstream is not needed either. `because` is the task that found out, when it was another one upstream.
   */
  | { readonly kind: 'not-needed'; readonly stops: boolean; readonly because?: TaskId }
  /** Nothing has changed since its last success, in `run`, which ended `at` that moment: it is done without an attempt. */
  | { readonly kind: 'reused'; readonly run: RunId; readonly at: EpochMs }
  /** It will not run; `because` is the name of the upstream task or of the gate that blocks it. */
  | { readonly kind: 'upstream-failed'; readonly because: string }
  /** `withRun`: the run as a whole was stopped, not this task in particular. */
  | { readonly kind: 'cancelled'; readonly reason: string; readonly withRun: boolean };

/** The state machine of a task; each state has only the fields that are valid in it. */
export type TaskState =
  /** `unmet` is the number of upstream tasks and gates that are not done yet; always 1 for a task at the end. */
  | { readonly kind: 'waiting'; readonly unmet: number }
  /** Everything upstream is done, and something outside the run has to happen (`wait_for`). */
  | { readonly kind: 'awaiting'; readonly since: EpochMs }
  /**
   * It is being found out whether it is needed (`only_if`), or which instances it stands for. `attempt` is the one that it would
   * be, or fails as.
   */
  | { readonly kind: 'asking'; readonly attempt: number; readonly since: EpochMs }
  | { readonly kind: 'ready'; readonly attempt: number; readonly fallback: boolean }
  | {
      readonly kind: 'running';
      readonly attempt: number;
      readonly startedAt: EpochMs;
      readonly fallback: boolean;
      readonly stopping?: StoppingReason;
      /** Absent = on this machine. */
      readonly host?: HostId;
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
    case 'not-needed':
    case 'reused':
    case 'upstream-failed':
    case 'cancelled':
      return true;
    case 'waiting':
    case 'awaiting':
    case 'asking':
    case 'ready':
    case 'running':
    case 'backing-off':
      return false;
  }
}

/**
 * Whether the downstream of the task may run: it succeeded, was reused or skipped, was not needed while others may be, or
 * its failure is tolerated.
 */
export function unblocksDownstream(state: TaskState): boolean {
  switch (state.kind) {
    case 'succeeded':
    case 'reused':
    case 'skipped':
      return true;
    case 'not-needed':
      return !state.stops;
    case 'failed':
    case 'timed-out':
      return state.tolerated === true;
    default:
      return false;
  }
}

/** Whether nothing downstream of the task is needed. */
export function stopsDownstream(state: TaskState): boolean {
  return state.kind === 'not-needed' && state.stops;
}

/** Whether it was not even asked, because another task upstream has found nothing to do. */
export function isStoppedByOthers(state: TaskState): boolean {
  return state.kind === 'not-needed' && state.because !== undefined;
}

/** Whether it failed for good in a way that its author does not tolerate. */
export function hasFailed(state: TaskState): state is Extract<Outcome, { readonly kind: 'failed' | 'timed-out' }> {
  return (state.kind === 'failed' || state.kind === 'timed-out') && state.tolerated !== true;
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
  /** It has found nothing to do: with exit code 0 it was not needed, and its downstream is not either. */
  readonly nothingNew?: boolean;
};

/** What became of the question whether a task is needed. */
export type Answer =
  /** `changed`: why it runs although it might have been reused. */
  | { readonly kind: 'needed'; readonly changed?: ReuseChange }
  | { readonly kind: 'reused'; readonly run: RunId; readonly at: EpochMs }
  | { readonly kind: 'not-needed' }
  /** What the files hold that give its instances their values; the reason when one cannot be read. */
  | { readonly kind: 'values'; readonly lines: Result<MatrixLines, string> }
  /** There is none. `lastOutput`: as of an attempt that exited. */
  | { readonly kind: 'none'; readonly failure: ProgramFailure; readonly isUsage?: true; readonly lastOutput: string };
