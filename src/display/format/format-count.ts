const units = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/**
 * A number in full, with separators: `49,665`; `-` when it is none. Written by hand, because loading the rules of
 * languages takes as long as a frame of the screen.
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.round(value)
    .toFixed(0)
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number in at most five columns, for the screen: `999`, `6.2k`, `412k`, `1.2M`. */
export function formatCompact(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const sign = value < 0 ? '-' : '';
  let size = Math.abs(value);
  if (size < 1000) return `${sign}${Math.round(size)}`;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${sign}${size < 99.95 ? size.toFixed(1) : Math.round(size)}${units[unit]}`;
}

/** `49,665 rows`; `one` is the noun for exactly one, which takes an s for all others unless `many` is given. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** `4 succeeded, 1 failed`: the parts that are not zero, in their order. */
export function formatTally(parts: readonly (readonly [count: number, label: string])[]): string {
  return parts
    .filter(([count]) => count > 0)
    .map(([count, label]) => `${formatNumber(count)} ${label}`)
    .join(', ');
}
