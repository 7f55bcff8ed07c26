import { groupDigits } from './format-count.ts';

/** `a, b, c and 9 more`. */
export function nameList(names: readonly string[], most: number): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${groupDigits(names.length - most)} more`;
}
