import type { Report } from '../report.ts';
import { advance, brokenNode, type Cursor, createCursor, descend, syntaxMistake, unsupported } from './cursor.ts';
import { addEntry, createMapBuilder, finishMap, type MapBuilder } from './map-builder.ts';
import { isFlowScalar, parseFlowCollection, unsupportedSyntax } from './parse-flow.ts';
import { parseBlockScalar, parseFlowScalar } from './parse-scalar.ts';
import type { Token } from './read-tokens.ts';
import type { SourceRange, YamlNode } from './yaml-node.ts';

/**
 * Reads a YAML text into nodes with positions; never throws. Mistakes of syntax are reported and lose only what they
 * touch. Anchors, aliases, tags, merge keys, keys that are no text and second documents are refused.
 */
export function parseYaml(report: Report): YamlNode {
  const cursor = createCursor(report);
  skipProlog(cursor);
  const root: YamlNode =
    cursor.current === undefined ? { kind: 'empty', start: 0, end: 0 } : parseBlockNode(cursor, -1, false);
  while (cursor.current?.kind === 'document-end') advance(cursor);
  const rest = cursor.current;
  if (rest?.kind === 'document-start') unsupported(cursor, rest, 'a file holds one document, here a second one begins');
  else if (rest !== undefined) syntaxMistake(cursor, rest, 'this does not belong to what stands above', indentHint);
  return root;
}

const indentHint = 'check the indentation: keys that belong together begin in the same column';

function skipProlog(cursor: Cursor): void {
  for (; cursor.current?.kind === 'directive'; advance(cursor)) {
    unsupported(cursor, cursor.current!, 'directives (%NAME) are not supported');
  }
  if (cursor.current?.kind === 'document-start') advance(cursor);
}

/** The node at the cursor. `inline`: it follows its key on the same line, where a mapping or a list may not begin. */
function parseBlockNode(cursor: Cursor, parentCol: number, inline: boolean): YamlNode {
  const token = cursor.current!;
  checkTab(cursor, token);
  switch (token.kind) {
    case '[':
    case '{': {
      const node = parseFlowCollection(cursor);
      return followingColon(cursor, token) ? refuse(cursor, parentCol, token, 'a key must be text') : node;
    }
    case 'block-header':
      return parseBlockScalar(cursor, parentCol);
    case 'plain':
    case 'single-quoted':
    case 'double-quoted':
      return parseTextOrMap(cursor, token, parentCol, inline);
    case '-':
      if (inline) {
        const message = 'a list may not begin on the line of its key';
        return refuse(cursor, parentCol, token, message, 'put it on the next line');
      }
      return descend(cursor, () => parseBlockList(cursor, token)) ?? brokenNode(token);
    case 'anchor':
    case 'tag': {
      unsupported(cursor, token, unsupportedSyntax[token.kind]);
      advance(cursor);
      const next = cursor.current;
      const listBelow = inline && next?.kind === '-' && next.first && next.col === parentCol;
      const hasNode = next !== undefined && (next.col > parentCol || listBelow);
      const node = hasNode ? descend(cursor, () => parseBlockNode(cursor, parentCol, false)) : undefined;
      return node ?? brokenNode(token);
    }
    case 'alias':
    case '?':
      unsupported(cursor, token, unsupportedSyntax[token.kind]);
      return skipToColumn(cursor, parentCol);
    default:
      return refuse(cursor, parentCol, token, `"${token.kind}" may not stand here`);
  }
}

function parseTextOrMap(cursor: Cursor, token: Token, parentCol: number, inline: boolean): YamlNode {
  const text = cursor.report.source.text;
  const colon = cursor.next;
  if (colon?.kind !== ':' || colon.first) return parseFlowScalar(cursor);
  const overLines = text.slice(token.start, token.end).includes('\n');
  if (!inline && !overLines) return descend(cursor, () => parseBlockMap(cursor, token)) ?? brokenNode(token);
  if (overLines) {
    const lastLine = { start: text.lastIndexOf('\n', token.end - 1) + 1, end: token.end };
    const start = lastLine.start + text.slice(lastLine.start, lastLine.end).search(/\S/);
    const message = 'this line continues the text above, but looks like a key';
    return refuse(cursor, parentCol, { start, end: token.end }, message, indentHint);
  }
  const hint = 'put the text in quotes if the colon belongs to it';
  return refuse(cursor, parentCol, colon, 'a second ": " on one line', hint);
}

function parseBlockMap(cursor: Cursor, first: Token): YamlNode {
  const map = createMapBuilder();
  const { col } = first;
  for (let token: Token | undefined = first; token !== undefined; token = cursor.current) {
    if (token.col < col || token.kind === 'document-start' || token.kind === 'document-end') break;
    checkTab(cursor, token);
    if (token.col > col) {
      syntaxMistake(cursor, token, 'this line is indented deeper than the keys it stands among', indentHint);
      map.complete = false;
      skipToColumn(cursor, col);
    } else if (!isKey(cursor, token)) {
      reportNoKey(cursor, token);
      map.complete = false;
      skipToColumn(cursor, col);
      // The value of a key behind "?" stands on a line of its own.
      if (token.kind === '?' && cursor.current?.kind === ':' && cursor.current.col === col) skipToColumn(cursor, col);
    } else parseBlockEntry(cursor, map, col);
  }
  return finishMap(map, { start: first.start, end: cursor.previous!.end });
}

function parseBlockEntry(cursor: Cursor, map: MapBuilder, col: number): void {
  const key = parseFlowScalar(cursor);
  const colon = cursor.current!;
  advance(cursor);
  const next = cursor.current;
  const listBelow = next?.kind === '-' && next.first && next.col === col;
  const hasValue = next !== undefined && (!next.first || next.col > col || listBelow) && !isDocumentMark(next);
  const value: YamlNode = hasValue
    ? parseBlockNode(cursor, col, next.line === colon.line)
    : { kind: 'empty', start: key.start, end: key.end };
  if (key.kind === 'scalar') addEntry(cursor, map, key.text, key, value);
  else map.complete = false;
  if (!expectLineEnd(cursor)) {
    map.complete = false;
    skipToColumn(cursor, col);
  }
}

function parseBlockList(cursor: Cursor, first: Token): YamlNode {
  const items: YamlNode[] = [];
  const { col } = first;
  for (let dash: Token | undefined = first; dash !== undefined; dash = cursor.current) {
    if (dash.col < col || (dash.col === col && dash.kind !== '-')) break;
    checkTab(cursor, dash);
    if (dash.col > col) {
      syntaxMistake(cursor, dash, 'this line is indented deeper than the list it stands in', indentHint);
      items.push(skipToColumn(cursor, col));
      continue;
    }
    advance(cursor);
    const next = cursor.current;
    const hasValue = next !== undefined && (!next.first || next.col > col) && !isDocumentMark(next);
    items.push(hasValue ? parseBlockNode(cursor, col, false) : { kind: 'empty', start: dash.start, end: dash.end });
    if (!expectLineEnd(cursor)) items.push(skipToColumn(cursor, col));
  }
  return { kind: 'list', items, start: first.start, end: cursor.previous!.end };
}

function isKey(cursor: Cursor, token: Token): boolean {
  const colon = cursor.next;
  if (colon?.kind !== ':' || colon.first || !isFlowScalar(token)) return false;
  return !cursor.report.source.text.slice(token.start, token.end).includes('\n');
}

function reportNoKey(cursor: Cursor, token: Token): void {
  if (token.kind === 'alias' || token.kind === 'anchor' || token.kind === 'tag' || token.kind === '?') {
    unsupported(cursor, token, unsupportedSyntax[token.kind]);
    return;
  }
  const line = cursor.report.source.text.slice(token.start, token.end).split('\n', 1)[0]!;
  const glued = token.kind === 'plain' && /^[\w-]+:\S/.test(line);
  const hint = glued ? 'put a space after the colon' : 'write "key: value"';
  syntaxMistake(
    cursor,
    { start: token.start, end: token.start + line.length },
    'a key with a colon belongs here',
    hint,
  );
}

function followingColon(cursor: Cursor, opening: Token): Token | undefined {
  const next = cursor.current;
  return next?.kind === ':' && !next.first && next.line === opening.line ? next : undefined;
}

function expectLineEnd(cursor: Cursor): boolean {
  const token = cursor.current;
  if (token === undefined || token.first || isDocumentMark(token)) return true;
  syntaxMistake(cursor, token, 'the value ends before this', 'put the whole text in quotes if this belongs to it');
  return false;
}

/** Reports a mistake, and passes over everything that is indented as part of it. */
function refuse(cursor: Cursor, parentCol: number, at: SourceRange, message: string, hint?: string): YamlNode {
  syntaxMistake(cursor, at, message, hint);
  skipToColumn(cursor, parentCol);
  return brokenNode(at);
}

/** Moves to the next line that begins in this column or further left. */
function skipToColumn(cursor: Cursor, col: number): YamlNode {
  const from = cursor.current!;
  advance(cursor);
  for (; cursor.current !== undefined; advance(cursor)) {
    if (cursor.current.first && cursor.current.col <= col) break;
  }
  return brokenNode(from);
}

function isDocumentMark(token: Token): boolean {
  return token.kind === 'document-start' || token.kind === 'document-end';
}

function checkTab(cursor: Cursor, token: Token): void {
  if (!token.first || !token.tabbed || cursor.tabReported) return;
  cursor.tabReported = true;
  const start = token.start - token.col;
  syntaxMistake(cursor, { start, end: token.start }, 'a tab may not indent a line', 'indent with spaces');
}
