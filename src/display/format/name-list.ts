import { formatNumber } from './format-count.ts';

/** `a, b, c and 9 more`. */
export function nameList(names: readonly string[], max: number): string {
  if (names.length <= max + 1) return names.join(', ');
  return `${names.slice(0, max).join(', ')} and ${formatNumber(names.length - max)} more`;
}
