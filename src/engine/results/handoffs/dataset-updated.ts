import type { EpochMs, TaskId } from '../../model/ids.ts';
import { medianOf } from '../../model/median.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { PlannedCheck } from '../../model/pipeline/plan.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { TaskState } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { exitVerdict } from '../causes/exit-verdict.ts';
import type { CheckCounts } from '../files/consistency-report.ts';
import { durationMs } from '../files/task-result.ts';
import { epochMs, isoTime, seconds } from '../files/time-format.ts';
import { staleSinceOf } from '../staleness.ts';
import { type Dataset, findDataset, lastingOutputs } from './find-dataset.ts';
import { type Handoff, type HandoffHeader, type HandoffInput, header } from './handoff-document.ts';

/** A data set that a run has renewed; written only when every check has passed or only warned. */
export type DatasetUpdatedDocument = HandoffHeader & {
  readonly handoff: 'features_dataset_updated';
  readonly dataset: string;
  readonly location: {
    readonly project: string;
    /** As in the pipeline file, relative to the project. */
    readonly files: readonly string[];
    readonly table: string | null;
    readonly database: string | null;
  };
  /** As the task that makes it reported; null when none did, or it cannot be told which one makes it. */
  readonly row_count: number | null;
  readonly rows_by_task: Readonly<Record<string, number>>;
  readonly validation: {
    readonly status: 'passed' | 'passed_with_warnings' | 'not_validated';
    readonly checks: CheckCounts;
    /** What the checks that warn have found. */
    readonly warnings: readonly string[];
  };
  readonly execution_time_seconds: number;
  /** Tasks whose fallback did the work or whose last good load stands in, and what was put in their place. */
  readonly degraded: readonly { readonly task: TaskId; readonly note: string }[];
  /** Tasks whose data is not up to date, degraded ones included, with the end of the load that it comes from. */
  readonly stale: readonly { readonly task: TaskId; readonly since: string }[];
  /** Tasks of the pipeline that this run did not carry out. */
  readonly left_out: readonly TaskId[];
  readonly next_refresh: string | null;
  readonly action_required: string;
};

/** At most so many files, rows and names. */
const maxItems = 100;

/** What a successful run has renewed; nothing when it left out what makes the data set. */
export function datasetUpdated(input: HandoffInput): readonly Handoff<DatasetUpdatedDocument>[] {
  const { state, record } = input;
  const { pipeline } = state.plan;
  const { dataset = pipeline.name } = pipeline.handoffs?.onSuccess ?? {};
  const found = findDataset(pipeline, dataset);
  const kinds = found.makers.map((task) => stateOf(state, task)?.kind);
  // What is reused or not needed is as new as it can be; something must have been done all the same.
  const isMade = kinds.every((kind) => kind !== undefined && asNewAsCanBe.has(kind)) && kinds.includes('succeeded');
  if (exitVerdict(state) !== 'success' || !isMade) return [];
  const document = describe(input, dataset, {
    tasks: pipeline.tasks,
    found,
    checks: state.plan.checks,
    seconds: record.total_duration_seconds,
  });
  return [{ trigger: 'success', subject: dataset, tasks: [], document }];
}

const asNewAsCanBe: ReadonlySet<TaskState['kind']> = new Set(['succeeded', 'reused', 'not-needed']);

/** The same for single tasks whose success somebody wants to be told; they get no file. */
export function taskDatasets(input: HandoffInput): readonly Handoff<DatasetUpdatedDocument>[] {
  const { state } = input;
  return state.plan.tasks.flatMap(({ index, spec }) => {
    const { id, notify = [] } = spec;
    const entry = entryAt(state.tasks, index);
    const checks = state.plan.checks.filter(({ after, atEnd }) => !atEnd && after.includes(index));
    const isWanted = notify.some(({ on }) => on.includes('success'));
    if (!isWanted || entry.state.kind !== 'succeeded' || checks.some((check) => hasFailed(state, check))) return [];
    const found = { makers: [id], table: null, files: lastingOutputs(spec) };
    const document = describe(input, id, { tasks: [spec], found, checks, seconds: seconds(durationMs(entry)) });
    return [{ trigger: 'success', subject: id, tasks: [id], isForTask: true, document }];
  });
}

/** What of a run concerns a data set. */
type Concerned = {
  readonly tasks: readonly TaskSpec[];
  readonly found: Dataset;
  readonly checks: readonly PlannedCheck[];
  readonly seconds: number;
};

function describe(input: HandoffInput, dataset: string, concerned: Concerned): DatasetUpdatedDocument {
  const { state, places } = input;
  const { rows, degraded, stale, leftOut } = outcomesOf(state, concerned.tasks);
  const own = stale.filter(({ task }) => concerned.found.makers.includes(task));
  const oldest = own.map(({ since }) => since).sort()[0];
  const condition = oldest === undefined ? 'is up to date' : `was updated with data that is stale since ${oldest}`;
  const known = concerned.found.makers.flatMap((task) => rows.get(task) ?? []);
  // The rows of several tasks are those of several tables.
  const count = known.length === 1 ? known[0]! : null;
  const size = count === null ? '' : `: ${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
  const validation = validationOf(state, concerned.checks);
  return {
    ...header(input, 'features_dataset_updated', {
      urgency: 'normal',
      summary: `${dataset} ${condition}${size}`,
    }),
    dataset,
    location: {
      project: places.projectDir,
      files: concerned.found.files.slice(0, maxItems),
      table: concerned.found.table,
      database: places.database ?? null,
    },
    row_count: count,
    rows_by_task: Object.fromEntries([...rows].slice(0, maxItems)),
    validation,
    execution_time_seconds: concerned.seconds,
    degraded: degraded.slice(0, maxItems),
    stale: stale.slice(0, maxItems),
    left_out: leftOut.slice(0, maxItems),
    next_refresh: nextRefresh(input),
    action_required: actionOf(validation.status, degraded.length > 0, stale.length > 0),
  };
}

function stateOf({ plan, tasks }: RunState, task: TaskId): TaskState | undefined {
  const index = plan.indexOf.get(task);
  return index === undefined ? undefined : entryAt(tasks, index).state;
}

function outcomesOf(state: RunState, tasks: readonly TaskSpec[]) {
  const rows = new Map<TaskId, number>();
  const degraded: { readonly task: TaskId; readonly note: string }[] = [];
  const stale: { readonly task: TaskId; readonly since: string }[] = [];
  const leftOut: TaskId[] = [];
  for (const { id } of tasks) {
    const index = state.plan.indexOf.get(id);
    const entry = index === undefined ? undefined : entryAt(state.tasks, index);
    if (entry?.state.kind !== 'succeeded') {
      if (entry?.state.kind !== 'reused') leftOut.push(id);
      continue;
    }
    // What a failed attempt reported is not what is there.
    if (entry.report?.rows !== undefined && entry.state.cause === undefined) rows.set(id, entry.report.rows);
    if (entry.state.degraded !== undefined) degraded.push({ task: id, note: entry.state.degraded });
    const since = staleSinceOf(state, index!);
    if (since !== undefined) stale.push({ task: id, since: isoTime(since) });
  }
  return { rows, degraded, stale, leftOut };
}

function hasFailed(state: RunState, { index }: PlannedCheck): boolean {
  const check = state.checks[index]!;
  return check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error');
}

function validationOf(state: RunState, planned: readonly PlannedCheck[]): DatasetUpdatedDocument['validation'] {
  const checks = { pass: 0, warn: 0, fail: 0, error: 0, not_run: 0 };
  const warnings: string[] = [];
  for (const { index } of planned) {
    const check = state.checks[index]!;
    checks[check.kind === 'done' ? check.result.verdict : 'not_run'] += 1;
    if (check.kind === 'done' && check.result.verdict === 'warn')
      warnings.push(`${check.result.check}: ${check.result.summary}`);
  }
  const isPassed = checks.pass > 0 && checks.not_run === 0 ? 'passed' : 'not_validated';
  return { status: warnings.length > 0 ? 'passed_with_warnings' : isPassed, checks, warnings };
}

/** As the pipeline file says; else as earlier runs followed each other, if they did so regularly. */
function nextRefresh({ state, now, record, past }: HandoffInput): string | null {
  const startedAt = state.startedAt ?? now;
  const every =
    state.plan.pipeline.handoffs?.onSuccess?.everyMs ??
    usualInterval([...past, record].map(({ started_at }) => started_at));
  return every === undefined ? null : isoTime((startedAt + every) as EpochMs);
}

const minIntervals = 3;
const maxDeviation = 0.25;

function usualInterval(moments: readonly string[]): number | undefined {
  const times = moments.flatMap((moment) => epochMs(moment) ?? []);
  const intervals = times.slice(1).map((time, at) => time - times[at]!);
  const usual = medianOf(intervals);
  if (usual === undefined || intervals.length < minIntervals) return undefined;
  return intervals.every((interval) => Math.abs(interval - usual) <= maxDeviation * usual) ? usual : undefined;
}

function actionOf(
  status: DatasetUpdatedDocument['validation']['status'],
  isDegraded: boolean,
  isStale: boolean,
): string {
  const parts = [
    ...(isDegraded ? ['see "degraded" for what replaces fresh data'] : []),
    ...(isStale ? ['see "stale" for the age of its data'] : []),
    ...(status === 'passed_with_warnings' ? ['read the warnings before you use it'] : []),
    ...(status === 'not_validated' ? ['the data was not checked: check it before you use it'] : []),
  ];
  return parts.length === 0 ? 'none: the data can be used' : parts.join('; ');
}
