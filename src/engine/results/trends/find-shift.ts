import { medianOf } from '../../model/median.ts';

/** Where a series of durations has become longer and still is. */
export type Shift = {
  /** The place of the first longer value. */
  readonly begin: number;
  /** The median of the values before it. */
  readonly usual: number;
  /** How many values that is. */
  readonly compared: number;
};

/** Fewer values do not tell how much the others scatter. */
export const minCompared = 5;
/** Older values were of other data. A shift that has lasted as long is what is usual. */
const maxCompared = 10;
/** A smaller change matters to nobody. */
const minShare = 0.15;
const minSeconds = 0.25;
/** Durations scatter by this share of their median at least, whatever the few that are known do; and in seconds. */
const minScatter = 0.1;
const minScatterSeconds = 0.05;
/** A duration below this share of the way from what was usual to what is now is as usual again. */
const backToUsual = 0.15;

/**
 * How clear a change must be, in standard errors, when it has lasted for 1, 2, 3, 4, and 5 or more values. Chosen by
 * measuring (test/unit/engine/results/trends): of twelve runs with a noise of 10 %, what takes 40 % longer in the last five is
 * found 95 times out of a hundred, and of a thousand histories of eight tasks without a change eight have a false alarm at any
 * of their runs.
 */
const minErrors = [4.5, 4.3, 4, 3.6, 3.2];
/** So many times clearer, where the values before are few, and where they scatter more than is to be expected. */
const fewValues = { below: 7, factor: 1.5 };
const muchScatter = { above: 2, factor: 1.4 };

/**
 * Whether the last of `seconds` (oldest first) is longer than was usual before, and where that began: of all possible
 * beginnings the one at which the change is clearest. What was usual is the median of the values before; how much they
 * scatter tells the median absolute deviation, so that single outliers neither hide a change nor make one.
 * @param expectedScatter how much such durations scatter, as a share: at least so much is allowed for
 */
export function findShift(seconds: readonly number[], expectedScatter = 0): Shift | undefined {
  const last = seconds.length - 1;
  let isClear = false;
  let best: (Shift & { readonly errors: number }) | undefined;
  for (let begin = last; begin >= minCompared && begin > last - maxCompared; begin -= 1) {
    const before = seconds.slice(Math.max(0, begin - maxCompared), begin);
    const since = seconds.slice(begin);
    const [usual, now] = [medianOf(before)!, medianOf(since)!];
    if (now < usual * (1 + minShare) || now < usual + minSeconds) continue;
    const least = usual + (now - usual) * backToUsual;
    if (seconds[last]! < least || seconds[begin]! < least) continue;
    const { errors, needed } = clearnessOf(before, since, Math.max(minScatter, expectedScatter));
    isClear ||= errors >= needed;
    if (errors > (best?.errors ?? 0)) best = { begin, usual, compared: before.length, errors };
  }
  if (best === undefined || !isClear) return undefined;
  const { errors: _, ...shift } = best;
  return shift;
}

/** How large the change is in standard errors, and how large it must be. */
function clearnessOf(before: readonly number[], since: readonly number[], expected: number) {
  const least = Math.max(expected * medianOf(before)!, minScatterSeconds);
  const found = scatterOf(since.length < 3 ? [before] : [before, since]);
  const scatter = Math.max(found, least);
  const error = scatter * Math.sqrt(1 / before.length + 1 / since.length);
  const needed =
    minErrors[Math.min(since.length, minErrors.length) - 1]! *
    (before.length < fewValues.below ? fewValues.factor : 1) *
    (found > muchScatter.above * least ? muchScatter.factor : 1);
  return { errors: (levelOf(since, scatter) - levelOf(before, scatter)) / error, needed };
}

/** The mean of some values, of which none counts as further from their median than two scatters. */
function levelOf(values: readonly number[], scatter: number): number {
  const median = medianOf(values)!;
  const [low, high] = [median - 2 * scatter, median + 2 * scatter];
  return values.reduce((sum, value) => sum + Math.min(high, Math.max(low, value)), 0) / values.length;
}

/** The standard deviation within some groups of values, as their median absolute deviation from their medians tells it. */
function scatterOf(groups: readonly (readonly number[])[]): number {
  const deviations = groups.flatMap((values) => {
    const median = medianOf(values)!;
    return values.map((value) => Math.abs(value - median));
  });
  const count = deviations.length;
  // Of few values the median absolute deviation is too small on average.
  const correction = (count / (count - 0.8 * groups.length)) * (count < 10 ? 1.08 : 1);
  return medianOf(deviations)! * 1.4826 * correction;
}

/** The scatter of some durations as a share of their median; undefined of too few. */
export function relativeScatter(seconds: readonly number[]): number | undefined {
  const median = medianOf(seconds);
  if (median === undefined || median <= 0 || seconds.length < minCompared) return undefined;
  return scatterOf([seconds]) / median;
}
