import type { EpochMs, LevelId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { ResourceSample } from '../../../../../src/engine/model/run/resource-sample.ts';
import type { PerformanceRecord } from '../../../../../src/engine/results/files/performance-record.ts';
import { judgeSlas, type SlaForecast } from '../../../../../src/engine/results/slas/judge-slas.ts';
import type { SlaJudgement } from '../../../../../src/engine/results/slas/sla-judgement.ts';
import { createSlaMeter } from '../../../../../src/engine/results/slas/sla-meter.ts';
import { type FakeRun, noon } from '../../../../support/fake-run.ts';
import { gigabyte } from '../../../../support/take-sample.ts';

export type Known = {
  readonly past?: readonly PerformanceRecord[];
  /** How long the run will still take, in seconds, and its levels. */
  readonly left?: number;
  /** Something takes longer than in any earlier run. */
  readonly overdue?: boolean;
  readonly levelsLeft?: Readonly<Record<string, number>>;
  readonly samples?: readonly ResourceSample[];
};

/** How a run stands to its SLAs now, from its events and samples alone. */
export function judgedSlas(run: FakeRun, known: Known = {}): readonly SlaJudgement[] {
  const { past = [], left, overdue = false, levelsLeft = {}, samples = [] } = known;
  const meter = createSlaMeter(run.plan);
  const moments = [
    ...run.events.map((event) => ({ at: event.at, take: () => meter.onEvent(event) })),
    ...samples.map((sample) => ({ at: sample.at, take: () => meter.onSample(sample) })),
  ].sort((one, other) => one.at - other.at);
  for (const { take } of moments) take();
  const state = run.state();
  const forecast: SlaForecast | undefined =
    left === undefined
      ? undefined
      : {
          runMs: left * 1000,
          isUncertain: overdue,
          levelsMs: new Map(Object.entries(levelsLeft).map(([level, seconds]) => [level as LevelId, seconds * 1000])),
        };
  const reading = meter.reading(state.finishedAt ?? run.now());
  return judgeSlas({ state, reading, past, ...(forecast === undefined ? {} : { forecast }) });
}

/** The same of one of them, as `status: message`. */
export function judgedSla(run: FakeRun, sla: string, known: Known = {}): string {
  const found = judgedSlas(run, known).find((one) => one.sla === sla);
  return found === undefined ? 'not judged' : `${found.status}: ${found.message}`;
}

/** The record of an earlier run that ran these tasks. */
export function recordOf(tasks: readonly string[], facts: Partial<PerformanceRecord> = {}): PerformanceRecord {
  return {
    run_id: '20260104_120000_past',
    pipeline: 'sketch',
    plan_hash: '',
    status: 'success',
    verdict: 'success',
    sequential: false,
    max_parallel: 8,
    started_at: '',
    completed_at: '',
    total_duration_seconds: 10,
    task_seconds: 10,
    active_seconds: 10,
    critical_path_seconds: 10,
    peak_running: 1,
    results: tasks.map((task) => ({
      task: task as TaskId,
      status: 'success',
      duration_seconds: 1,
      attempt_seconds: 1,
      attempts: 1,
      stdout: '',
      stderr: '',
      error: null,
    })),
    ...facts,
  };
}

/** A sample of a machine with four cores, so many seconds after the start. */
export function sampleAt(seconds: number, sample: Partial<ResourceSample>): ResourceSample {
  return {
    at: (noon + seconds * 1000) as EpochMs,
    cpu: 0,
    memory: 0,
    memoryBytes: 0,
    cores: 4,
    memoryLimitBytes: 16 * gigabyte,
    tasks: new Map(),
    ...sample,
  };
}
