/** Of fewer values the one in the middle says nothing of what is usual. */
const minValues = 4;

/** The value in the middle, or the mean of the two there; undefined when there are too few values to speak of one. */
export function medianOf(values: readonly number[]): number | undefined {
  if (values.length < minValues) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[sorted.length >> 1]! + sorted[(sorted.length - 1) >> 1]!) / 2;
}
