import type { EpochMs, RunId, TaskId } from '../../model/ids.ts';
import type { Handoffs, HandoffTrigger } from '../../model/pipeline/pipeline.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { PerformanceRecord } from '../files/performance-record.ts';
import { isoTime } from '../files/time-format.ts';
import type { SlaJudgement } from '../slas/sla-judgement.ts';
import type { Regression } from '../trends/regression.ts';

/** docs/handoffs.md describes each, and docs/handoffs has its JSON Schema. */
export type HandoffType =
  | 'pipeline_task_failed'
  | 'data_check_failed'
  | 'performance_degradation'
  | 'features_dataset_updated';

/** `high`: something waits for it. `low`: to be known, nothing to be done now. */
export type Urgency = 'high' | 'normal' | 'low';

/** What every document begins with. Moments are ISO 8601 in UTC, durations seconds. */
export type HandoffHeader = {
  readonly handoff: HandoffType;
  /** Of the form of the document. */
  readonly version: 1;
  /** Absent in a notification of a pipeline without hand-offs. */
  readonly to?: string;
  readonly urgency: Urgency;
  /** One sentence. */
  readonly summary: string;
  readonly pipeline: string;
  readonly run_id: RunId;
  readonly created_at: string;
  /** When the run ended again, and the document was written anew. */
  readonly updated_at?: string;
};

/** A document, and what decides who gets it. */
export type Handoff<Document extends HandoffHeader = HandoffHeader> = {
  readonly trigger: HandoffTrigger;
  /** The task, check, pipeline or data set it is about: in the name of its file. */
  readonly subject: string;
  /** The tasks it is about; a task's own notifications are sent for these. */
  readonly tasks: readonly TaskId[];
  /** Only for those who want to be told of this task alone; there is no file of it. */
  readonly isForTask?: true;
  readonly document: Document;
};

/** All that hand-offs are made of. */
export type HandoffInput = {
  readonly state: RunState;
  /** All but progress. */
  readonly events: readonly RunEvent[];
  readonly record: PerformanceRecord;
  /** How the run stood to its SLAs; none when they were not judged. */
  readonly slas: readonly SlaJudgement[];
  /** What has become slower and was not told after an earlier run; see `newRegressions`. */
  readonly regressions: readonly Regression[];
  /** Of earlier runs of the pipeline, newest last. */
  readonly past: readonly PerformanceRecord[];
  readonly now: EpochMs;
  readonly places: HandoffPlaces;
};

/** Where things are, and what was printed, which the state of a run does not hold. */
export type HandoffPlaces = {
  /** Absolute. */
  readonly projectDir: string;
  /** For people; absent when the run used no database. */
  readonly database?: string;
  /** The consistency report of the run; absent when it could not be written. */
  readonly consistency?: string;
  /** Undefined when the attempt printed nothing. */
  readonly logPath: (task: TaskId, attempt: number) => string | undefined;
  /** The end of an attempt's output. */
  readonly output: (task: TaskId, attempt: number) => { readonly stderr: string; readonly merged: string };
};

export function header<Type extends HandoffType>(
  { state, now }: HandoffInput,
  handoff: Type,
  { urgency, summary }: Pick<HandoffHeader, 'urgency' | 'summary'>,
): HandoffHeader & { readonly handoff: Type } {
  const to = receiverOf(state.plan.pipeline.handoffs, handoff);
  return {
    handoff,
    version: 1,
    ...(to === undefined ? {} : { to }),
    urgency,
    summary,
    pipeline: state.plan.pipeline.name,
    run_id: state.options.run,
    created_at: isoTime(state.finishedAt ?? now),
  };
}

/** The name of the document and of its file: the same each time that the run ends with the same cause. */
export function handoffName({ subject, document }: Handoff): string {
  return `${document.handoff}_${document.run_id}_${subject.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 100)}`;
}

/** Who gets the file of a document; undefined when none is written. */
export function receiverOf(handoffs: Handoffs | undefined, type: HandoffType): string | undefined {
  switch (type) {
    case 'pipeline_task_failed':
    case 'data_check_failed':
      return handoffs?.onFailure?.to;
    case 'performance_degradation':
      return handoffs?.onDegradation?.to;
    case 'features_dataset_updated':
      return handoffs?.onSuccess?.to;
    default:
      return unreachable(type);
  }
}
