import { verdictDisplays } from '../../../display/states/check-display.ts';
import type { CheckResult, PerformanceRecord, RunState } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { sparkline } from '../../primitives/sparkline.ts';
import { severityStyles, type Theme } from '../../theme.ts';

/** How a check ended in one run; `value` is the number that it measured, if any. */
export type CheckPoint = { readonly run: string; readonly verdict: CheckResult['verdict']; readonly value?: number };

/** By name of the check, oldest first. */
export type CheckHistories = ReadonlyMap<string, readonly CheckPoint[]>;

export function checkHistories(records: readonly PerformanceRecord[]): CheckHistories {
  const histories = new Map<string, CheckPoint[]>();
  for (const { run_id: run, checks = [] } of records) {
    for (const { check, status: verdict, value } of checks) {
      const point = { run, verdict, ...(value === undefined ? {} : { value }) };
      const known = histories.get(check);
      if (known === undefined) histories.set(check, [point]);
      else known.push(point);
    }
  }
  return histories;
}

/** The history of the check at `index`, with its verdict in this run as the last point. */
export function pointsOf(histories: CheckHistories, state: RunState, index: number): readonly CheckPoint[] {
  const { run } = state.options;
  const stored = histories.get(state.plan.checks[index]!.spec.name) ?? [];
  const check = state.checks[index]!;
  if (check.kind !== 'done') return stored.filter((point) => point.run !== run);
  const { verdict, value } = check.result;
  // The record of a run that was taken up again has the answer of its earlier end.
  const own = { run, verdict, ...(value === undefined ? {} : { value }) };
  return [...stored.filter((point) => point.run !== run), own];
}

/**
 * The last `width` points, newest at the right, each in the colour of its verdict: the height is the measured value, where
 * values were measured, and else how bad the verdict is. A point without a value among others shows its verdict's icon.
 */
export function checkSparkline(points: readonly CheckPoint[], width: number, theme: Theme): Line {
  const shown = width > 0 ? points.slice(-width) : [];
  const values = shown.map(({ value = Number.NaN }) => value);
  const max = values.reduce((high, value) => (Number.isFinite(value) ? Math.max(high, value) : high), 0);
  const marks = shown.map(({ verdict }, at) => {
    const { icon, severity } = verdictDisplays[verdict];
    const value = values[at]!;
    const text =
      max === 0
        ? sparkline([verdictHeights[verdict]], 1, 1, theme)
        : Number.isFinite(value)
          ? sparkline([value], 1, max, theme)
          : theme.icons[icon];
    return styled(text, severityStyles[severity]);
  });
  return [styled(' '.repeat(Math.max(0, width - shown.length))), ...marks];
}

const verdictHeights = { pass: 0, warn: 0.5, fail: 1, error: 1 } as const;
