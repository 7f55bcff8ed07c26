import type { EpochMs, RunId, TaskId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { formatDuration } from '../../model/text/format-duration.ts';
import type { ExitVerdict } from '../causes/exit-verdict.ts';
import { type CheckCounts, countChecks } from '../files/consistency-report.ts';
import { isoTime, seconds } from '../files/time-format.ts';
import {
  type CheckOfDeliverable,
  type DeliverableEvidence,
  type DeliverableResult,
  judgeDeliverable,
} from './deliverables.ts';
import { judgeCompleteness, judgeFreshness, type MeasuredFreshness, type Requirement } from './requirements.ts';

/** A request as its answer repeats it. */
export type AskedFor = {
  readonly id?: string;
  /** What its file was called. */
  readonly file: string;
  /** Where it is once the answer is written. */
  readonly stored: string;
  readonly from: string;
  readonly to?: string;
  readonly priority: string;
  readonly created_at?: string;
  readonly deadline?: string;
  readonly scope: readonly string[];
  readonly params: Readonly<Record<string, string>>;
  readonly freshness?: string;
  readonly completeness?: string;
  readonly expected_deliverables?: readonly string[];
};

/** How a run was expected to stand to the deadline before it began. */
export type Outlook = {
  readonly deadline: EpochMs;
  /** Undefined when nothing is known of how long the tasks take. */
  readonly expectedEnd?: EpochMs;
  /** Undefined when it could not be told. */
  readonly canBeMet?: boolean;
};

/** All that an answer is made of. */
export type AnswerInput = {
  readonly state: RunState;
  readonly verdict: ExitVerdict;
  readonly now: EpochMs;
  readonly asked: AskedFor;
  readonly outlook: Outlook | undefined;
  readonly leftOut: readonly { readonly task: TaskId; readonly why: string }[];
  readonly deliverables: readonly DeliverableEvidence[];
  /** Names of checks; undefined when it was not required. */
  readonly completeness: readonly string[] | undefined;
  /** Undefined when it was not required. */
  readonly freshness: readonly { readonly task: TaskId; readonly column: string; readonly check: string }[] | undefined;
  /** How old the data may be; undefined when that was not required. */
  readonly maxAgeMs: number | undefined;
  readonly places: AnswerPlaces;
};

/** Where things are; absent what could not be written, or does not exist. */
export type AnswerPlaces = {
  readonly project: string;
  readonly database?: string;
  readonly result?: string;
  readonly consistency?: string;
};

/** The answer to a request that was carried out. docs/handoffs/data_refresh_completed.schema.json describes it. */
export type AnswerDocument = {
  readonly handoff: 'data_refresh_completed';
  readonly version: 1;
  readonly from?: string;
  readonly to: string;
  readonly urgency: 'high' | 'normal';
  readonly summary: string;
  readonly pipeline: string;
  readonly run_id: RunId;
  readonly created_at: string;
  readonly status: 'fulfilled' | 'partly_fulfilled' | 'not_fulfilled';
  readonly verdict: ExitVerdict;
  readonly request: AskedFor;
  readonly deliverables: readonly DeliverableResult[];
  readonly freshness?: Requirement & { readonly measured: readonly MeasuredFreshness[] };
  readonly completeness?: Requirement & { readonly checks: readonly string[] };
  readonly checks: CheckCounts;
  /** The checks of the run that did not pass; at most 50. */
  readonly findings: readonly CheckOfDeliverable[];
  readonly deadline?: DeadlineResult;
  readonly started_at: string;
  readonly completed_at: string;
  readonly duration_seconds: number;
  readonly tasks: {
    readonly succeeded: readonly TaskId[];
    readonly left_out: readonly { readonly task: TaskId; readonly why: string }[];
    readonly not_done: readonly TaskId[];
  };
  readonly places: AnswerPlaces;
  readonly action_required: string;
};

type DeadlineResult = {
  readonly at: string;
  readonly met: boolean;
  readonly late_by_seconds: number;
  /** As it was predicted before the run; null when nothing was known. */
  readonly expected_end: string | null;
  readonly could_be_met: boolean | null;
};

const maxNames = 5;

export function requestAnswer(input: AnswerInput): AnswerDocument {
  const { state, verdict, now, asked, leftOut, places } = input;
  const completedAt = state.finishedAt ?? now;
  const startedAt = state.startedAt ?? completedAt;
  const deliverables = input.deliverables.map((evidence) => judgeDeliverable(state, evidence));
  const freshness = judgeFreshness(
    state,
    input.freshness,
    asked.freshness,
    findTooOld(deliverables, input.maxAgeMs, completedAt),
  );
  const completeness = judgeCompleteness(state, input.completeness, asked.completeness);
  const deadline = judgeDeadline(input.outlook, completedAt);
  const unmet = [freshness, completeness].filter((one) => one?.met === false);
  const missing = deliverables.filter(({ status }) => status === 'not_delivered');
  // A run that took too long has delivered all the same.
  const isDone = verdict === 'success' || verdict === 'sla-missed';
  const isFulfilled = isDone && missing.length === 0 && unmet.length === 0;
  const hasNothing = deliverables.length === 0 ? !isDone : missing.length === deliverables.length;
  const status = isFulfilled ? 'fulfilled' : hasNothing ? 'not_fulfilled' : 'partly_fulfilled';
  const isPressing = asked.priority === 'high' || asked.priority === 'urgent';
  return {
    handoff: 'data_refresh_completed',
    version: 1,
    ...(asked.to === undefined ? {} : { from: asked.to }),
    to: asked.from,
    urgency: status !== 'fulfilled' && isPressing ? 'high' : 'normal',
    summary: summaryOf(deliverables, isDone, [freshness, completeness], deadline),
    pipeline: state.plan.pipeline.name,
    run_id: state.options.run,
    created_at: isoTime(completedAt),
    status,
    verdict,
    request: asked,
    deliverables,
    ...(freshness === undefined ? {} : { freshness }),
    ...(completeness === undefined ? {} : { completeness }),
    checks: countChecks(state),
    findings: findingsOf(state),
    ...(deadline === undefined ? {} : { deadline }),
    started_at: isoTime(startedAt),
    completed_at: isoTime(completedAt),
    duration_seconds: seconds(completedAt - startedAt),
    tasks: tasksOf(state, leftOut),
    places,
    action_required: isFulfilled
      ? 'none'
      : 'do not use what was not delivered; fix the cause and make the request again',
  };
}

/** The first deliverable that was made of a load which is older than required. */
function findTooOld(deliverables: readonly DeliverableResult[], maxAgeMs: number | undefined, now: EpochMs) {
  // biome-ignore lint/style/noRestrictedGlobals: reads a given moment; the clock is not read
  const isTooOld = (since: string) => maxAgeMs !== undefined && now - Date.parse(since) > maxAgeMs;
  const old = deliverables.find(({ stale }) => stale !== undefined && isTooOld(stale.since));
  return old?.stale === undefined ? undefined : { name: old.name, since: old.stale.since };
}

const maxFindings = 50;

function findingsOf({ checks }: RunState): readonly CheckOfDeliverable[] {
  return checks
    .flatMap((check) => (check.kind === 'done' && check.result.verdict !== 'pass' ? [check.result] : []))
    .slice(0, maxFindings)
    .map(({ check, verdict, summary }) => ({ check, status: verdict, message: summary }));
}

function judgeDeadline(outlook: Outlook | undefined, completedAt: EpochMs): DeadlineResult | undefined {
  if (outlook === undefined) return undefined;
  const { deadline, expectedEnd, canBeMet } = outlook;
  return {
    at: isoTime(deadline),
    met: completedAt <= deadline,
    late_by_seconds: seconds(Math.max(0, completedAt - deadline)),
    expected_end: expectedEnd === undefined ? null : isoTime(expectedEnd),
    could_be_met: canBeMet ?? null,
  };
}

function tasksOf(state: RunState, leftOut: AnswerInput['leftOut']): AnswerDocument['tasks'] {
  const fresh = new Set(leftOut.map(({ task }) => task));
  const succeeded: TaskId[] = [];
  const notDone: TaskId[] = [];
  const skipped = new Set<TaskId>();
  for (const { index, spec } of state.plan.tasks) {
    const { kind } = entryAt(state.tasks, index).state;
    if (kind === 'succeeded' || kind === 'reused') succeeded.push(spec.id);
    else if (kind === 'skipped' && fresh.has(spec.id)) skipped.add(spec.id);
    else notDone.push(spec.id);
  }
  return { succeeded, left_out: leftOut.filter(({ task }) => skipped.has(task)), not_done: notDone };
}

function summaryOf(
  deliverables: readonly DeliverableResult[],
  isDone: boolean,
  requirements: readonly (Requirement | undefined)[],
  deadline: DeadlineResult | undefined,
): string {
  const missing = deliverables.filter(({ status }) => status === 'not_delivered');
  const [first, ...others] = missing;
  const count = deliverables.length;
  const parts: string[] = [];
  if (first !== undefined) {
    const more = others.length > maxNames ? ` and ${others.length - maxNames} more` : '';
    const names = [`${first.name} (${first.why})`, ...others.slice(0, maxNames).map(({ name }) => name)];
    parts.push(`${count - missing.length} of ${count} delivered; not ${names.join(', ')}${more}`);
  } else if (count > 0)
    parts.push(count === 1 ? `${deliverables[0]!.name} was delivered` : `${count} of ${count} delivered`);
  else parts.push(isDone ? 'the data was refreshed' : 'the data was not refreshed in full');
  for (const one of requirements) if (one !== undefined && one.met !== true) parts.push(one.summary);
  if (deadline?.met === false)
    parts.push(`the deadline was missed by ${formatDuration(deadline.late_by_seconds * 1000)}`);
  return parts.join('; ');
}
