import { isNarrow } from './narrow-text.ts';
import { clustersOf } from './text-width.ts';

/** The columns of `text` from `from` to before `to`; a wide character cut in two at either end is replaced by blanks. */
export function sliceText(text: string, from: number, to: number): string {
  if (isNarrow(text)) return text.slice(from, Math.max(from, to));
  let column = 0;
  let slice = '';
  for (const cluster of clustersOf(text)) {
    const end = column + cluster.width;
    if (column >= to && cluster.width > 0) break;
    if (column >= from && end <= to) slice += cluster.text;
    else if (end > from) slice += ' '.repeat(Math.max(0, Math.min(end, to) - Math.max(column, from)));
    column = end;
  }
  return slice;
}
