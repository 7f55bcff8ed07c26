import type { EpochMs } from '../../model/ids.ts';
import type { CheckResult, CheckVerdict } from '../../model/run/check-result.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { Staleness } from '../../model/run/staleness.ts';
import { describeCheckNotRun } from '../causes/describe-not-run.ts';
import { type StaleResult, stalenessOfCheck, staleResult } from '../staleness.ts';
import { isoTime, seconds } from './time-format.ts';

/** The content of `consistency_<run-id>.json`. */
export type ConsistencyReport = {
  readonly run_id: string;
  readonly pipeline: string;
  /** The worst verdict: fail, error, warn, pass. `not_run` when no check ran. */
  readonly status: CheckVerdict | 'not_run';
  readonly completed_at: string;
  readonly summary: CheckCounts;
  /** Checks that ran, in the order of the pipeline. */
  readonly checks: readonly CheckRow[];
  /** Checks of the pipeline that did not run; without a status, because nothing is known of the data. */
  readonly not_run: readonly { readonly check: string; readonly reason: string }[];
};

export type CheckCounts = { readonly [verdict in CheckVerdict | 'not_run']: number };

/** These fields, and the values that the check measured; a measured value never replaces a field. */
export type CheckRow = {
  readonly check: string;
  readonly status: CheckVerdict;
  readonly message: string;
  readonly duration_seconds: number;
  /** Present when there was more than one. */
  readonly attempts?: number;
  /** Present when the data that it judges is not up to date. */
  readonly stale?: StaleResult;
  readonly [measured: string]: unknown;
};

/** @param now the end, for a run that was left unfinished */
export function consistencyReport(state: RunState, now: EpochMs): ConsistencyReport {
  const rows = state.checks.flatMap((check, index) =>
    check.kind === 'done' ? [rowOf(check.result, stalenessOfCheck(state, index))] : [],
  );
  const summary = countChecks(state);
  return {
    run_id: state.options.run,
    pipeline: state.plan.pipeline.name,
    status: (['fail', 'error', 'warn', 'pass', 'not_run'] as const).find((one) => summary[one] > 0) ?? 'not_run',
    completed_at: isoTime(state.finishedAt ?? now),
    summary,
    checks: rows,
    not_run: state.plan.checks
      .filter(({ index }) => state.checks[index]!.kind !== 'done')
      .map(({ spec, index }) => ({
        check: spec.name,
        reason: whyNotRun(state, index),
      })),
  };
}

export function countChecks(state: RunState): CheckCounts {
  const counts = { pass: 0, warn: 0, fail: 0, error: 0, not_run: 0 };
  for (const check of state.checks) counts[check.kind === 'done' ? check.result.verdict : 'not_run'] += 1;
  return counts;
}

function whyNotRun(state: RunState, index: number): string {
  const check = state.checks[index]!;
  if (check.kind === 'running') return 'the run ended before the result';
  if (check.kind === 'backing-off') return `the run ended before its next attempt: ${check.result.summary}`;
  return describeCheckNotRun(state, index) ?? 'the run ended before it';
}

function rowOf(result: CheckResult, stale: Staleness | undefined): CheckRow {
  const { check, verdict, summary, measured, durationMs, attempts } = result;
  const fields = { check, status: verdict, message: summary, duration_seconds: seconds(durationMs) };
  const row = { ...fields, ...(attempts === undefined ? {} : { attempts }), ...staleResult(stale) };
  const { stale: _, ...values } = measured;
  // Spread first for the order of the keys, and last so that measured values cannot replace them.
  return { ...row, ...values, ...row };
}
