import type { EpochMs, TaskId } from '../../model/ids.ts';
import type { CheckVerdict } from '../../model/run/check-result.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { WaitTimes } from '../../model/run/wait-times.ts';
import { createAttemptMeter } from '../attempt-meter.ts';
import { longestChain } from '../longest-chain.ts';
import type { ResourcePeaks, TaskPeaks } from '../resource-peaks.ts';
import { momentsOf } from '../trends/same-params.ts';
import { type RunSummary, runSummary } from './run-result.ts';
import { type OutputLookup, type TaskResult, taskResult } from './task-result.ts';
import { seconds } from './time-format.ts';
import { type WaitSeconds, waitingSecondsOfRun } from './waiting-seconds.ts';

/** The content of `performance/execution_<run-id>.json`. It is small and never deleted, because trends are computed from it. */
export type PerformanceRecord = RunSummary & {
  /** The durations of all attempts, added up. */
  readonly task_seconds: number;
  /** How long at least one attempt was running: without the time in which everything waited for an operator, a retry or a check. */
  readonly active_seconds: number;
  /** `task_seconds` divided by `active_seconds`: the gain over one task at a time; absent when fewer than two tasks ran. */
  readonly speedup?: number;
  /** The duration of the longest chain of dependent tasks; no number of slots makes the run shorter. */
  readonly critical_path_seconds: number;
  /** The tasks of that chain, in their order; absent in the records of earlier versions. */
  readonly critical_path?: readonly TaskId[];
  /** The highest number of tasks that ran at the same time. */
  readonly peak_running: number;
  /** The highest usage of the machine, 0 to 1; absent when it was not measured, here and in the tasks. */
  readonly peak_cpu?: number;
  readonly peak_memory?: number;
  readonly peak_memory_bytes?: number;
  /** The highest number of sessions in the database, of all its clients. */
  readonly peak_connections?: number;
  /** How many connections the tasks could hold together; absent without a limit. */
  readonly connection_budget?: number;
  /** The parameters of the run, masked; absent when there are none. */
  readonly params?: Readonly<Record<string, string>>;
  /** Names of parameters that say for which day, month or hour the run was; absent when there are none. */
  readonly moments?: readonly string[];
  /** How long each check took; absent when none ran. */
  readonly check_seconds?: Readonly<Record<string, number>>;
  /** How each check ended, in the order of the pipeline; absent when none ran. */
  readonly checks?: readonly CheckOutcome[];
  /** How long the tasks waited before they ran, together, by cause. */
  readonly waiting_seconds?: WaitSeconds;
  readonly results: readonly TaskPerformance[];
};

/** `kind` is that of the check; `value` its one number (`CheckResult.value`), which only checks of one kind can be compared by. */
export type CheckOutcome = {
  readonly check: string;
  readonly kind: string;
  readonly status: CheckVerdict;
  readonly value?: number;
};

export type TaskPerformance = Omit<TaskResult, 'log'> & {
  /** The duration of the last attempt. */
  readonly attempt_seconds: number;
  /** The highest usage of all processes of the task together. */
  readonly peak_cpu_cores?: number;
  readonly peak_memory_bytes?: number;
  readonly peak_connections?: number;
  readonly peak_processes?: number;
  /** Busy cores on average, of the last attempt. */
  readonly mean_cpu_cores?: number;
};

/** Enough to explain a failure when the logs are deleted, and little enough to keep for ever. */
const outputCharacters = 200;

/**
 * @param events all of the run's, in their order
 * @param now the end, for a run that was left unfinished
 */
export function performanceRecord(
  state: RunState,
  events: Iterable<RunEvent>,
  output: OutputLookup,
  now: EpochMs,
  peaks?: ResourcePeaks,
  waits?: WaitTimes,
): PerformanceRecord {
  const meter = createAttemptMeter();
  for (const event of events) meter.onEvent(event);
  const [busyMs, activeMs, lastAttemptMs] = [meter.busyMs(now), meter.activeMs(now), meter.lastAttemptMs()];
  const path = longestChain(state);
  return {
    ...runSummary(state, now),
    task_seconds: seconds(busyMs),
    active_seconds: seconds(activeMs),
    // One task has nothing to be faster than.
    ...(lastAttemptMs.size < 2 || activeMs === 0 ? {} : { speedup: thousandths(busyMs / activeMs) }),
    critical_path_seconds: seconds(path.ms),
    critical_path: path.tasks,
    peak_running: meter.peakRunning(),
    ...(peaks === undefined ? {} : peaksOfRun(peaks)),
    ...(state.options.connectionBudget === undefined ? {} : { connection_budget: state.options.connectionBudget }),
    ...paramsOf(state),
    ...checkSeconds(state),
    ...checkOutcomes(state),
    ...(waits === undefined ? {} : waitingSecondsOfRun(waits)),
    results: state.plan.tasks.map(({ index, spec }) => {
      const { log: _, ...result } = taskResult(state, index, output, outputCharacters, waits);
      return {
        ...result,
        attempt_seconds: seconds(lastAttemptMs.get(spec.id) ?? 0),
        ...peaksOfTask(peaks?.tasks.get(spec.id)),
      };
    }),
  };
}

function paramsOf({ options: { params }, plan }: RunState): Pick<PerformanceRecord, 'params' | 'moments'> {
  const moments = momentsOf(plan.pipeline.params, params);
  return { ...(params === undefined ? {} : { params }), ...(moments === undefined ? {} : { moments }) };
}

function checkSeconds({ checks }: RunState): Pick<PerformanceRecord, 'check_seconds'> {
  const taken = checks.flatMap((check) =>
    check.kind === 'done' ? [[check.result.check, seconds(check.result.durationMs)] as const] : [],
  );
  return taken.length === 0 ? {} : { check_seconds: Object.fromEntries(taken) };
}

function checkOutcomes({ checks, plan }: RunState): Pick<PerformanceRecord, 'checks'> {
  const outcomes = checks.flatMap((check, index): readonly CheckOutcome[] => {
    if (check.kind !== 'done') return [];
    const { check: name, verdict, value } = check.result;
    const { kind } = plan.checks[index]!.spec.definition;
    return [{ check: name, kind, status: verdict, ...(value === undefined ? {} : { value }) }];
  });
  return outcomes.length === 0 ? {} : { checks: outcomes };
}

function peaksOfRun({ cpu, memory, memoryBytes, connections }: ResourcePeaks): Partial<PerformanceRecord> {
  return {
    peak_cpu: thousandths(cpu),
    peak_memory: thousandths(memory),
    peak_memory_bytes: memoryBytes,
    ...(connections === undefined ? {} : { peak_connections: connections }),
  };
}

function peaksOfTask(peaks: TaskPeaks | undefined): Partial<TaskPerformance> {
  if (peaks === undefined) return {};
  const { cpu, memoryBytes, connections, processes, meanCpu } = peaks;
  return {
    peak_cpu_cores: thousandths(cpu),
    peak_memory_bytes: memoryBytes,
    ...(connections === undefined ? {} : { peak_connections: connections }),
    ...(processes === undefined ? {} : { peak_processes: processes }),
    ...(meanCpu === undefined ? {} : { mean_cpu_cores: thousandths(meanCpu) }),
  };
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
