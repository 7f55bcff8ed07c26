import sliceAnsi from 'slice-ansi';
import { movesCursor, paintedWidth } from './painted-width.ts';

/** An operation that Ink records while it walks its tree; of the open clips the last one applies. */
export type Operation =
  | {
      readonly type: 'write';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly transformers: readonly ((line: string, index: number) => string)[];
    }
  | { readonly type: 'clip'; readonly clip: Clip }
  | { readonly type: 'unclip' };

type Clip = {
  readonly x1: number | undefined;
  readonly x2: number | undefined;
  readonly y1: number | undefined;
  readonly y2: number | undefined;
};

type PaintedRun = { readonly x: number; readonly end: number; readonly text: string };

/**
 * Composes the rows of a frame from whole lines of text instead of cells. Undefined when that is impossible: texts overlap,
 * begin left of or above the screen, or contain characters that move the cursor.
 */
export function composePainted(operations: readonly Operation[], height: number): readonly string[] | undefined {
  const rows = Array.from({ length: height }, (): PaintedRun[] => []);
  const clips: Clip[] = [];
  for (const operation of operations) {
    if (operation.type === 'clip') clips.push(operation.clip);
    else if (operation.type === 'unclip') clips.pop();
    else {
      const { x, y, lines } = clipped(operation, clips.at(-1));
      if (x < 0 || (y < 0 && lines.length > 0)) return undefined;
      for (const [index, line] of lines.entries()) {
        const row = rows[y + index];
        if (row === undefined) break;
        const text = operation.transformers.reduce((current, transform) => transform(current, index), line);
        if (text !== '' && !insert(row, x, text)) return undefined;
      }
    }
  }
  return rows.map(join);
}

type Block = { readonly x: number; readonly y: number; readonly lines: readonly string[] };
type Write = Extract<Operation, { type: 'write' }>;

/** Exactly what Ink does, including its corner cases. */
function clipped({ x, y, text }: Write, clip: Clip | undefined): Block {
  let block: Block = { x, y, lines: text.split('\n') };
  if (clip === undefined) return block;
  const nothing: Block = { x: 0, y: 0, lines: [] };
  const { x1, x2, y1, y2 } = clip;
  const isNarrowed = x1 !== undefined && x2 !== undefined;
  const isShortened = y1 !== undefined && y2 !== undefined;
  if (isNarrowed && (x + Math.max(...block.lines.map(paintedWidth)) < x1 || x > x2)) return nothing;
  if (isShortened && (y + block.lines.length < y1 || y > y2)) return nothing;
  if (isNarrowed) {
    const from = Math.max(0, x1 - x);
    const lines = block.lines.map((line) => sliceAnsi(line, from, Math.min(paintedWidth(line), x2 - x)));
    block = { ...block, x: Math.max(x, x1), lines };
  }
  if (isShortened) {
    const from = Math.max(0, y1 - y);
    block = { ...block, y: Math.max(y, y1), lines: block.lines.slice(from, Math.min(block.lines.length, y2 - y)) };
  }
  return block;
}

/** Inserts a text into `row`, ordered from left to right; false when it overlaps a neighbour. */
function insert(row: PaintedRun[], x: number, text: string): boolean {
  if (movesCursor(text)) return false;
  const end = x + paintedWidth(text);
  let at = row.length;
  while (at > 0 && row[at - 1]!.x >= end) at -= 1;
  if (at > 0 && row[at - 1]!.end > x) return false;
  row.splice(at, 0, { x, end, text });
  return true;
}

/** Ends a colour that the text leaves open. */
function join(row: readonly PaintedRun[]): string {
  let line = '';
  let column = 0;
  for (const { x, end, text } of row) {
    line += ' '.repeat(x - column) + text;
    if (text.includes('\x1b') && !text.endsWith('\x1b[0m')) line += '\x1b[0m';
    column = end;
  }
  return line.trimEnd();
}
