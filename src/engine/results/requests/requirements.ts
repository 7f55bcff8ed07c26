import type { TaskId } from '../../model/ids.ts';
import type { CheckResult } from '../../model/run/check-result.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** How data stands to something that was required of it. */
export type Requirement = {
  /** As it was written. */
  readonly required: string;
  /** Null when nothing could be told. */
  readonly met: boolean | null;
  readonly summary: string;
};

export type MeasuredFreshness = {
  readonly task: TaskId;
  readonly column: string;
  /** Null when there is no time in it, or it could not be read. */
  readonly newest: string | null;
  readonly age_seconds: number | null;
  readonly fresh: boolean;
};

/** Data whose age no check measures: what was made of an earlier load. */
type OldDeliverable = { readonly name: string; readonly since: string };

type FreshnessCheck = { readonly task: TaskId; readonly column: string; readonly check: string };

/** The ages that the checks of a run have measured; undefined when freshness was not required. */
export function judgeFreshness(
  state: RunState,
  checks: readonly FreshnessCheck[] | undefined,
  required = '',
  tooOld?: OldDeliverable,
): (Requirement & { readonly measured: readonly MeasuredFreshness[] }) | undefined {
  if (checks === undefined) return undefined;
  const measured = checks.flatMap(({ task, column, check }) => {
    const result = resultOf(state, check);
    if (result === undefined) return [];
    const { newest, age_ms: age } = result.measured;
    const one: MeasuredFreshness = {
      task,
      column,
      newest: typeof newest === 'string' ? newest : null,
      age_seconds: typeof age === 'number' ? Math.round(age / 1000) : null,
      fresh: result.verdict === 'pass',
    };
    return [one];
  });
  const old = measured.filter(({ fresh }) => !fresh);
  const met =
    old.length > 0 || tooOld !== undefined
      ? false
      : measured.length === 0 || measured.length < checks.length
        ? null
        : true;
  const summary =
    old.length === 0 && tooOld !== undefined
      ? `${tooOld.name} is stale since ${tooOld.since}`
      : freshnessSummary(met, old);
  return { required, met, summary, measured };
}

function freshnessSummary(met: boolean | null, [first]: readonly MeasuredFreshness[]): string {
  if (met === true) return 'the data is fresh enough';
  if (first === undefined) return 'its freshness was not measured';
  return first.newest === null ? `${first.column} has no time` : `${first.column} is too old (${first.newest})`;
}

/** What the checks that stand for completeness say; undefined when it was not required. */
export function judgeCompleteness(
  state: RunState,
  checks: readonly string[] | undefined,
  required = '',
): (Requirement & { readonly checks: readonly string[] }) | undefined {
  if (checks === undefined) return undefined;
  const results = checks.map((check) => resultOf(state, check));
  const wrong = results.find((result) => result !== undefined && result.verdict !== 'pass');
  const met = wrong !== undefined ? false : checks.length === 0 || results.includes(undefined) ? null : true;
  return { required, met, summary: completenessSummary(met, wrong, checks), checks };
}

function completenessSummary(met: boolean | null, wrong: CheckResult | undefined, checks: readonly string[]): string {
  if (met === true) return 'the data is complete';
  if (wrong !== undefined) return `the data is not complete: check ${wrong.check}: ${wrong.summary}`;
  return checks.length === 0
    ? 'no check covers the completeness of this data'
    : 'the completeness was not fully checked';
}

function resultOf(state: RunState, name: string): CheckResult | undefined {
  const check = state.checks.find((one) => one.kind === 'done' && one.result.check === name);
  return check?.kind === 'done' ? check.result : undefined;
}
