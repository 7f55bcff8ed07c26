/** Whether a text matches. */
export type Pattern = (text: string) => boolean;

const maxLength = 1_000;

/**
 * A JavaScript regular expression (with its flag `u`); a text of more than 1,000 characters does not match. Returns a
 * message when the pattern itself is wrong.
 *
 * The bound limits the time of most patterns, but not of those that backtrack exponentially, such as `(a+)+$`. The author
 * of the pattern also writes the commands that run on this machine, so that protection against the author would not help.
 */
export function compilePattern(source: string): Pattern | string {
  try {
    const expression = new RegExp(source, 'u');
    return (text) => text.length <= maxLength && expression.test(text);
  } catch (error) {
    return (error as Error).message.replace(/^.*\/u?: /s, '').toLowerCase();
  }
}
