import type { Style } from '../../theme.ts';

/** The style of a line of output, guessed from its words: programs have no common format for errors. */
export function lineStyle(text: string): Style {
  if (isErrorLine(text)) return 'bad';
  return warning.test(text) ? 'warn' : 'plain';
}

/** Whether "errors only" shows the line. */
export function isErrorLine(text: string): boolean {
  return error.test(text);
}

// Whole words only: `error_rate=0` and `terror` do not match; a type such as `ValueError:` does.
const error = /\b(?:error|fatal|panic|exception|traceback|critical|failed)\b(?![=_])|\w(?:Error|Exception):/i;
const warning = /\bwarn(?:ing)?\b(?![=_])/i;
