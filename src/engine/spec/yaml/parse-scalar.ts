import { CST } from 'yaml';
import { advance, type Cursor, syntaxMistake } from './cursor.ts';
import type { Token } from './read-tokens.ts';
import type { YamlNode } from './yaml-node.ts';

/** The token at the cursor as a scalar, without its quotes, escapes and folded lines; moves past it. */
export function parseFlowScalar(cursor: Cursor): YamlNode {
  const token = cursor.current!;
  advance(cursor);
  const { start, end } = token;
  const source = cursor.report.source.text.slice(start, end);
  const plain = token.kind === 'plain';
  const simple = plain ? simplePlain(source) : simpleQuoted(source);
  if (simple !== undefined) return { kind: 'scalar', text: simple, plain, start, end };
  const type = plain ? 'scalar' : token.kind === 'single-quoted' ? 'single-quoted-scalar' : 'double-quoted-scalar';
  return resolve(cursor, { type, offset: start, indent: 0, source }, token, end);
}

/** A `|` or `>` scalar; `parentCol` is the column of the mapping or list that holds it. */
export function parseBlockScalar(cursor: Cursor, parentCol: number): YamlNode {
  const header = cursor.current!;
  advance(cursor);
  const body = cursor.current;
  if (body?.kind === 'block-text') advance(cursor);
  const text = cursor.report.source.text;
  const end = body?.kind === 'block-text' ? body.end : header.end;
  const indent = Math.max(0, parentCol);
  const headerSource = text.slice(header.start, header.end);
  const scalar: CST.BlockScalar = {
    type: 'block-scalar',
    offset: header.start,
    indent,
    props: [{ type: 'block-scalar-header', offset: header.start, indent, source: headerSource }],
    source: body?.kind === 'block-text' ? text.slice(body.start, body.end) : '',
  };
  return resolve(cursor, scalar, header, end);
}

function resolve(cursor: Cursor, scalar: CST.FlowScalar | CST.BlockScalar, token: Token, end: number): YamlNode {
  let reported = false;
  const resolved = CST.resolveAsScalar(scalar, true, (offset, code, message) => {
    if (reported) return;
    reported = true;
    if (token.kind !== 'plain' && token.kind !== 'block-header' && code === 'MISSING_CHAR') {
      const at = { start: token.start, end: token.start + 1 };
      syntaxMistake(cursor, at, 'this quote is never closed', 'close it, and indent its further lines');
    } else {
      const at = { start: Math.max(token.start, offset), end: Math.max(token.start, offset) + 1 };
      syntaxMistake(cursor, at, `${message.charAt(0).toLowerCase()}${message.slice(1)}`);
    }
  });
  if (reported || resolved === null) return { kind: 'broken', start: token.start, end };
  return { kind: 'scalar', text: resolved.value, plain: token.kind === 'plain', start: token.start, end };
}

// Most of a large file are such scalars, so that they are told by looking, without an expression.
function simplePlain(source: string): string | undefined {
  const first = source[0];
  if (first === undefined || '\t,%|>@`'.includes(first)) return undefined;
  return source.includes('\n') ? undefined : source;
}

function simpleQuoted(source: string): string | undefined {
  const inner = source.slice(1, -1);
  const simple = source.length >= 2 && source.endsWith(source[0]!) && !/[\\\n'"]/.test(inner);
  return simple ? inner : undefined;
}
