import type { PerformanceRecord } from '../files/performance-record.ts';
import type { Regression } from '../trends/regression.ts';

type JudgedRecord = PerformanceRecord & { readonly regressions?: readonly Regression[] };

/** Those that no earlier run has: what stays slow is told when it is found, and not after every run from then on. */
export function newRegressions(
  regressions: readonly Regression[],
  past: readonly JudgedRecord[],
): readonly Regression[] {
  const isKnown = ({ task, since }: Regression) =>
    past.some(({ regressions: known = [] }) => known.some((one) => one.task === task && one.since === since));
  return regressions.filter((one) => !isKnown(one));
}
