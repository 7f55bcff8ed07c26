import type { Diagnostic } from '../model/diagnostic.ts';
import { compileSecrets, type SecretPatterns } from './compile-secrets.ts';
import { findSecretMatches } from './find-secret-matches.ts';
import { findSecrets } from './find-secrets.ts';
import { declaredSecrets, findSecretsInText, hideSecretsInText } from './find-secrets-in-text.ts';
import { maskDiagnostic } from './mask-plan.ts';
import { maskText } from './mask-stream.ts';

/** At most so many values are searched for everywhere; at their own locations all are masked. */
const maxSecrets = 500;

/**
 * Masks the secrets of the files, the environment and the parameters in diagnostics about a pipeline file and those that it
 * includes, and in their texts, where each character becomes one star, so that columns in excerpts stay correct.
 * @param texts by file name, as in `Location.file`
 */
export function maskDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
  params: ReadonlyMap<string, string>,
): { readonly diagnostics: readonly Diagnostic[]; readonly texts: ReadonlyMap<string, string> } {
  if (diagnostics.length === 0) return { diagnostics, texts };
  const all = [...texts.values()];
  const declared = new Set(all.flatMap((text) => [...declaredSecrets(text)]));
  const files = new Map([...texts].map(([file, text]) => [file, placesIn(text, declared)]));
  const values = [...files.values()].flatMap(({ written, text }) =>
    written.map(({ name, start, end }) => [name, unquoted(text.slice(start, end))] as const),
  );
  const variables = [...Object.entries(env), ...params, ...values];
  const found = findSecrets(variables, [...declared, ''], all.flatMap(keysOf));
  const patterns = compileSecrets(found.values.slice(0, maxSecrets));
  const mask = (message: string) => maskText(patterns, message);
  return {
    diagnostics: diagnostics.map((diagnostic) => {
      const value = files.get(diagnostic.at?.file ?? '')?.secretAt(diagnostic);
      return maskDiagnostic(diagnostic, (message) => mask(value === undefined ? message : hideQuoted(message, value)));
    }),
    texts: new Map(
      [...files].map(([file, { text, written }]) => [file, hideSecrets(patterns, hideSecretsInText(text, written))]),
    ),
  };
}

/** The secrets that are written in a text, and the one at the place of a diagnostic. */
function placesIn(text: string, declared: ReadonlySet<string>) {
  const written = findSecretsInText(text, declared);
  const offsetOf = offsetsIn(text);
  return {
    text,
    written,
    secretAt: (diagnostic: Diagnostic): string | undefined => {
      const at = offsetOf(diagnostic);
      const within = written.find(({ start, end }) => at !== undefined && at >= start && at < end);
      return within === undefined ? undefined : text.slice(within.start, within.end);
    },
  };
}

/** The text with one star for each character of a secret, in whatever form it is written there. */
function hideSecrets(patterns: SecretPatterns | undefined, text: string): string {
  if (patterns === undefined) return text;
  const bytes = Buffer.from(text, 'utf8');
  let hidden = '';
  let done = 0;
  for (const { start, end } of findSecretMatches(patterns, bytes).matches) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    hidden += bytes.toString('utf8', done, from) + bytes.toString('utf8', from, end).replace(/[^\n]/g, '*');
    done = end;
  }
  return hidden + bytes.toString('utf8', done);
}

/** Messages quote the text at the location, possibly shortened by `…`. */
function hideQuoted(message: string, value: string): string {
  return message
    .split('"')
    .map((part, index) => (index % 2 === 1 && part !== '' && value.includes(part.replace(/…$/, '')) ? '***' : part))
    .join('"');
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, '$2');
}

/** The keys in the file: they are names, which messages need. */
function keysOf(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\w.-])([\w.-]+)["']?[ \t]*:(?=\s)/g)].map(([, name = '']) => name);
}

/** Returns a function from a diagnostic to its offset in the text. */
function offsetsIn(text: string): (diagnostic: Diagnostic) => number | undefined {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return ({ at }) => (at === undefined ? undefined : starts[at.line - 1]! + at.col - 1);
}
