import type { ReportSource } from '../../../../src/cli/report/parts.ts';
import type { EpochMs, ResourceSample, TaskId } from '../../../../src/engine/index.ts';
import { consistencyReport } from '../../../../src/engine/results/files/consistency-report.ts';
import { type PerformanceRecord, performanceRecord } from '../../../../src/engine/results/files/performance-record.ts';
import { runResult } from '../../../../src/engine/results/files/run-result.ts';
import { trendsOf } from '../../../../src/engine/results/trends/run-trends.ts';
import { haveSameParams } from '../../../../src/engine/results/trends/same-params.ts';
import { createWaitMeter } from '../../../../src/engine/scheduler/admission/measure-waits.ts';
import { evolve } from '../../../../src/engine/scheduler/state/evolve.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { runPaths } from '../../../../src/engine/storage/runs/run-paths.ts';
import { type FakeRun, noon } from '../../../support/fake-run.ts';

type More = Partial<Pick<ReportSource, 'samples' | 'past' | 'output'>> & {
  /** What takes the place of fields of the record. */
  readonly record?: Partial<PerformanceRecord>;
  /** Whether the journal is gone. */
  readonly isPruned?: true;
};

/** What a page is made of, for a run that a test has played. */
export function reportSource(run: FakeRun, { record, isPruned, past = [], ...more }: More = {}): ReportSource {
  const state = run.state();
  const lookup = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => undefined };
  const meter = createWaitMeter();
  let reached = initialState(run.plan, state.options);
  for (const event of run.events) {
    reached = evolve(reached, event);
    meter.onEvent(event, reached);
  }
  const performance = performanceRecord(state, run.events, lookup, run.now(), undefined, meter.times());
  const now = { ...performance, ...record };
  const comparable = past.filter(({ params }) => haveSameParams(params, now.params));
  const result = runResult(state, lookup, run.now(), meter.times());
  return {
    report: {
      status: result.status,
      result,
      consistency: consistencyReport(state, run.now()),
      performance: now,
      paths: runPaths('/project/logs/etl', state.options.run),
      missing: [],
      notices: [],
    },
    ...(isPruned ? {} : { history: { events: run.events, state } }),
    samples: [],
    past,
    comparable,
    trends: trendsOf([...comparable, now]),
    output: new Map(),
    shown: (path) => path.replace('/project/', ''),
    ...more,
  };
}

/** Samples of a machine, one a second from the start of a run. */
export function samplesOf(cpu: readonly number[]): readonly ResourceSample[] {
  return cpu.map((value, second) => ({
    at: (noon + second * 1000) as EpochMs,
    cpu: value,
    memory: 0.4,
    memoryBytes: 2 ** 30,
    cores: 2,
    memoryLimitBytes: 2 ** 32,
    connections: { used: 3 + second, limit: 100 },
    diskRate: { readBytes: 1_000, writtenBytes: 2 ** 20 },
    tasks: new Map<TaskId, never>(),
  }));
}
