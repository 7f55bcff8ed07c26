import { LineCounter } from 'yaml';
import type { Location } from '../model/diagnostic.ts';
import type { SourceRange } from './yaml/yaml-node.ts';

/** A text with its file name and the index that converts offsets to lines and columns. */
export type Source = { readonly file: string; readonly text: string; readonly lines: LineCounter };

export function createSource(file: string, text: string): Source {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return { file, text, lines };
}

/** The location of a range; a range of several lines is cut at the end of the first. */
export function locate({ file, text, lines }: Source, range: SourceRange): Location {
  const { line, col } = lines.linePos(range.start);
  const nextLine = lines.lineStarts[line];
  const lineEnd = nextLine === undefined ? text.length : nextLine - 1;
  return { file, line, col, length: Math.max(1, Math.min(range.end, lineEnd) - range.start) };
}
