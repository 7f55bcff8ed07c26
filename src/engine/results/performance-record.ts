import type { EpochMs } from '../model/ids.ts';
import type { TaskUsage } from '../model/resource-sample.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { entryAt } from '../model/task-table.ts';
import { measureRun, type RunMeasures } from './measure-run.ts';
import type { ResourcePeaks } from './resource-peaks.ts';
import { type RunSummary, runSummary } from './run-result.ts';
import { durationMs, type OutputLookup, type TaskResult, taskResult } from './task-result.ts';
import { seconds } from './time-format.ts';

/** The content of `performance/execution_<run-id>.json`: small, and kept for good, because trends are read from it. */
export type PerformanceRecord = RunSummary & {
  /** What all attempts took together. */
  readonly task_seconds: number;
  /** How long at least one of them ran: without the time in which nothing did but wait for a person, a retry, a check. */
  readonly active_seconds: number;
  /** The gain over one task at a time: `task_seconds` by `active_seconds`; absent when fewer than two tasks ran. */
  readonly speedup?: number;
  /** The longest chain of tasks that waited for each other, by what they took: no number of slots makes it shorter. */
  readonly critical_path_seconds: number;
  /** The most tasks that ran at the same moment. */
  readonly peak_running: number;
  /** The most of the machine that was in use, 0 to 1; what was not measured is left out, here and in the tasks. */
  readonly peak_cpu?: number;
  readonly peak_memory?: number;
  readonly peak_memory_bytes?: number;
  /** The most sessions that were open in the database, ours and those of others. */
  readonly peak_connections?: number;
  readonly results: readonly TaskPerformance[];
};

export type TaskPerformance = Omit<TaskResult, 'log'> & {
  /** What the last attempt alone took. */
  readonly attempt_seconds: number;
  /** The most cores that the task's processes kept busy, and the most memory they held, together. */
  readonly peak_cpu_cores?: number;
  readonly peak_memory_bytes?: number;
};

/** A failure should still explain itself when the run's logs are gone; more would not be small. */
const outputCharacters = 200;

/**
 * @param events all of the run's, in their order
 * @param now stands in for the end of a run that has none
 */
export function performanceRecord(
  state: RunState,
  events: Iterable<RunEvent>,
  output: OutputLookup,
  now: EpochMs,
  peaks?: ResourcePeaks,
): PerformanceRecord {
  const measures = measureRun(events);
  return {
    ...runSummary(state, now),
    task_seconds: seconds(measures.busyMs),
    active_seconds: seconds(measures.activeMs),
    ...speedupOf(measures),
    critical_path_seconds: seconds(criticalPathMs(state)),
    peak_running: measures.peakRunning,
    ...(peaks === undefined ? {} : peaksOfRun(peaks)),
    results: state.plan.tasks.map(({ index, spec }) => {
      const { log: _, ...result } = taskResult(state, index, output, outputCharacters);
      return {
        ...result,
        attempt_seconds: seconds(measures.lastAttemptMs.get(spec.id) ?? 0),
        ...peaksOfTask(peaks?.tasks.get(spec.id)),
      };
    }),
  };
}

function speedupOf({ busyMs, activeMs, lastAttemptMs }: RunMeasures): Pick<PerformanceRecord, 'speedup'> {
  return lastAttemptMs.size < 2 || activeMs === 0 ? {} : { speedup: thousandths(busyMs / activeMs) };
}

function peaksOfRun({ cpu, memory, memoryBytes, connections }: ResourcePeaks): Partial<PerformanceRecord> {
  return {
    peak_cpu: thousandths(cpu),
    peak_memory: thousandths(memory),
    peak_memory_bytes: memoryBytes,
    ...(connections === undefined ? {} : { peak_connections: connections }),
  };
}

function peaksOfTask(usage: TaskUsage | undefined): Partial<TaskPerformance> {
  return usage === undefined ? {} : { peak_cpu_cores: thousandths(usage.cpu), peak_memory_bytes: usage.memoryBytes };
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Delays between attempts count: they held up what is downstream as much as work did. */
function criticalPathMs(state: RunState): number {
  const { tasks, checks, order } = state.plan;
  const ahead = tasks.map(({ upstream }) => [...upstream]);
  for (const { after, gates } of checks) for (const gated of gates) ahead[gated]!.push(...after);
  const ends = new Array<number>(tasks.length).fill(0);
  let longest = 0;
  for (const index of order) {
    let start = 0;
    for (const before of ahead[index]!) start = Math.max(start, ends[before]!);
    ends[index] = start + durationMs(entryAt(state.tasks, index));
    longest = Math.max(longest, ends[index]!);
  }
  return longest;
}
