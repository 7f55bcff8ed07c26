import { isNarrow } from './narrow-text.ts';
import { sliceText } from './slice-text.ts';
import { clustersOf } from './text-width.ts';

/**
 * `text` in as many rows of at most `width` columns as it needs, at least one. Cuts at the edge and not between words, so
 * that aligned columns of a log stay aligned.
 */
export function wrapText(text: string, width: number): readonly string[] {
  if (width <= 0) return [''];
  const rows: string[] = [];
  if (isNarrow(text)) {
    for (let at = 0; at < text.length; at += width) rows.push(text.slice(at, at + width));
  } else {
    let row = '';
    let column = 0;
    for (const cluster of clustersOf(text)) {
      if (column + cluster.width > width) {
        rows.push(row);
        row = '';
        column = 0;
      }
      if (cluster.width > width) continue;
      row += cluster.text;
      column += cluster.width;
    }
    if (row !== '') rows.push(row);
  }
  return rows.length === 0 ? [''] : rows;
}

/** As `wrapText`, but between words where that is possible: for sentences. */
export function wrapWords(text: string, width: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (fits(longer, width)) {
      row = longer;
      continue;
    }
    if (row !== '') rows.push(row);
    const pieces = wrapText(word, width);
    rows.push(...pieces.slice(0, -1));
    row = pieces[pieces.length - 1]!;
  }
  rows.push(row);
  return rows;
}

function fits(text: string, width: number): boolean {
  return isNarrow(text) ? text.length <= width : sliceText(text, 0, width) === text;
}
