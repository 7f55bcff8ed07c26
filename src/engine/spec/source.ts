import { LineCounter } from 'yaml';
import type { Location } from '../model/diagnostic.ts';
import type { SourceRange } from './yaml/yaml-node.ts';

/** A text with its file name and the index that converts offsets to lines and columns. */
export type Source = {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  /**
   * The files that this one includes. Their offsets follow on its own, so that a range says by itself in which file it is:
   * the first character of each has the offset `base`.
   */
  readonly included: { readonly base: number; readonly source: Source }[];
};

export function createSource(file: string, text: string): Source {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return { file, text, lines, included: [] };
}

/** Adds a file that `source` includes; returns by how much its offsets are shifted. */
export function includeSource({ text, included }: Source, source: Source): number {
  const last = included.at(-1);
  const base = (last === undefined ? text.length : last.base + last.source.text.length) + 1;
  included.push({ base, source });
  return base;
}

/** The location of a range; a range of several lines is cut at the end of the first. */
export function locate(source: Source, range: SourceRange): Location {
  const part = source.included.findLast(({ base }) => base <= range.start);
  return part === undefined
    ? locateIn(source, range)
    : locateIn(part.source, { start: range.start - part.base, end: range.end - part.base });
}

function locateIn({ file, text, lines }: Pick<Source, 'file' | 'text' | 'lines'>, range: SourceRange): Location {
  const { line, col } = lines.linePos(range.start);
  const nextLine = lines.lineStarts[line];
  const lineEnd = nextLine === undefined ? text.length : nextLine - 1;
  return { file, line, col, length: Math.max(1, Math.min(range.end, lineEnd) - range.start) };
}
