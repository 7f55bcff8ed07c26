import { type Line, type StyledText, sliceLine, styled } from '../../primitives/line.ts';
import type { Style } from '../../theme.ts';

/** Where `searched` occurs in `text`, ignoring case: begin and end of each match, in UTF-16 units. */
export function findMatches(text: string, searched: string): readonly (readonly [number, number])[] {
  if (searched === '') return [];
  const matches: (readonly [number, number])[] = [];
  const word = searched.toLowerCase();
  const lower = text.toLowerCase();
  // A few letters change their length in lower case; the positions would then not fit the text.
  const haystack = lower.length === text.length ? lower : text;
  for (let at = haystack.indexOf(word); at !== -1; at = haystack.indexOf(word, at + word.length)) {
    matches.push([at, at + word.length]);
  }
  return matches;
}

/** The columns of `text` from `offset` on, with its matches marked; `current` = the line holds the current match. */
export function highlight(
  text: string,
  matches: readonly (readonly [number, number])[],
  style: Style,
  current: boolean,
  offset: number,
  width: number,
): Line {
  const line: StyledText[] = [];
  let at = 0;
  for (const [begin, end] of matches) {
    line.push(styled(text.slice(at, begin), style), styled(text.slice(begin, end), current ? 'currentMatch' : 'match'));
    at = end;
  }
  line.push(styled(text.slice(at), style));
  return sliceLine(line, offset, offset + width);
}
