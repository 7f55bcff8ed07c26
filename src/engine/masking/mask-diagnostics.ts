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
 * Masks the secrets of the file, the environment and the parameters in diagnostics about a pipeline file, and in the text
 * of the file, where each character becomes one star, so that columns in excerpts stay correct.
 */
export function maskDiagnostics(
  diagnostics: readonly Diagnostic[],
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  params: ReadonlyMap<string, string>,
): { readonly diagnostics: readonly Diagnostic[]; readonly text: string } {
  if (diagnostics.length === 0) return { diagnostics, text };
  const written = findSecretsInText(text);
  const values = written.map(({ name, start, end }) => [name, unquoted(text.slice(start, end))] as const);
  const declared = new Set([...declaredSecrets(text), '']);
  const found = findSecrets([...Object.entries(env), ...params, ...values], declared, keysOf(text));
  const secrets = found.values.slice(0, maxSecrets);
  const patterns = compileSecrets(secrets);
  const mask = (message: string) => maskText(patterns, message);
  const offsetOf = offsetsIn(text);
  return {
    diagnostics: diagnostics.map((diagnostic) => {
      const at = offsetOf(diagnostic);
      const within = written.find(({ start, end }) => at !== undefined && at >= start && at < end);
      const value = within === undefined ? undefined : text.slice(within.start, within.end);
      return maskDiagnostic(diagnostic, (message) => mask(value === undefined ? message : hideQuoted(message, value)));
    }),
    text: hideSecrets(patterns, hideSecretsInText(text, written)),
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
