import { advance, brokenNode, type Cursor, descend, syntaxMistake, unsupported } from './cursor.ts';
import { addEntry, createMapBuilder, finishMap, type MapBuilder } from './map-builder.ts';
import { parseFlowScalar } from './parse-scalar.ts';
import type { Token } from './read-tokens.ts';
import type { YamlNode } from './yaml-node.ts';

/** A `{…}` or `[…]` at the cursor; moves past it. */
export function parseFlowCollection(cursor: Cursor): YamlNode {
  const open = cursor.current!;
  cursor.flowDepth += 1;
  const node = descend(cursor, () => {
    advance(cursor);
    return open.kind === '{' ? parseFlowMap(cursor, open) : parseFlowList(cursor, open);
  });
  cursor.flowDepth -= 1;
  if (cursor.flowDepth === 0) cursor.cut = false;
  return node ?? brokenNode(open);
}

function parseFlowMap(cursor: Cursor, open: Token): YamlNode {
  const map = createMapBuilder();
  for (;;) {
    const token = separator(cursor, open, '}');
    if (token === undefined) {
      map.complete &&= !cursor.cut;
      return finishMap(map, { start: open.start, end: previousEnd(cursor) });
    }
    parseFlowEntry(cursor, map, token);
    map.complete = expectSeparator(cursor, '}') && map.complete;
  }
}

function parseFlowEntry(cursor: Cursor, map: MapBuilder, token: Token): void {
  const key = isFlowScalar(token) ? parseFlowScalar(cursor) : undefined;
  if (key?.kind !== 'scalar') {
    if (key === undefined) {
      unexpectedInFlow(cursor, token, 'a key');
      skipInFlow(cursor);
    }
    map.complete = false;
    return;
  }
  const colon = cursor.current;
  if (colon?.kind !== ':') {
    if (key.plain && /:\S/.test(key.text)) {
      syntaxMistake(cursor, key, `"${key.text}" has no value`, 'put a space after the colon');
      map.complete = false;
    } else addEntry(cursor, map, key.text, key, { kind: 'empty', start: key.start, end: key.end });
    return;
  }
  advance(cursor);
  const next = cursor.current;
  const ends = next === undefined || endsEntry(next);
  const value: YamlNode = ends ? { kind: 'empty', start: key.start, end: key.end } : parseFlowValue(cursor);
  addEntry(cursor, map, key.text, key, value);
}

function parseFlowList(cursor: Cursor, open: Token): YamlNode {
  const items: YamlNode[] = [];
  for (;;) {
    const token = separator(cursor, open, ']');
    if (token === undefined) {
      const range = { start: open.start, end: previousEnd(cursor) };
      return cursor.cut ? brokenNode(range) : { kind: 'list', items, ...range };
    }
    const item = parseFlowValue(cursor);
    const colon = cursor.current;
    if (colon?.kind === ':') {
      syntaxMistake(
        cursor,
        colon,
        'a "key: value" pair in a list needs braces',
        'write { key: value }, or quote the text',
      );
      items.push(brokenNode(item));
      skipInFlow(cursor);
    } else {
      items.push(item);
      if (!expectSeparator(cursor, ']')) items.push(brokenNode(colon ?? item));
    }
  }
}

function parseFlowValue(cursor: Cursor): YamlNode {
  const token = cursor.current!;
  if (token.kind === '{' || token.kind === '[') return parseFlowCollection(cursor);
  if (isFlowScalar(token)) {
    const scalar = parseFlowScalar(cursor);
    // Where a comma follows a colon, the lexer finds a text of no length.
    return token.start === token.end ? { kind: 'empty', start: token.start, end: token.end } : scalar;
  }
  unexpectedInFlow(cursor, token, 'a value');
  const next = cursor.current;
  const tagged = (token.kind === 'anchor' || token.kind === 'tag') && next !== undefined && !endsEntry(next);
  return (tagged ? descend(cursor, () => parseFlowValue(cursor)) : undefined) ?? brokenNode(token);
}

function endsEntry(token: Token): boolean {
  return token.kind === ',' || token.kind === '}' || token.kind === ']' || token.kind === 'flow-cut';
}

/** The token that begins the next entry, or undefined when the collection is over: closed, or cut off. */
function separator(cursor: Cursor, open: Token, close: '}' | ']'): Token | undefined {
  for (;;) {
    const token = cursor.current;
    if (cursor.cut) return undefined;
    if (token === undefined || token.kind === 'flow-cut') {
      syntaxMistake(
        cursor,
        open,
        `"${open.kind}" is never closed`,
        `close it with "${close}", and indent its further lines`,
      );
      cursor.cut = true;
      if (token !== undefined) advance(cursor);
      return undefined;
    }
    if (token.kind === close) {
      advance(cursor);
      return undefined;
    }
    if (token.kind === '}' || token.kind === ']') {
      syntaxMistake(cursor, token, `"${token.kind}" where "${close}" belongs`);
      advance(cursor);
      return undefined;
    }
    if (token.kind !== ',') return token;
    const before = cursor.previous!;
    if (before.kind === ',' || before === open) syntaxMistake(cursor, token, 'nothing stands before this comma');
    advance(cursor);
  }
}

/** Checks that an entry is followed by a comma or the end; otherwise reports, skips to it and returns false. */
function expectSeparator(cursor: Cursor, close: '}' | ']'): boolean {
  const token = cursor.current;
  if (cursor.cut || token === undefined || endsEntry(token)) return true;
  // What could not begin an entry has been reported where it stands.
  if (isFlowScalar(token) || token.kind === '{' || token.kind === '[' || token.kind === ':') {
    syntaxMistake(cursor, token, `"," or "${close}" is missing here`);
  }
  skipInFlow(cursor);
  return false;
}

/** Moves to the next comma or bracket that belongs to the collection around the cursor. */
function skipInFlow(cursor: Cursor): void {
  let nested = 0;
  for (; cursor.current !== undefined; advance(cursor)) {
    const { kind } = cursor.current;
    if (kind === 'flow-cut') return;
    if (nested === 0 && (kind === ',' || kind === '}' || kind === ']')) return;
    if (kind === '{' || kind === '[') nested += 1;
    if (kind === '}' || kind === ']') nested -= 1;
  }
}

function unexpectedInFlow(cursor: Cursor, token: Token, wanted: string): void {
  if (token.kind === 'alias' || token.kind === 'anchor' || token.kind === 'tag' || token.kind === '?') {
    unsupported(cursor, token, unsupportedSyntax[token.kind]);
  } else if (token.kind !== '{' && token.kind !== '[') {
    syntaxMistake(cursor, token, `${wanted} is missing before "${token.kind}"`);
  } else {
    syntaxMistake(cursor, token, `${wanted} must be text here`);
  }
  // A bracket is skipped as a whole by whoever looks for the next comma.
  if (token.kind !== '{' && token.kind !== '[' && token.kind !== ',') advance(cursor);
}

export const unsupportedSyntax = {
  alias: 'aliases (*name) are not supported',
  anchor: 'anchors (&name) are not supported',
  tag: 'tags (!name) are not supported',
  '?': 'keys behind "?" are not supported',
} as const;

export function isFlowScalar(token: Token): boolean {
  return token.kind === 'plain' || token.kind === 'single-quoted' || token.kind === 'double-quoted';
}

function previousEnd(cursor: Cursor): number {
  return cursor.previous!.end;
}
