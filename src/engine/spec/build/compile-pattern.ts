/** Tells whether a text matches. */
export type Pattern = (text: string) => boolean;

const maxLength = 1_000;

/**
 * A JavaScript regular expression (with its flag `u`); a text of more than 1,000 characters does not match. Returns in
 * words what is wrong with the pattern.
 *
 * The bound keeps a clumsy pattern from taking long, and cannot stop one that tries endless ways, such as `(a+)+$`. Who
 * writes the pattern also writes the commands that run on this machine, so that it needs no engine that is proof against
 * its author.
 */
export function compilePattern(source: string): Pattern | string {
  try {
    const expression = new RegExp(source, 'u');
    return (text) => text.length <= maxLength && expression.test(text);
  } catch (error) {
    return (error as Error).message.replace(/^.*\/u?: /s, '').toLowerCase();
  }
}
