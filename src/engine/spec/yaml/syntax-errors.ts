import { type Document, isCollection, isScalar, visit, type YAMLError } from 'yaml';
import { type Report, reportError } from '../report-error.ts';
import { locate } from '../source.ts';
import { writeText } from './write-flow.ts';
import type { SourceRange } from './yaml-node.ts';

/** An error of the YAML library, with our message. */
type SyntaxMistake = { readonly at: SourceRange; readonly message: string; readonly hint?: string };

const indentHint = 'check the indentation: keys that belong together begin in the same column';
const quoteHint = 'put the whole text in quotes if this is part of it';

/** Errors about anchors, tags and aliases, which `readTokens` has reported already. */
const aboutUnsupported =
  /^(?:ALIAS_PROPS|BAD_ALIAS|BAD_COLLECTION_TYPE|BAD_PROP_ORDER|MULTIPLE_ANCHORS|MULTIPLE_TAGS|TAG_RESOLVE_FAILED)|Tags and anchors/;

/**
 * The library's errors by code and text, with the message and the hint for a person; `$1` is what the pattern captures.
 * Any other error keeps the library's message. The version of the library is pinned, and a test covers the table.
 */
const messages: readonly (readonly [RegExp, string, string?])[] = [
  [/^TAB_AS_INDENT/, 'tabs are not allowed as indentation', 'indent with spaces'],
  [/^BAD_INDENT.*mapping items/, 'this line is not aligned with the keys around it', indentHint],
  [
    /^BAD_INDENT.*sequence items|^BLOCK_AS_IMPLICIT_KEY.*block sequence/,
    'this dash is not aligned with its list',
    'dashes of one list must be in the same column',
  ],
  [
    /^BAD_INDENT.*Block scalar|leading empty lines/,
    'this text must be indented deeper than its key and the empty lines above it',
    'indent with spaces',
  ],
  [
    /^MISSING_CHAR.*(?:Missing , between|flow sequence)/,
    'a comma or a closing bracket is missing before this',
    quoteHint,
  ],
  [/^MISSING_CHAR.*Missing , or :/, 'a colon or a comma is missing before this', quoteHint],
  [
    /^MISSING_CHAR.*Comments/,
    'a comment needs a space before its "#"',
    'put the text in quotes if the "#" is part of it',
  ],
  [
    /^MISSING_CHAR.*Sequence item/,
    'this line is not an item of the list above',
    'begin it with "- ", or check its indentation',
  ],
  [/^MISSING_CHAR.*start on same line/, '"---" must be alone on its line', 'begin on the next line'],
  [/^UNEXPECTED_TOKEN.*(?:Unexpected ,|empty item)/, 'there is nothing before this comma'],
  [
    /^UNEXPECTED_TOKEN.*on same line with key/,
    'a list must not begin on the line of its key',
    'put it on the next line',
  ],
  [
    /^UNEXPECTED_TOKEN.*header includes/,
    'only "+", "-" or a digit may follow "|" or ">"',
    'begin the text on the next line',
  ],
  [/^UNEXPECTED_TOKEN.*at node end/, 'the value ends before this', quoteHint],
  [/^UNEXPECTED_TOKEN.*in YAML stream/, 'this does not continue the lines above', indentHint],
  [
    /^BLOCK_IN_FLOW/,
    'a comma or a pair of brackets is missing',
    'inside brackets, lists are [a, b] and mappings { key: value }',
  ],
  [/^KEY_OVER_1024_CHARS/, 'a key may have at most 1,024 characters'],
  [
    /^BAD_DQ_ESCAPE.*sequence (.+)/,
    'invalid escape sequence $1',
    'write \\\\ for a backslash, or put the text in single quotes',
  ],
  [/^BAD_SCALAR_START.* (\S)$/, 'a text may not begin with "$1"', 'put the text in quotes'],
];

/**
 * Reports what breaks the rules of YAML; true when there is something. One mistake is reported per line, and none behind
 * a tab as indentation, because the library finds further errors in what follows from the first one.
 */
export function reportSyntaxErrors(document: Document, report: Report): boolean {
  const errors = document.errors.filter(({ code, message }) => !aboutUnsupported.test(`${code} ${message}`));
  if (errors.length === 0) return false;
  const openings = findOpenings(document, report.source.text);
  const lines = new Set<number>();
  for (const error of errors.sort((a, b) => a.pos[0] - b.pos[0])) {
    const mistake = explain(error, report.source.text, openings);
    const { line } = locate(report.source, mistake.at);
    if (!lines.has(line)) reportError(report, { code: 'spec/yaml-syntax', ...mistake });
    lines.add(line);
    // A bracket may be reported far above the line on which the library gave up; that line may have its own mistake.
    if (mistake.at.start >= error.pos[0])
      lines.add(locate(report.source, { start: error.pos[0], end: error.pos[1] }).line);
    if (error.code === 'TAB_AS_INDENT') break;
  }
  return true;
}

function explain(error: YAMLError, text: string, openings: ReadonlyMap<string, number>): SyntaxMistake {
  const { code, message, pos } = error;
  const unclosed = /end with a ([}\]])$|^Missing closing (["'])/.exec(message);
  if (unclosed !== null) return explainUnclosed(pos[0], unclosed[1] ?? unclosed[2]!, text, openings);
  const place = code === 'TAB_AS_INDENT' ? { start: pos[0], end: pos[1] } : nextWord(text, pos[0]);
  if (/Nested mappings/.test(message)) return explainSecondColon(place.start, text);
  if (code === 'MULTILINE_IMPLICIT_KEY' || /Implicit map keys|Missing space after :/.test(message)) {
    return explainMissingColon(place.start, text);
  }
  for (const [pattern, said, general] of messages) {
    const found = pattern.exec(`${code} ${message}`);
    if (found === null) continue;
    const hint = general === quoteHint ? (quotedValue(place.start, text) ?? general) : general;
    return { at: place, message: said.replace('$1', () => found[1] ?? ''), ...(hint === undefined ? {} : { hint }) };
  }
  return { at: place, message: message.charAt(0).toLowerCase() + message.slice(1) };
}

/** The library reports where it stopped; the user needs the position of the opening quote or bracket. */
function explainUnclosed(
  end: number,
  close: string,
  text: string,
  openings: ReadonlyMap<string, number>,
): SyntaxMistake {
  const at = nextWord(text, end);
  const other = text[at.start];
  if (/[}\]]/.test(close) && (other === '}' || other === ']')) {
    return { at, message: `"${other}" where "${close}" is expected` };
  }
  const open = { '}': '{', ']': '[' }[close] ?? close;
  const start = openings.get(`${open}${end}`) ?? end;
  if (open === close) {
    const hint = 'close it, and indent its further lines';
    return { at: { start, end: start + 1 }, message: 'this quote is never closed', hint };
  }
  const hint = `close it with "${close}", and indent its further lines`;
  return { at: { start, end: start + 1 }, message: `"${open}" is never closed`, hint };
}

/** A mapping where a text is expected: a second colon on the line of a key, or a line that was meant as a key of its own. */
function explainSecondColon(start: number, text: string): SyntaxMistake {
  const colon = start + Math.max(0, text.slice(start).search(/:(?=\s|$)/));
  const line = text.lastIndexOf('\n', colon) + 1;
  if (line <= start) {
    const hint = quotedValue(colon, text) ?? 'put the text in quotes if the colon is part of it';
    return { at: { start: colon, end: colon + 1 }, message: 'a second ": " on one line', hint };
  }
  const message = 'this line continues the text above, but looks like a key';
  return { at: nextWord(text, line), message, hint: indentHint };
}

/** How the text around an offset would be written in quotes, with its key; undefined when it is not the value of a key. */
function quotedValue(offset: number, text: string): string | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const before = text.slice(start, offset);
  const [opening, key, first] = /(?:^\s*|- +|[{,] *)([\w-]+): +([^\s"'[{|>&*!#][^,\n]*?)?$/.exec(before) ?? [];
  if (opening === undefined || first === undefined) return undefined;
  const isInBrackets = /[{,]/.test(opening);
  const rest = text.slice(offset, end === -1 ? undefined : end);
  // The value ends before the next key, or before the brackets around it are closed.
  const last = (isInBrackets ? /^(.*?)(?:, *[\w-]+: .*| +[}\]][}\],\s]*)?$/ : /^(.*)$/).exec(rest)?.[1] ?? rest;
  return `write ${key}: ${writeText(`${first}${last}`.trimEnd())}`;
}

function explainMissingColon(start: number, text: string): SyntaxMistake {
  const lineEnd = text.indexOf('\n', start);
  const line = text.slice(start, lineEnd === -1 ? undefined : lineEnd).trimEnd();
  const at = { start, end: start + line.length };
  if (/^["']/.test(line)) return { at, message: 'a key and its colon must be on one line' };
  const hint = /^[\w-]+:\S/.test(line) ? 'put a space after the colon' : 'write "key: value"';
  return { at, message: 'a key with a colon is expected here', hint };
}

/** The first word at or after an offset: the library often points to the white space before it. */
function nextWord(text: string, offset: number): SourceRange {
  const blank = /\s*(?:(?<=\s)#.*\s*)*/y;
  blank.lastIndex = offset;
  blank.test(text);
  const start = blank.lastIndex < text.length ? blank.lastIndex : offset;
  const word = /[^\s,:[\]{}]+/y;
  word.lastIndex = start;
  return { start, end: word.test(text) ? word.lastIndex : start + 1 };
}

/** The start of each quoted text and bracket, by its opening character and end offset; of nested ones the outermost. */
function findOpenings(document: Document, text: string): ReadonlyMap<string, number> {
  const openings = new Map<string, number>();
  visit(document, (_, node) => {
    if (!(isScalar(node) || isCollection(node)) || !node.range) return;
    const [start, end] = node.range;
    const key = `${text[start]}${end}`;
    if (!openings.has(key)) openings.set(key, start);
  });
  return openings;
}
