import type { EpochMs, HostId, RunId, TaskId } from '../ids.ts';
import type { MatrixLines } from '../pipeline/matrix.ts';
import type { RunOptions, Selection } from '../pipeline/plan.ts';
import type { Capacity, OverloadKind } from './capacity.ts';
import type { CheckResult } from './check-result.ts';
import type { HostState } from './host-state.ts';
import type { ResumeDecision } from './resume-decision.ts';
import type { ReuseChange } from './reuse.ts';
import type { FailureCause, Outcome, StoppingReason, TaskReport } from './task-state.ts';

/** Why the run starts nothing more although tasks wait, but those that run at its end. */
export type DrainReason =
  /** `withEnds`: somebody gave up the tasks at the end as well. */
  | { readonly kind: 'cancelled'; readonly withEnds?: true }
  | { readonly kind: 'critical'; readonly task: TaskId }
  | { readonly kind: 'sequential'; readonly task: TaskId }
  /** The run has taken longer than its pipeline allows (`limits.run`). */
  | { readonly kind: 'run-limit'; readonly afterMs: number; readonly withEnds?: true }
  /** Events can no longer be written to the journal. */
  | { readonly kind: 'journal-lost' };

/** Whether the run is ended as a whole: what runs is terminated, and checks are not waited for. */
export function endsTheRun(
  reason: DrainReason,
): reason is Extract<DrainReason, { readonly kind: 'cancelled' | 'run-limit' }> {
  return reason.kind === 'cancelled' || reason.kind === 'run-limit';
}

export type RunStatus = 'success' | 'failed' | 'cancelled';

/** What a run goes by from its start on, or from its continuation. With the stored copy of the pipeline it reproduces the plan. */
export type RunTerms = Omit<RunOptions, 'run' | 'seed' | 'runChecks'> & {
  readonly planHash: string;
  readonly tasks: number;
  /** Absent when all tasks were selected. */
  readonly selection?: Selection;
  /** Absent when the run has checks. */
  readonly runChecks?: false;
};

/** Another process carries on with a run whose process died, or that had ended. */
export type RunContinued = RunTerms & {
  readonly type: 'run.continued';
  /** Which of the pipelines that are stored with the run holds from here on; they count from 1, and 1 is that of its start. */
  readonly plan: number;
  /** The last sign of life of the process that carried it out before; not before the last event. */
  readonly stoppedAt: EpochMs;
  /** By task. */
  readonly decisions: Readonly<Record<string, ResumeDecision>>;
  /** Checks whose answer no longer counts. */
  readonly recheck?: readonly string[];
  /** The values of matrices that tasks had written before and that still hold. */
  readonly lines?: MatrixLines;
};

/** When the attempt ended, if nobody carried the run out then; absent = when the event was recorded. */
export type EndOfAttempt = { readonly endedAt?: EpochMs };

/** Something that happened in the run. The journal has one per line; the state of a run is the fold over them. */
export type RunFact =
  | ({
      readonly type: 'run.started';
      readonly run: RunId;
      readonly pipeline: string;
      readonly seed: number;
    } & RunTerms)
  | RunContinued
  | { readonly type: 'run.paused' }
  /** The end of a pause. */
  | { readonly type: 'run.resumed' }
  | { readonly type: 'run.limited'; readonly maxParallel: number }
  /** Another amount of the machine is allowed from now on. */
  | { readonly type: 'capacity.changed'; readonly capacity: Capacity }
  /** These hosts are new, are not as they were, or are gone; never in a run on this machine. */
  | { readonly type: 'hosts.changed'; readonly hosts: readonly HostState[] }
  /** Tasks failed for lack of something that they compete for, so that fewer run at once from now on. */
  | { readonly type: 'run.stepped-down'; readonly maxParallel: number; readonly because: OverloadKind }
  /** Nothing of that kind has happened since, so that more run at once again. */
  | { readonly type: 'run.stepped-up'; readonly maxParallel: number }
  | { readonly type: 'run.draining'; readonly reason: DrainReason }
  /** The operator made a draining or finished run continue. */
  | { readonly type: 'run.reopened' }
  | { readonly type: 'run.finished'; readonly status: RunStatus }
  /** What it waits for outside the run is looked for from now on. */
  | { readonly type: 'task.awaiting'; readonly task: TaskId }
  /** It is asked whether it is needed, or which instances it stands for. */
  | { readonly type: 'task.asking'; readonly task: TaskId; readonly attempt: number }
  | {
      readonly type: 'task.ready';
      readonly task: TaskId;
      readonly attempt: number;
      readonly fallback?: true;
      /** Why it runs although it might have been reused. */
      readonly changed?: ReuseChange;
    }
  | {
      readonly type: 'task.started';
      readonly task: TaskId;
      readonly attempt: number;
      readonly fallback?: true;
      /** Where it runs; absent = on this machine. */
      readonly host?: HostId;
    }
  /** The process was started; `pid` is the leader of its process group. */
  | { readonly type: 'task.spawned'; readonly task: TaskId; readonly attempt: number; readonly pid: number }
  | { readonly type: 'task.progressed'; readonly task: TaskId; readonly attempt: number; readonly report: TaskReport }
  | { readonly type: 'task.stopping'; readonly task: TaskId; readonly why: StoppingReason }
  /** The previous attempt failed with `cause`; `attempt` starts at `retryAt`. */
  | ({
      readonly type: 'task.backing-off';
      readonly task: TaskId;
      readonly attempt: number;
      readonly retryAt: EpochMs;
      readonly cause: FailureCause;
      /** The delay that the task requested, when it was longer than its policy allows. */
      readonly askedMs?: number;
      /** The next attempt starts only while nothing else runs. */
      readonly alone?: true;
      /** The next attempt is that of the fallback. */
      readonly fallback?: true;
    } & EndOfAttempt)
  | ({ readonly type: 'task.finished'; readonly task: TaskId; readonly outcome: Outcome } & EndOfAttempt)
  /**
   * The values of matrices are known now, in files that the task `from` has written, in this run or before: instances take their
   * places in the plan.
   */
  | { readonly type: 'tasks.expanded'; readonly from: TaskId; readonly lines: MatrixLines }
  /** Back to waiting on an operator's command; attempt numbers continue. */
  | { readonly type: 'task.reset'; readonly task: TaskId }
  /** `attempt` is absent for the first one. */
  | { readonly type: 'check.started'; readonly check: string; readonly attempt?: number }
  /** The previous attempt ended with `result`, an error that may pass; `attempt` starts at `retryAt`. */
  | {
      readonly type: 'check.backing-off';
      readonly check: string;
      readonly attempt: number;
      readonly retryAt: EpochMs;
      readonly result: CheckResult;
    }
  | { readonly type: 'check.finished'; readonly result: CheckResult }
  /** Back to waiting on an operator's command: its answer no longer counts. */
  | { readonly type: 'check.reset'; readonly check: string };

export type RunEvent = RunFact & { readonly at: EpochMs };

/** When the attempt has ended of whose end the event tells. */
export function endOfAttempt({ at, endedAt = at }: EndOfAttempt & { readonly at: EpochMs }): EpochMs {
  return endedAt;
}
