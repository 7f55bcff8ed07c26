import { type Line, type StyledText, styled } from '../../primitives/line.ts';
import type { Style } from '../../theme.ts';
import { lineStyle } from './line-style.ts';
import type { ShownLine } from './shown-line.ts';

type Match = readonly [begin: number, end: number];

/** Where `searched` occurs in `text`, ignoring case: begin and end of each match, in UTF-16 units. */
export function findMatches(text: string, searched: string): readonly Match[] {
  if (searched === '') return [];
  const matches: Match[] = [];
  const word = searched.toLowerCase();
  const lower = text.toLowerCase();
  // A few letters change their length in lower case; the positions would then not fit the text.
  const haystack = lower.length === text.length ? lower : text;
  for (let at = haystack.indexOf(word); at !== -1; at = haystack.indexOf(word, at + word.length)) {
    matches.push([at, at + word.length]);
  }
  return matches;
}

/**
 * A line in the colours that its task gave it, or else in the one that its words call for, with matches marked.
 * @param match how they are marked
 */
export function highlight({ text, looks }: ShownLine, matches: readonly Match[], match: Style): Line {
  const style = looks.length === 0 ? lineStyle(text) : 'plain';
  if (looks.length === 0 && matches.length === 0) return [styled(text, style)];
  const line: StyledText[] = [];
  let at = 0;
  let next = 0;
  const showTo = (end: number): void => {
    while (at < end) {
      while (looks[next] !== undefined && looks[next]!.at <= at) next += 1;
      const stop = Math.min(end, looks[next]?.at ?? end);
      line.push(styled(text.slice(at, stop), style, looks[next - 1]?.look));
      at = stop;
    }
  };
  for (const [begin, end] of matches) {
    showTo(begin);
    line.push(styled(text.slice(begin, end), match));
    at = end;
  }
  showTo(text.length);
  return line;
}
