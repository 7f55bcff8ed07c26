import { Document, isAlias, isCollection, isMap, isScalar, parseDocument, Scalar, visit } from 'yaml';
import { failed, ok, type Result } from '../../model/result.ts';

/** What a document holds: as JSON. */
export type DocumentFields = { readonly [key: string]: unknown };

/** A text that YAML 1.1 takes for a number, a moment, yes or no is put in quotes, although YAML 1.2 does not. */
const compat = 'yaml-1.1';
/** Anything but printable characters of one line. */
const unusual = /[^\x20-\x7e\xa1-\xac\xae-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff\ue000-\ufefe\uff00-\uffef]/u;
/** What the library writes as it is, and a terminal or another parser may obey. */
const unescaped = /[\x7f-\xa0\xad\u2028\u2029\p{Bidi_Control}\ufeff]/gu;

/**
 * A mapping as YAML that parsers of YAML 1.1 and 1.2 read as the same texts and numbers: what could be taken for anything
 * but a text is in quotes, control characters are escaped, and no line is folded.
 */
export function writeYaml(fields: DocumentFields): string {
  return stringify(new Document(fields, { compat, aliasDuplicateObjects: false }));
}

/** The mapping in a text; the error says what is wrong. Aliases, tags and several documents are refused. */
export function readYaml(text: string): Result<DocumentFields, string> {
  const parsed = parse(text);
  return parsed.ok ? ok(parsed.value.toJS() as DocumentFields) : parsed;
}

/** `text` with one more key; everything else, comments included, stays as it is. */
export function addToYaml(text: string, key: string, value: DocumentFields): Result<string, string> {
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  parsed.value.set(key, parsed.value.createNode(value));
  return ok(stringify(parsed.value));
}

function parse(text: string): Result<Document, string> {
  const document = parseDocument(text, { compat, merge: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) return failed(error.message.split('\n')[0]!.replace(/:$/, ''));
  if (!isMap(document.contents)) return failed('it is not a mapping of keys and values');
  let refused: string | undefined;
  visit(document, (_, node) => {
    if (isAlias(node)) refused = 'it contains an alias';
    else if ((isCollection(node) || isScalar(node)) && node.tag !== undefined) refused = 'it contains a tag';
    return refused === undefined ? undefined : visit.BREAK;
  });
  return refused === undefined ? ok(document) : failed(refused);
}

function stringify(document: Document): string {
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && unusual.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text.replace(unescaped, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
