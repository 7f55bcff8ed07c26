import type { LevelId, TaskId } from '../../model/ids.ts';
import type { LocatedPath, Retries, RetryPolicy, TaskSpec } from '../../model/pipeline/pipeline.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import type { CommonFields } from '../schema/checks/common-fields.ts';
import { commandOf, type Shell, shellOf } from '../schema/command-shape.ts';
import { durationMs } from '../schema/duration-shape.ts';
import type { Mapping } from '../schema/list-shapes.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import type { DefaultsRecord, TaskRecord, variableFiles } from '../schema/sections/task-shape.ts';
import type { ValueOf } from '../schema/shape.ts';
import type { Timeout } from '../schema/timeout-shape.ts';
import { locate } from '../source.ts';
import { buildConditions } from './build-conditions.ts';
import { buildNotifications } from './build-handoffs.ts';
import { buildMatrix, lineWriters, matrixRecordOf } from './build-matrix.ts';
import { checkReuse } from './check-reuse.ts';
import type { CollectedTask } from './collect-tasks.ts';

/** The settings of tasks that do not set them themselves. */
export type Defaults = {
  readonly timeoutMs: number;
  readonly timeoutOfMedian?: number;
  readonly idleTimeoutMs?: number;
  readonly killGraceMs: number;
  readonly isolation?: 'pid';
  readonly labels?: readonly string[];
  readonly retry: RetryPolicy;
  readonly dir?: LocatedPath;
  readonly envFiles?: readonly LocatedPath[];
  readonly shell?: Shell;
};

const { task: taskDefaults, backoff: backoffDefaults } = formatDefaults;

/** The delays before retries where nobody sets them. */
export const usualDelays: Omit<Retries, 'retries'> = {
  initialMs: durationMs(backoffDefaults.initial),
  factor: backoffDefaults.factor,
  maxMs: durationMs(backoffDefaults.max),
  jitter: backoffDefaults.jitter,
};

const builtIn: Defaults = {
  timeoutMs: durationMs(taskDefaults.timeout),
  killGraceMs: durationMs(taskDefaults.kill_grace),
  retry: {
    retries: taskDefaults.retries,
    ...usualDelays,
    maxRetryAfterMs: durationMs(backoffDefaults.max_retry_after),
  },
};

/** @param shell that of the file as a whole */
export function buildDefaults(record: DefaultsRecord | undefined, shell: Shell | undefined, report: Report): Defaults {
  const under = shell === undefined ? builtIn : { ...builtIn, shell };
  return record === undefined ? under : mergeSettings(record, under, report);
}

export function buildTask(task: CollectedTask, defaults: Defaults, report: Report): TaskSpec {
  const { record, level } = task;
  const { shell, ...settings } = record === undefined ? defaults : mergeSettings(record, defaults, report);
  reportCriticalEnds(record, report);
  reportLastGoodSetup(record, report);
  checkReuse(task, report);
  return {
    id: task.name as TaskId,
    command: commandOf(record?.command, shell),
    dependencies: dependenciesOf(task),
    ...(level === undefined ? {} : { level: level.name as LevelId }),
    ...(record?.description === undefined ? {} : { description: record.description }),
    ...settings,
    pools: record?.pools?.map(({ text }) => text) ?? [],
    connections: record?.connections ?? taskDefaults.connections,
    ...(record?.cpu === undefined ? {} : { cpu: record.cpu }),
    ...(record?.memory === undefined ? {} : { memoryBytes: record.memory }),
    critical: isCritical(task),
    env: buildEnv(record?.env),
    ...fallbackOf(record, shell),
    ...buildConditions(record, shell, report),
    ...(record?.use_last_good ? { useLastGood: true as const } : {}),
    ...(record?.inputs === undefined ? {} : { inputs: record.inputs }),
    outputs: record?.outputs ?? [],
    ...(record?.reuse === undefined ? {} : { reuse: record.reuse }),
    ...buildNotifications(record?.notify, shell, report),
    ...endingOf(record),
    ...buildMatrix(matrixRecordOf(task), report),
    at: locate(report.source, task.at),
  };
}

export function buildEnv(env: Mapping<LocatedText> | undefined): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name, value } of env?.entries ?? []) if (value !== undefined) values[name] = value.text;
  return values;
}

function mergeSettings(record: DefaultsRecord | TaskRecord, under: Defaults, report: Report): Defaults {
  const { backoff, retry_on: retryOn } = record;
  if (retryOn !== undefined && retryOn.node.entries.length === 0) {
    const hint = 'give exit_codes, output or both';
    const message = '"retry_on" is empty, so nothing would be retried';
    reportError(report, { code: 'spec/bad-value', at: retryOn.node, message, hint });
  }
  const on =
    retryOn === undefined ? under.retry.on : { exitCodes: retryOn.exit_codes ?? [], output: retryOn.output ?? [] };
  const retry: RetryPolicy = {
    ...mergeRetries(record, under.retry, report),
    maxRetryAfterMs: backoff?.max_retry_after ?? under.retry.maxRetryAfterMs,
    ...(on === undefined ? {} : { on }),
  };
  const idleTimeoutMs = record.idle_timeout ?? under.idleTimeoutMs;
  const isolation = record.isolation ?? under.isolation ?? taskDefaults.isolation;
  return {
    ...mergeTimeout(record.timeout, under),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    killGraceMs: record.kill_grace ?? under.killGraceMs,
    ...(isolation === 'none' ? {} : { isolation }),
    ...mergeLabels(record, under),
    retry,
    ...mergeSurroundings(record, under, report),
  };
}

/** Those of a task replace those of the defaults. */
function mergeLabels(record: DefaultsRecord | TaskRecord, under: Defaults): Pick<Defaults, 'labels'> {
  const labels = record.labels?.map(({ text }) => text) ?? under.labels ?? [];
  return labels.length === 0 ? {} : { labels };
}

/** The retries of a task or a check, as far as it sets them, and `under` for the rest. */
export function mergeRetries(
  { retries, backoff }: Pick<CommonFields, 'retries' | 'backoff'>,
  under: Retries,
  report: Report,
): Retries {
  const initialMs = backoff?.initial ?? under.initialMs;
  const maxMs = backoff?.max ?? under.maxMs;
  if (backoff !== undefined && initialMs > maxMs) {
    const message = `the backoff starts at ${formatLimit(initialMs)}, but its maximum is ${formatLimit(maxMs)}`;
    const at = valueRange(backoff.node, backoff.max === undefined ? 'initial' : 'max');
    reportError(report, { code: 'spec/bad-value', at, message, hint: '"max" must be at least "initial"' });
  }
  return {
    retries: retries ?? under.retries,
    initialMs,
    factor: backoff?.factor ?? under.factor,
    maxMs,
    jitter: backoff?.jitter ?? under.jitter,
  };
}

/** Until a percentage of the usual duration is known, the limit is that of the defaults. */
function mergeTimeout(
  timeout: Timeout | undefined,
  { timeoutMs, timeoutOfMedian }: Defaults,
): Pick<Defaults, 'timeoutMs' | 'timeoutOfMedian'> {
  if (typeof timeout === 'number') return { timeoutMs: timeout };
  const ofMedian = timeout?.ofMedian ?? timeoutOfMedian;
  return { timeoutMs, ...(ofMedian === undefined ? {} : { timeoutOfMedian: ofMedian }) };
}

function mergeSurroundings(
  { dir, env_file: files, shell: written }: DefaultsRecord | TaskRecord,
  under: Defaults,
  report: Report,
): Pick<Defaults, 'dir' | 'envFiles' | 'shell'> {
  const place = dir === undefined ? under.dir : locatedPath(dir, report);
  const envFiles = files === undefined ? under.envFiles : buildEnvFiles(files, report).envFiles;
  const shell = written === undefined ? under.shell : shellOf(written);
  return {
    ...(place === undefined || isProject(place) ? {} : { dir: place }),
    ...(envFiles === undefined ? {} : { envFiles }),
    ...(shell === undefined ? {} : { shell }),
  };
}

function isProject({ path }: LocatedPath): boolean {
  return /^(?:\.?\/)*\.?$/.test(path);
}

/** Absent when no file is named. */
export function buildEnvFiles(
  files: ValueOf<typeof variableFiles> | undefined,
  report: Report,
): { readonly envFiles?: readonly LocatedPath[] } {
  if (files === undefined) return {};
  const all = 'text' in files ? [files] : files;
  return all.length === 0 ? {} : { envFiles: all.map((file) => locatedPath(file, report)) };
}

function locatedPath({ text, ...at }: LocatedText, { source }: Report): LocatedPath {
  return { path: text, at: locate(source, at) };
}

function fallbackOf(record: TaskRecord | undefined, shell: Shell | undefined): Pick<TaskSpec, 'fallback'> {
  const { command, note, fresh } = record?.fallback ?? {};
  if (command === undefined || note === undefined) return {};
  return { fallback: { command: commandOf(command, shell), note, ...(fresh ? { isFresh: true as const } : {}) } };
}

/** A task that runs at the end, or whose failure is tolerated, is not critical because its level is. */
function isCritical({ record, level }: CollectedTask): boolean {
  const stopsNothing = record?.run_when !== undefined || record?.continue_on_failure === true;
  return record?.critical ?? (!stopsNothing && (level?.critical ?? taskDefaults.critical));
}

function reportCriticalEnds(record: TaskRecord | undefined, report: Report): void {
  if (record?.critical !== true) return;
  const other =
    record.run_when !== undefined ? 'run_when' : record.continue_on_failure ? 'continue_on_failure' : undefined;
  if (other === undefined) return;
  const message = `"critical" ends the run when the task fails, but "${other}" continues`;
  const at = valueRange(record.node, other);
  reportError(report, { code: 'spec/bad-value', at, message, hint: 'keep one of them' });
}

/** What an earlier run has set up was taken down by it. */
function reportLastGoodSetup(record: TaskRecord | undefined, report: Report): void {
  if (record?.setup === undefined || record.use_last_good !== true) return;
  const at = valueRange(record.node, 'use_last_good');
  const message = '"use_last_good" does not work for a setup: its teardown removes the earlier result';
  reportError(report, { code: 'spec/bad-value', at, message, hint: 'remove "use_last_good", or "setup"' });
}

function endingOf(record: TaskRecord | undefined): Pick<TaskSpec, 'runWhen' | 'continueOnFailure' | 'setup'> {
  const { run_when: runWhen, continue_on_failure: goesOn, setup } = record ?? {};
  return {
    ...(runWhen === undefined ? {} : { runWhen: runWhen === 'on_failure' ? ('on-failure' as const) : runWhen }),
    ...(goesOn ? { continueOnFailure: true as const } : {}),
    ...(setup?.teardown === undefined ? {} : { setup: { teardown: setup.teardown.text as TaskId } }),
  };
}

function dependenciesOf(task: CollectedTask): readonly TaskId[] {
  const names = new Set<string>();
  for (const { text } of task.record?.dependencies ?? []) names.add(text);
  for (const { text } of task.level?.dependencies ?? []) names.add(text);
  for (const { text } of lineWriters(matrixRecordOf(task))) names.add(text);
  if (task.after !== undefined) names.add(task.after);
  return [...names] as TaskId[];
}
