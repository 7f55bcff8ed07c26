import type { Style } from '../../theme.ts';

/** How a line of output looks, judged by its words: programs have no common way to say what is an error. */
export function lineStyle(text: string): Style {
  if (isErrorLine(text)) return 'bad';
  return warning.test(text) ? 'warn' : 'plain';
}

/** Whether a line is one of those that "errors only" keeps. */
export function isErrorLine(text: string): boolean {
  return error.test(text);
}

// Words, not parts of words: `error_rate=0` and `terror` are none; a type such as `ValueError:` is one.
const error = /\b(?:error|fatal|panic|exception|traceback|critical|failed)\b(?![=_])|\w(?:Error|Exception):/i;
const warning = /\bwarn(?:ing)?\b(?![=_])/i;
