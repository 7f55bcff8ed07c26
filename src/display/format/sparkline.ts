/**
 * The latest `width` values as blocks of eight heights above zero, the highest being `max`, the newest at the right; a value
 * that is none (NaN) is a blank.
 * @param sparks the blocks, lowest first
 */
export function sparkline(values: readonly number[], width: number, max: number, sparks: readonly string[]): string {
  const shown = width > 0 ? values.slice(-width) : [];
  const top = Number.isFinite(max) && max > 0 ? max : 1;
  let line = '';
  for (const value of shown) {
    const share = Math.min(1, Math.max(0, value / top));
    line += Number.isFinite(value) ? sparks[Math.min(sparks.length - 1, Math.floor(share * sparks.length))]! : ' ';
  }
  return line.padStart(Math.max(0, width));
}

export const unicodeSparks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
export const asciiSparks = ['_', '.', ':', '-', '=', '+', '*', '#'] as const;
