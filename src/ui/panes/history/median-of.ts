/** A median of fewer values would not be representative. */
const minValues = 4;

/** The median; undefined of too few values. */
export function medianOf(values: readonly number[]): number | undefined {
  if (values.length < minValues) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[sorted.length >> 1]! + sorted[(sorted.length - 1) >> 1]!) / 2;
}
