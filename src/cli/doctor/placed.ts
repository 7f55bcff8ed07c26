import type { Diagnostic } from '../../engine/index.ts';

/** With its place in front of the message, for a single line. */
export function placed(diagnostic: Diagnostic): Diagnostic {
  const { at, message } = diagnostic;
  return at === undefined ? diagnostic : { ...diagnostic, message: `${at.file}:${at.line}:${at.col}: ${message}` };
}
