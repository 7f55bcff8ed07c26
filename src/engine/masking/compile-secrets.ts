import { minOnFirstLine } from './end-of-secret.ts';
import { writtenForms } from './written-forms.ts';

/** Shorter values are not masked: they occur within ordinary words. */
const minSecretLength = minOnFirstLine;
const minEncodedLength = 6;
/** So many bytes are compared before `endOfSecret` is asked; behind them any character may be escaped. */
const maxWindow = 8;
/** Longer ones are files; a variable of a task may not be much longer. */
const maxLengthWithForms = 65_536;
/** Beyond these limits the variants with line breaks would take too much memory. */
const maxSecretsWithBreaks = 200;
const maxLengthWithBreaks = 8_192;

/** The search tables for `findSecretMatches`. Build them once per run; they contain the secrets. */
export type SecretPatterns = {
  readonly patterns: readonly Uint8Array[];
  readonly longest: number;
  readonly shortest: number;
  /** By the last two bytes of a window of `shortest` bytes: how far the window may move without missing a match. */
  readonly shift: Uint8Array;
  /** By the same two bytes when the window may not move: the patterns that may start at the window. */
  readonly candidates: ReadonlyMap<number, readonly Uint8Array[]>;
  /** The patterns by their first two bytes. */
  readonly byStart: ReadonlyMap<number, readonly Uint8Array[]>;
  /** 1 for each byte, and each pair of bytes, that begins a pattern: faster than a lookup in the map. */
  readonly firstByte: Uint8Array;
  readonly firstBytes: Uint8Array;
};

/**
 * Compiles all forms in which `secrets` may occur in a program's output (`writtenForms`). A form with its first bytes as they
 * are is a pattern; what may be different behind them is for `endOfSecret`, and a line break within them makes a pattern of
 * its own. The search algorithm is Wu-Manber (1994), which skips most bytes.
 */
export function compileSecrets(secrets: readonly string[]): SecretPatterns | undefined {
  const texts = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < minSecretLength) continue;
    const all = secret.length > maxLengthWithForms ? [secret] : writtenForms(secret);
    const forms = all.filter((form) => form === secret || form.length >= minEncodedLength);
    for (const form of forms) texts.add(form);
    if (secrets.length > maxSecretsWithBreaks || secret.length > maxLengthWithBreaks) continue;
    for (const form of forms) for (const broken of brokenEarly(form)) texts.add(broken);
  }
  if (texts.size === 0) return undefined;
  const patterns = [...texts].map((text) => Buffer.from(text, 'utf8'));
  const lengths = patterns.map((pattern) => pattern.length);
  const shortest = Math.min(maxWindow, ...lengths);
  const shift = new Uint8Array(0x10000).fill(shortest - 1);
  const candidates = new Map<number, Uint8Array[]>();
  const byStart = new Map<number, Uint8Array[]>();
  const firstByte = new Uint8Array(256);
  const firstBytes = new Uint8Array(0x10000);
  for (const pattern of patterns) {
    for (let end = 1; end < shortest; end++) {
      const block = (pattern[end - 1]! << 8) | pattern[end]!;
      shift[block] = Math.min(shift[block]!, shortest - 1 - end);
      if (end === shortest - 1) addTo(candidates, block, pattern);
    }
    const start = (pattern[0]! << 8) | pattern[1]!;
    addTo(byStart, start, pattern);
    firstByte[pattern[0]!] = 1;
    firstBytes[start] = 1;
  }
  return { patterns, longest: Math.max(...lengths), shortest, shift, candidates, byStart, firstByte, firstBytes };
}

/** With a line break at each place where `endOfSecret` would not be asked, and where there is room with an indentation. */
function brokenEarly(form: string): readonly string[] {
  if (form.length < minEncodedLength) return [];
  return Array.from({ length: Math.min(maxWindow, form.length) - 1 }, (_, before) => before + 1).flatMap((at) => {
    const [head, tail] = [form.slice(0, at), form.slice(at)];
    const indent = at < minOnFirstLine ? '' : ' '.repeat(maxWindow - at - 1);
    return [`${head}\n${tail}`, `${head}\n${indent}${tail}`];
  });
}

function addTo(map: Map<number, Uint8Array[]>, key: number, pattern: Uint8Array): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [pattern]);
  else list.push(pattern);
}
