const units = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** A count in at most five columns: `999`, `12.4k`, `412k`, `1.2M`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '-';
  const sign = count < 0 ? '-' : '';
  let value = Math.abs(count);
  if (value < 1000) return `${sign}${Math.round(value)}`;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${sign}${value < 99.95 ? value.toFixed(1) : Math.round(value)}${units[unit]}`;
}

/** A count in full, with separators: `49,665`. By hand, because loading the language's own rules takes as long as a frame. */
export function formatWhole(count: number): string {
  return Number.isFinite(count)
    ? Math.round(count)
        .toFixed(0)
        .replace(/\B(?=(?:\d{3})+$)/g, ',')
    : '-';
}
