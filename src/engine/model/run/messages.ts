import type { EpochMs, HostId, TaskId } from '../ids.ts';
import type { MatrixLines } from '../pipeline/matrix.ts';
import type { Result } from '../result.ts';
import type { CheckResult } from './check-result.ts';
import type { SeenHost } from './host-state.ts';
import type { ResourceSample } from './resource-sample.ts';
import type { RunContinued } from './run-event.ts';
import type { Answer, Exit, MissingOutput, ProgramFailure, TaskReport } from './task-state.ts';

/** A command of the operator to a run. */
export type Intent =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  | { readonly type: 'limit'; readonly maxParallel: number }
  | { readonly type: 'retry-task'; readonly task: TaskId; readonly downstream: boolean }
  | { readonly type: 'skip-task'; readonly task: TaskId }
  | { readonly type: 'cancel-task'; readonly task: TaskId }
  /** Runs a check again that has an answer. */
  | { readonly type: 'recheck'; readonly check: string };

/** Something that happened outside the scheduler and that a run has to react to. */
export type Observation =
  | { readonly type: 'spawned'; readonly task: TaskId; readonly attempt: number; readonly pid: number }
  | { readonly type: 'reported'; readonly task: TaskId; readonly attempt: number; readonly report: TaskReport }
  | {
      readonly type: 'exited';
      readonly task: TaskId;
      readonly attempt: number;
      readonly exit: Exit;
      /** When it ended, where it may have been long before this is told. */
      readonly endedAt?: EpochMs;
      /** The last lines of output, for `retry_on`; at most 4,000 characters. */
      readonly lastOutput: string;
      readonly missingOutput?: MissingOutput;
      /** What its files give to open matrices of the plan, when all was well so far; the reason when they cannot be read. */
      readonly lines?: Result<MatrixLines, string>;
      /** Whether the kernel killed a process for lack of memory at that time. */
      readonly outOfMemory?: true;
    }
  /** Whether the task is needed, or which instances it stands for. */
  | { readonly type: 'answered'; readonly task: TaskId; readonly attempt: number; readonly answer: Answer }
  /** What the task waits for has happened; with `failure` it cannot be looked for. */
  | { readonly type: 'arrived'; readonly task: TaskId; readonly failure?: ProgramFailure }
  | { readonly type: 'timer-fired'; readonly timer: TimerKey }
  /** `isTransient`: the check has an error whose reason may be gone at the next attempt. */
  | { readonly type: 'checked'; readonly result: CheckResult; readonly isTransient?: true }
  | { readonly type: 'sampled'; readonly sample: ResourceSample }
  /** All hosts that there are now; only of an executor that runs tasks elsewhere. */
  | { readonly type: 'hosts'; readonly hosts: readonly SeenHost[] }
  /** The journal cannot be written any more; `notBegun` are the attempts that were to start and never will. */
  | { readonly type: 'journal-lost'; readonly notBegun: readonly AttemptKey[] }
  /** The time that running tasks were given after the loss of the journal is over. */
  | { readonly type: 'journal-grace-over' };

export type AttemptKey = { readonly task: TaskId; readonly attempt: number };

/** The beginning of a run, or of its continuation by another process, as `planResume` has decided it. */
export type Beginning = { readonly type: 'start' } | { readonly type: 'continue'; readonly fact: RunContinued };

export type Input = Beginning | Intent | Observation;

/** A side effect that the scheduler requests; the runtime performs it. */
export type Effect =
  | {
      readonly type: 'start-task';
      readonly task: TaskId;
      readonly attempt: number;
      readonly fallback: boolean;
      /** Absent = on the only host of the executor, which is this machine. */
      readonly host?: HostId;
    }
  | { readonly type: 'terminate-task'; readonly task: TaskId; readonly attempt: number; readonly graceMs: number }
  | { readonly type: 'ask-condition'; readonly task: TaskId; readonly attempt: number }
  | { readonly type: 'await-condition'; readonly task: TaskId; readonly attempt: number }
  /** Nobody wants to know any more. */
  | { readonly type: 'stop-condition'; readonly task: TaskId }
  | { readonly type: 'set-timer'; readonly timer: TimerKey; readonly at: EpochMs }
  | { readonly type: 'run-check'; readonly check: string };

/** A timer names its attempt, so that one of an earlier attempt is recognised and ignored. */
export type TimerKey =
  | TaskTimer
  | { readonly kind: 'check-retry'; readonly check: string; readonly attempt: number }
  /** The task has waited long enough for something outside the run; `since` tells one wait from another. */
  | { readonly kind: 'awaited'; readonly task: TaskId; readonly since: EpochMs }
  /** The limit of the run as a whole; `since` is the `activeSince` from which it counts. */
  | { readonly kind: 'run-limit'; readonly since: EpochMs };

/** `idle` fires when the attempt has neither printed nor reported anything for its time. */
export type TaskTimer = AttemptKey & { readonly kind: 'timeout' | 'idle' | 'retry' };
