import { displayText } from '../../engine/index.ts';
import { stringWidth } from '../output/string-width.ts';

/** A line of a file and what to underline in it, both in columns of a terminal. */
export type Excerpt = { readonly text: string; readonly indent: number; readonly underline: number };

/** Far more than is shown; of a line of a megabyte only this much is looked at. */
const lookedAt = 400;

/**
 * The part of `line` around `col` (from 1) that fits into `columns`, safe to show. Tabs are one space, so that what
 * stands under the line stays under it everywhere.
 */
export function excerptAround(line: string, col: number, length: number, columns: number, ellipsis: string): Excerpt {
  const from = boundary(line, col - 1 - lookedAt);
  const to = boundary(line, col - 1 + lookedAt);
  const start = Math.min(col - 1, line.length);
  const cells = cellsOf(line.slice(from, to), from);
  const before = cells.filter(({ at }) => at < start);
  const inside = cells.filter(({ at }) => at >= start && at < start + length);
  const after = cells.filter(({ at }) => at >= start + length);

  const marked = take(inside, columns - 2 * stringWidth(ellipsis));
  const spare = columns - Math.max(1, marked.width) - 2 * stringWidth(ellipsis);
  const wantedBefore = take([...before].reverse(), spare - Math.min(spare >> 2, widthOf(after)));
  const shownAfter = take(after, spare - wantedBefore.width);
  const head = [...wantedBefore.cells].reverse();
  const isCutBefore = from > 0 || head.length < before.length;
  const isCutAfter = to < line.length || marked.cells.length < inside.length || shownAfter.cells.length < after.length;
  const lead = `${isCutBefore ? ellipsis : ''}${textOf(head)}`;
  return {
    text: `${lead}${textOf(marked.cells)}${textOf(shownAfter.cells)}${isCutAfter ? ellipsis : ''}`,
    indent: stringWidth(lead),
    underline: Math.max(1, marked.width),
  };
}

type Cell = { readonly at: number; readonly text: string; readonly width: number };

/** What a person takes for one character each, with the offset at which it begins. */
function cellsOf(text: string, offset: number): readonly Cell[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment, index }) => {
    const shown = segment === '\t' ? ' ' : safeSegment(segment);
    return { at: offset + index, text: shown, width: stringWidth(shown) };
  });
}

/** In an excerpt an escape is a mistake to be seen, not a sequence to be left out. */
function safeSegment(segment: string): string {
  return segment === '\x1b' ? '\u241b' : displayText(segment);
}

function take(cells: readonly Cell[], columns: number): { readonly cells: readonly Cell[]; readonly width: number } {
  let width = 0;
  let count = 0;
  for (const cell of cells) {
    if (width + cell.width > columns) break;
    width += cell.width;
    count += 1;
  }
  return { cells: cells.slice(0, count), width };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

function textOf(cells: readonly Cell[]): string {
  return cells.map(({ text }) => text).join('');
}

/** The nearest offset in the line that does not cut a character in half. */
function boundary(line: string, offset: number): number {
  const at = Math.max(0, Math.min(line.length, offset));
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
