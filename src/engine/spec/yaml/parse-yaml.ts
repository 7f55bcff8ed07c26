import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Report, reportError } from '../report-error.ts';
import { readTokens } from './read-tokens.ts';
import { reportSyntaxErrors } from './syntax-errors.ts';
import { forbiddenKeys, type SourceRange, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts';

/**
 * Reads a YAML text into nodes with positions; never throws. A text that breaks the rules of YAML is reported and not
 * read any further, because the library's guess at what was meant would lead to further mistakes that are none.
 * Anchors, aliases, tags, merge keys, keys that are no text and second documents are refused, and the rest is read.
 */
export function parseYaml(report: Report): YamlNode {
  const document = readDocument(report);
  if (document === 'broken') return { kind: 'broken', start: 0, end: report.source.text.length };
  return toNode(document?.contents, { start: 0, end: 0 }, report);
}

/** The tokens, which are most of what a large file takes, are free again when it returns. */
function readDocument(report: Report): Document.Parsed | undefined | 'broken' {
  const tokens = readTokens(report);
  if (tokens === undefined) return 'broken';
  // With the failsafe schema every scalar stays the text that was written; the shapes interpret it. Duplicate keys are found below, because
  // the library names the place of the second one only and compares each key with all others.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, resolveKnownTags: false });
  const [document] = composer.compose(tokens, true, report.source.text.length);
  return document !== undefined && reportSyntaxErrors(document, report) ? 'broken' : document;
}

/** `owner` is the range of the key or dash, where an absent value is reported. */
function toNode(node: ParsedNode | null | undefined, owner: SourceRange, report: Report): YamlNode {
  if (node === null || node === undefined || isEmpty(node)) return { kind: 'empty', ...owner };
  const range = rangeOf(node);
  if (isScalar(node)) return { kind: 'scalar', text: String(node.value), plain: node.type === 'PLAIN', ...range };
  if (isMap(node)) return toMap(node, range, report);
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => toItem(item, node, report)), ...range };
  return { kind: 'broken', ...range };
}

function toItem(item: ParsedNode, list: YAMLSeq, report: Report): YamlNode {
  const range = rangeOf(item);
  const isBarePair = list.flow && isMap(item) && item.flow && report.source.text[range.start] !== '{';
  if (isBarePair) {
    const hint = 'write { key: value }, or quote the text';
    refuse(report, range, 'a "key: value" pair in a list needs braces', hint);
    return { kind: 'broken', ...range };
  }
  // The range of an absent item is that of its dash.
  return toNode(item, { start: Math.max(0, range.start - 1), end: range.start }, report);
}

function toMap(map: YAMLMap, range: SourceRange, report: Report): YamlMap {
  const entries = new Map<string, YamlEntry>();
  let complete = true;
  for (const pair of map.items) {
    const key = pair.key as ParsedNode;
    const at = rangeOf(key);
    const name = readKey(key, at, pair.value === null, report);
    const first = name === undefined ? undefined : entries.get(name);
    const value = toNode(pair.value as ParsedNode | null, at, report);
    if (name === undefined) complete = false;
    else if (first === undefined) entries.set(name, { key: name, at, value });
    else {
      const related = [{ message: 'it was given here before', at: first.at }];
      reportError(report, { code: 'spec/duplicate-key', at, message: `"${name}" is given twice`, related });
    }
  }
  return { kind: 'map', entries: [...entries.values()], complete, ...range };
}

/** The name of a key, or undefined when it was rejected. */
function readKey(key: ParsedNode, at: SourceRange, alone: boolean, report: Report): string | undefined {
  if (isAlias(key)) return undefined;
  if (!isScalar(key) || isEmpty(key)) return refuse(report, at, 'a key must be text');
  const name = String(key.value);
  if (name === '<<') {
    const hint = 'write the keys in full, or put common values under "defaults"';
    return refuse(report, at, 'merge keys are not supported', hint);
  }
  if (forbiddenKeys.has(name)) {
    reportError(report, { code: 'spec/forbidden-key', at, message: `"${name}" is not allowed as a key` });
    return undefined;
  }
  if (alone && key.type === 'PLAIN' && /:\S/.test(name)) {
    const hint = 'put a space after the colon';
    reportError(report, { code: 'spec/yaml-syntax', at, message: `"${name}" has no value`, hint });
    return undefined;
  }
  return name;
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.source === '';
}

function rangeOf({ range: [start, end] }: ParsedNode): SourceRange {
  return { start, end };
}

function refuse(report: Report, at: SourceRange, message: string, hint?: string): undefined {
  reportError(report, { code: 'spec/unsupported-yaml', at, message, hint });
}
