import { CST, Lexer, Parser } from 'yaml';
import { type Report, reportError } from '../report-error.ts';

/** Deeper than any pipeline needs; limits the recursion of the YAML composer and of the functions here. */
const maxDepth = 64;

const unsupported: Partial<Record<CST.TokenType, string>> = {
  alias: 'aliases (*name) are not supported',
  anchor: 'anchors (&name) are not supported',
  tag: 'tags (!name) are not supported',
  'explicit-key-ind': 'keys with "?" are not supported',
  'directive-line': 'directives (%NAME) are not supported',
};

/**
 * The tokens of the first document, for the library's composer; reports the YAML that we do not support where it stands.
 * Undefined when the text is nested too deep. That is found here, token by token, because the composer works by
 * recursion: a megabyte of "[" makes V8 end the process, which no `catch` can prevent.
 */
export function readTokens(report: Report): readonly CST.Token[] | undefined {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let isText = false;
  for (const lexeme of new Lexer().lex(report.source.text)) {
    const start = parser.offset;
    const message = isText ? undefined : unsupported[CST.tokenType(lexeme) ?? 'space'];
    if (message !== undefined) refuse(report, start, start + lexeme.length, message);
    // The lexer puts a marker before each scalar, whose text may look like any other token.
    isText = lexeme === CST.SCALAR;
    for (const token of parser.next(lexeme)) if (!accept(tokens, token, report)) return tokens;
    if (parser.stack.length > maxDepth && parser.stack.filter(CST.isCollection).length > maxDepth) {
      refuse(report, start, start + 1, `nested deeper than ${maxDepth} levels`);
      return undefined;
    }
  }
  for (const token of parser.end()) if (!accept(tokens, token, report)) return tokens;
  return tokens;
}

/** Adds a token; returns false when the document has ended. */
function accept(tokens: CST.Token[], token: CST.Token, report: Report): boolean {
  if (token.type === 'document' && tokens.some(({ type }) => type === 'document')) {
    refuse(report, token.offset, token.offset + 3, 'a file must have one document, but a second one begins here');
    return false;
  }
  if (token.type !== 'directive') tokens.push(token);
  // After text outside a document, the parser reports every further token as an error.
  return token.type !== 'error';
}

function refuse(report: Report, start: number, end: number, message: string): void {
  reportError(report, { code: 'spec/unsupported-yaml', at: { start, end }, message });
}
