import { type Report, reportError } from '../report.ts';
import { createTokenReader, type Token } from './read-tokens.ts';
import type { SourceRange, YamlNode } from './yaml-node.ts';

/** Where the parser stands. Only three tokens are held at a time, because keeping all of a big file doubles the time. */
export type Cursor = {
  /** Undefined when the rest of the file is given up. */
  read: (() => Token | undefined) | undefined;
  readonly report: Report;
  previous: Token | undefined;
  /** Undefined at the end of the file. */
  current: Token | undefined;
  next: Token | undefined;
  /** Collections around the current token. */
  depth: number;
  /** Of these, the flow collections. */
  flowDepth: number;
  /** Set when a flow collection was cut off, until the outermost of them has been left. */
  cut: boolean;
  tabReported: boolean;
};

/** Deeper nesting than any pipeline needs; it bounds the parser's own recursion. */
const maxDepth = 64;

export function createCursor(report: Report): Cursor {
  const cursor: Cursor = {
    read: createTokenReader(report.source.text),
    report,
    previous: undefined,
    current: undefined,
    next: undefined,
    depth: 0,
    flowDepth: 0,
    cut: false,
    tabReported: false,
  };
  advance(cursor);
  advance(cursor);
  cursor.previous = undefined;
  return cursor;
}

export function advance(cursor: Cursor): void {
  cursor.previous = cursor.current;
  cursor.current = cursor.next;
  cursor.next = cursor.read?.();
}

export function syntaxMistake(cursor: Cursor, at: SourceRange, message: string, hint?: string): void {
  reportError(cursor.report, { code: 'spec/yaml-syntax', at, message, hint });
}

export function unsupported(cursor: Cursor, at: SourceRange, message: string, hint?: string): void {
  reportError(cursor.report, { code: 'spec/unsupported-yaml', at, message, hint });
}

export function brokenNode(at: SourceRange): YamlNode {
  return { kind: 'broken', start: at.start, end: at.end };
}

/** Parses one level further down; beyond the limit it reports, gives up on the rest of the file and returns undefined. */
export function descend<Node>(cursor: Cursor, parse: () => Node): Node | undefined {
  if (cursor.depth >= maxDepth) {
    unsupported(cursor, cursor.current!, `nested deeper than ${maxDepth} levels`);
    cursor.read = undefined;
    cursor.current = undefined;
    cursor.next = undefined;
    cursor.cut = true;
    return undefined;
  }
  cursor.depth += 1;
  const node = parse();
  cursor.depth -= 1;
  return node;
}
