import { describeRegression } from '../../display/regression-text.ts';
import type { Regression } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { paintIcon } from './line-layout.ts';

const slower = { icon: 'warning', severity: 'warning' } as const;

/** What has become slower, at most `most` lines, the whole run first. */
export function regressionLines(regressions: readonly Regression[], most: number, style: Style): readonly string[] {
  const shown = regressions.length > most ? regressions.slice(0, most - 1) : regressions;
  const more = regressions.length - shown.length;
  return [
    ...shown.map((regression) => `${paintIcon(slower, style)} ${describeRegression(regression)}`),
    ...(more === 0 ? [] : [`  and ${more} more slower than usual`]),
  ];
}
