import type { CheckResult } from './check-result.ts';
import type { EpochMs, RunId, TaskId } from './ids.ts';
import type { Selection } from './plan.ts';
import type { FailureCause, Outcome, StoppingReason, TaskReport } from './task-state.ts';

/** Why nothing new is started any more, although tasks wait. */
export type DrainReason =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'critical'; readonly task: TaskId }
  | { readonly kind: 'sequential'; readonly task: TaskId }
  /** What happens from here on is in no journal. */
  | { readonly kind: 'journal-lost' };

export type RunStatus = 'success' | 'failed' | 'cancelled';

/** A fact about the run, in the past tense. The journal is these, one a line; the state is their fold. */
export type RunFact =
  | {
      readonly type: 'run.started';
      readonly run: RunId;
      readonly pipeline: string;
      readonly planHash: string;
      readonly seed: number;
      readonly maxParallel: number;
      readonly sequential: boolean;
      readonly tasks: number;
      /** With the pipeline kept beside the journal, all it takes to make the same plan; absent when nothing was selected. */
      readonly selection?: Selection;
      /** Masked. */
      readonly params?: Readonly<Record<string, string>>;
      /** Absent when they are asked. */
      readonly runChecks?: false;
      readonly connectionBudget?: number;
    }
  | { readonly type: 'run.paused' }
  | { readonly type: 'run.resumed' }
  | { readonly type: 'run.limited'; readonly maxParallel: number }
  | { readonly type: 'run.draining'; readonly reason: DrainReason }
  /** A person brought the run back to work after it had drained or finished. */
  | { readonly type: 'run.reopened' }
  | { readonly type: 'run.finished'; readonly status: RunStatus }
  | { readonly type: 'task.ready'; readonly task: TaskId; readonly attempt: number; readonly fallback?: true }
  | { readonly type: 'task.started'; readonly task: TaskId; readonly attempt: number; readonly fallback?: true }
  /** The process exists; `pid` leads its process group. */
  | { readonly type: 'task.spawned'; readonly task: TaskId; readonly attempt: number; readonly pid: number }
  | { readonly type: 'task.progressed'; readonly task: TaskId; readonly attempt: number; readonly report: TaskReport }
  | { readonly type: 'task.stopping'; readonly task: TaskId; readonly why: StoppingReason }
  /** The attempt before `attempt` failed of `cause`. */
  | {
      readonly type: 'task.backing-off';
      readonly task: TaskId;
      readonly attempt: number;
      readonly retryAt: EpochMs;
      readonly cause: FailureCause;
      /** The delay that the task asked for, when it was longer than its policy allows. */
      readonly askedMs?: number;
    }
  | { readonly type: 'task.finished'; readonly task: TaskId; readonly outcome: Outcome }
  /** Back to waiting, by a person's wish; `attempt` numbers go on. */
  | { readonly type: 'task.reset'; readonly task: TaskId }
  | { readonly type: 'check.started'; readonly check: string }
  | { readonly type: 'check.finished'; readonly result: CheckResult };

export type RunEvent = RunFact & { readonly at: EpochMs };
