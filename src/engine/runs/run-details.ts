import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId } from '../model/ids.ts';
import { ok, type Result } from '../model/result.ts';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import { type RunTrends, trendsOf } from '../results/trends/run-trends.ts';
import { areComparable } from '../results/trends/same-params.ts';
import { readSamples } from '../storage/runs/read-samples.ts';
import { foldRun } from './fold-run.ts';
import { performanceBefore } from './past-performance.ts';
import { readRun } from './read-run.ts';
import { type RunReport, reportRun } from './report-run.ts';

/** A run with all that can be drawn of it. */
export type RunDetails = {
  readonly report: RunReport;
  /** What happened, and the state that came of it; absent when its journal is gone, and only its results are left. */
  readonly history?: { readonly events: readonly RunEvent[]; readonly state: RunState };
  /** Oldest first; of a long run some are left out. */
  readonly samples: readonly ResourceSample[];
  /** The records of the runs of the pipeline before it, oldest first. */
  readonly past: readonly PerformanceRecord[];
  /** Those of them that had as much to do, see `areComparable`. */
  readonly comparable: readonly PerformanceRecord[];
  /** Of the comparable runs and this one, which is the last; absent before the run has ended. */
  readonly trends?: RunTrends;
};

/** Reads all that is known of a run. Errors: those of `reportRun`. */
export async function runDetails(logDir: string, run: RunId, now: EpochMs): Promise<Result<RunDetails, Diagnostic>> {
  const reported = await reportRun(logDir, run, now);
  if (!reported.ok) return reported;
  const report = reported.value;
  const stored = readRun(logDir, run);
  const { performance } = report;
  const past = await performanceBefore(logDir, run, report.result.pipeline);
  const comparable = past.filter((record) => areComparable(record, performance?.params));
  return ok({
    report,
    ...(stored.ok ? { history: historyOf(stored.value) } : {}),
    samples: readSamples(report.paths.samples),
    past,
    comparable,
    ...(performance === undefined ? {} : { trends: trendsOf([...comparable, performance]) }),
  });
}

type Stored = Extract<ReturnType<typeof readRun>, { ok: true }>['value'];

function historyOf(stored: Stored): NonNullable<RunDetails['history']> {
  return { events: stored.events, state: foldRun(stored) };
}
