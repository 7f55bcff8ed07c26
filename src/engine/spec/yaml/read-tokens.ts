import { Lexer } from 'yaml';

export type TokenKind =
  | 'plain'
  | 'single-quoted'
  | 'double-quoted'
  /** `|` or `>` with its indicators; the next token is its `block-text`. */
  | 'block-header'
  | 'block-text'
  | '-'
  | '?'
  | ':'
  | ','
  | '['
  | ']'
  | '{'
  | '}'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'directive'
  | 'document-start'
  | 'document-end'
  /** The lexer gave up on a flow collection: its next line is not indented enough. */
  | 'flow-cut';

export type Token = {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Line on which it starts, from 0. */
  readonly line: number;
  /** Column from 0. */
  readonly col: number;
  /** Whether only white space stands before it on its line. */
  readonly first: boolean;
  /** Whether that white space holds a tab, which YAML forbids in indentation. */
  readonly tabbed: boolean;
};

// What the lexer of `yaml` says between slices of the text; the text itself has been found free of them.
const documentMark = '\u0002';
const flowCutMark = '\u0018';
const scalarMark = '\u001f';

/**
 * Splits a text without control characters into the tokens that matter, one a call; white space, comments and line
 * ends only leave their trace in the positions. The lexer of `yaml` does the hard part (where scalars end); its own tree
 * of tokens is left out because building it takes eight times as long and most of the memory.
 */
export function createTokenReader(text: string): () => Token | undefined {
  const lexemes = new Lexer().lex(text);
  let offset = 0;
  let line = 0;
  let lineStart = 0;
  let first = true;
  let tabbed = false;
  let scalarNext = false;
  let blockNext = false;

  function take(kind: TokenKind, length: number): Token {
    const token = { kind, start: offset, end: offset + length, line, col: offset - lineStart, first, tabbed };
    // A cut has no length, and leaves the line as it is.
    if (length > 0 || kind !== 'flow-cut') first = false;
    return token;
  }

  function moveOver(lexeme: string): void {
    for (let at = lexeme.indexOf('\n'); at !== -1; at = lexeme.indexOf('\n', at + 1)) {
      line += 1;
      lineStart = offset + at + 1;
    }
    offset += lexeme.length;
    if (offset === lineStart) {
      first = true;
      tabbed = false;
    }
  }

  return () => {
    for (let next = lexemes.next(); !next.done; next = lexemes.next()) {
      const lexeme = next.value;
      if (scalarNext) {
        const token = take(blockNext ? 'block-text' : 'plain', lexeme.length);
        scalarNext = false;
        blockNext = false;
        moveOver(lexeme);
        return token;
      }
      if (lexeme === scalarMark) scalarNext = true;
      else if (lexeme === flowCutMark) return take('flow-cut', 0);
      else if (lexeme !== documentMark) {
        const kind = kindOf(lexeme);
        if (kind === 'space') {
          if (first && lexeme.includes('\t')) tabbed = true;
          offset += lexeme.length;
        } else if (kind === 'newline' || kind === 'comment') moveOver(lexeme);
        else {
          const token = take(kind, lexeme.length);
          if (kind === 'block-header') blockNext = true;
          if (lexeme.length === 1) offset += 1;
          else moveOver(lexeme);
          return token;
        }
      }
    }
    return undefined;
  };
}

function kindOf(lexeme: string): TokenKind | 'space' | 'newline' | 'comment' {
  switch (lexeme[0]) {
    case ' ':
    case '\t':
    case '\ufeff':
      return 'space';
    case '\n':
    case '\r':
    case undefined:
      return 'newline';
    case '#':
      return 'comment';
    case '%':
      return 'directive';
    case '*':
      return 'alias';
    case '&':
      return 'anchor';
    case '!':
      return 'tag';
    case "'":
      return 'single-quoted';
    case '"':
      return 'double-quoted';
    case '|':
    case '>':
      return 'block-header';
    case '-':
      return lexeme === '-' ? '-' : 'document-start';
    case '.':
      return 'document-end';
    case '?':
    case ':':
    case ',':
    case '[':
    case ']':
    case '{':
    case '}':
      return lexeme[0];
    default:
      // What follows an early `\u001f` or stands behind a directive; the parser calls it unexpected.
      return 'plain';
  }
}
