import type { Location } from '../model/diagnostic.ts';
import type { SourceRange } from './yaml/yaml-node.ts';

/** A text with its name, which can tell the line and column of an offset. */
export type Source = { readonly file: string; readonly text: string; readonly lineStarts: readonly number[] };

export function createSource(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** The place of a range; one that goes over several lines is cut at the end of its first. */
export function locate(source: Source, range: SourceRange): Location {
  const line = lineOf(source, range.start);
  const lineStart = source.lineStarts[line]!;
  const nextLine = source.lineStarts[line + 1];
  const lineEnd = nextLine === undefined ? source.text.length : nextLine - 1;
  const length = Math.max(1, Math.min(range.end, lineEnd) - range.start);
  return { file: source.file, line: line + 1, col: range.start - lineStart + 1, length };
}

function lineOf(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
