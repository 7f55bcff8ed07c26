import { basename, extname } from 'node:path';
import type { Written } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { didYouMean } from '../model/text/did-you-mean.ts';

/** What the words of one kind stand for, however they are written: `Play-by-play data` is `play_by_play`. */
export type Vocabulary<Meaning> = {
  /**
   * What a text means: one word, or several with commas, semicolons or "and" between them. Errors: `request/unknown-word`
   * for each that is unknown, at the place of the text.
   */
  find(text: Written): Result<readonly Meaning[], readonly Diagnostic[]>;
};

const maxListed = 20;
/** The search for a similar word is slow, so that only the first unknown ones get a suggestion. */
const maxSuggestions = 50;
const maxWordLength = 200;
/** A longer text is no list of words. */
const maxTextLength = 1_000;

/** @param noun for messages: "scope" @param entries the first meaning of a word counts */
export function createVocabulary<Meaning>(
  noun: string,
  entries: Iterable<readonly [word: string, meaning: Meaning]>,
): Vocabulary<Meaning> {
  const known = new Map<string, Meaning>();
  const words: string[] = [];
  let suggestions = 0;
  for (const [word, meaning] of entries) {
    const form = plain(word);
    if (known.has(form)) continue;
    known.set(form, meaning);
    words.push(word);
  }
  return {
    find: ({ text, at }) => {
      const parts = known.has(plain(text)) ? [text] : splitWords(text);
      const unknown = parts.filter((part) => !known.has(plain(part)));
      if (unknown.length > 0) {
        return failed(
          unknown.map((part) => {
            suggestions += 1;
            const meant = suggestions > maxSuggestions ? undefined : didYouMean(part, words);
            return unknownWord(noun, { text: part, at }, words, meant);
          }),
        );
      }
      return ok(parts.map((part) => known.get(plain(part)) as Meaning));
    },
  };
}

/** The parts of a text between commas, semicolons and "and". */
export function splitWords(text: string): readonly string[] {
  if (text.length > maxTextLength) return [text];
  const parts = text.split(/[,;&]|\band\b/).map((part) => part.trim());
  const words = parts.filter((part) => part !== '');
  return words.length === 0 ? [text] : words;
}

/** A file may be asked for by its path, and by its last name with or without the ending. */
export function wordsOfFile(path: string): readonly string[] {
  return [path, basename(path), basename(path, extname(path))];
}

function plain(word: string): string {
  // What is longer is no word, and would take long to match.
  return word
    .slice(0, maxWordLength)
    .toLowerCase()
    .replace(/^(?:the|all|updated|refreshed|fresh)\s+/, '')
    .replace(/\s+(?:data|table|tables|dataset|file)$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function unknownWord(
  noun: string,
  { text, at }: Written,
  words: readonly string[],
  meant: string | undefined,
): Diagnostic {
  const list =
    words.length === 0
      ? `the pipeline has none; see "requests" in its file`
      : `known: ${words.slice(0, maxListed).join(', ')}${words.length > maxListed ? ' …' : ''}`;
  const shown = text.length > 100 ? `${text.slice(0, 99)}…` : text;
  return {
    code: 'request/unknown-word',
    severity: 'error',
    message: `"${shown}" is not a ${noun} of this pipeline`,
    at,
    hint: meant === undefined ? list : `did you mean "${meant}"?`,
  };
}
