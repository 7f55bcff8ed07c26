import { isNarrow } from './narrow-text.ts';
import { sliceText } from './slice-text.ts';
import { clustersOf, textWidth } from './text-width.ts';

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
    for (const piece of piecesOf(text, width)) {
      if (piece.width > width) continue;
      if (column + piece.width > width) {
        rows.push(row);
        row = '';
        column = 0;
      }
      row += piece.text;
      column += piece.width;
    }
    if (row !== '') rows.push(row);
  }
  return rows.length === 0 ? [''] : rows;
}

/** Clusters; one that is wider than a row, such as a note of music made of several signs, falls apart into its characters. */
function* piecesOf(text: string, width: number): Generator<{ readonly text: string; readonly width: number }> {
  for (const cluster of clustersOf(text)) {
    if (cluster.width <= width) yield cluster;
    else for (const character of cluster.text) yield { text: character, width: textWidth(character) };
  }
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
