import { type Report, reportError } from './report-error.ts';

const maxBytes = 1_048_576;

/** Reports a text that is too large, or holds what no YAML file does. `hint` is for one that is too large. */
export function isReadable(text: string, report: Report, hint: string): boolean {
  const start = { start: 0, end: 1 };
  // A UTF-16 unit takes at most three bytes in UTF-8, so a short text need not be encoded to be measured.
  if (text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes) {
    const message = 'the file is larger than 1 MiB';
    reportError(report, { code: 'spec/too-large', at: start, message, hint });
    return false;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in the file
  const unreadable = /[\0-\x08\v\f\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]|\r(?!\n)/u.exec(text);
  if (unreadable === null) return true;
  const code = unreadable[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const message = `the file contains a control character (U+${code}), so it is not YAML`;
  reportError(report, {
    code: 'spec/unreadable',
    at: { start: unreadable.index, end: unreadable.index + 1 },
    message,
    hint: code === '000D' ? 'end lines with a line feed' : 'is it a text file in UTF-8?',
  });
  return false;
}
