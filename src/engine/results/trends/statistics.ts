import { medianOf } from '../../model/median.ts';

/** Of one measure over several runs, in the unit of the measure. */
export type Statistics = {
  /** How many values there are; at least one. */
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  /** The standard deviation of a sample; absent of a single value. */
  readonly stdev?: number;
  readonly min: number;
  readonly max: number;
};

/** Rounded to thousandths; undefined without values. */
export function statisticsOf(values: readonly number[]): Statistics | undefined {
  const median = medianOf(values);
  if (median === undefined) return undefined;
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean: thousandths(mean),
    median: thousandths(median),
    ...(count < 2 ? {} : { stdev: thousandths(Math.sqrt(squares / (count - 1))) }),
    min: values.reduce((low, value) => Math.min(low, value)),
    max: values.reduce((high, value) => Math.max(high, value)),
  };
}

export function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
