/**
 * `text` as one line that is safe on a terminal: escape sequences are gone (finished or not, 7-bit or C1), other control
 * characters show as symbols, tabs are spaces, and nothing can turn the direction of writing. Whatever comes from tasks,
 * files, databases or YAML passes through here before it is shown. Takes time in proportion to the length.
 */
export function displayText(text: string): string {
  return unsafe.test(text) ? clean(text) : text;
}

/**
 * The lines of a program's output, each safe on a terminal. A line that was written over with carriage returns, as
 * progress bars do, is what it said last. A line break at the very end does not begin another line.
 */
export function displayLines(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines.map((line) => displayText(lastWritten(line)));
}

// Controls, halves of characters, direction controls, line and paragraph separators, the byte order mark.
const unsafe = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\uFEFF]/u;
const invisible = /[\p{Bidi_Control}\uFEFF]/u;

const tabWidth = 8;
const del = 0x7f;
const bell = 0x07;
const esc = 0x1b;
const csi = 0x9b;
const stringTerminator = 0x9c;

function clean(text: string): string {
  const next = new RegExp(unsafe, 'gu');
  let shown = '';
  let at = 0;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    shown += text.slice(at, found.index);
    const code = text.codePointAt(found.index)!;
    at = endOfSequence(text, found.index, code);
    if (at === found.index) {
      shown += safeForm(code, shown.length);
      at += found[0].length;
    }
    next.lastIndex = at;
  }
  return shown + text.slice(at);
}

/** What stands for one of the unsafe characters outside of sequences. */
function safeForm(code: number, column: number): string {
  if (code === 0x09) return ' '.repeat(tabWidth - (column % tabWidth));
  // Unicode has a picture of each of these controls.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === del) return '\u2421';
  if (code === 0x2028 || code === 0x2029) return ' ';
  return invisible.test(String.fromCodePoint(code)) ? '' : '\uFFFD';
}

/** Where the escape sequence that begins at `at` ends; `at` itself when none begins there. */
function endOfSequence(text: string, at: number, code: number): number {
  if (code === csi) return endOfCsi(text, at + 1);
  if (isStringIntroducer(code - 0x40)) return endOfString(text, at + 1);
  if (code !== esc) return at;
  const next = text.charCodeAt(at + 1);
  if (next === 0x5b) return endOfCsi(text, at + 2);
  if (isStringIntroducer(next)) return endOfString(text, at + 2);
  const final = skip(text, at + 1, 0x20, 0x2f);
  return skip(text, final, 0x30, 0x7e, 1);
}

/** The second byte of the 7-bit form of DCS, SOS, OSC, PM and APC, which all take a string. */
function isStringIntroducer(code: number): boolean {
  return code === 0x50 || code === 0x58 || code === 0x5d || code === 0x5e || code === 0x5f;
}

function endOfCsi(text: string, from: number): number {
  const intermediate = skip(text, from, 0x30, 0x3f);
  const final = skip(text, intermediate, 0x20, 0x2f);
  return skip(text, final, 0x40, 0x7e, 1);
}

/** The string ends with BEL or ST, at the end of the line, or where another sequence begins. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === bell || code === stringTerminator) return at + 1;
    if (code === esc) return text.charCodeAt(at + 1) === 0x5c ? at + 2 : at;
    if (code === 0x0a || code === 0x0d || code === 0x18 || code === 0x1a) return at;
  }
  return text.length;
}

/** Behind the characters from `low` to `high` that follow, `most` of them at most. */
function skip(text: string, from: number, low: number, high: number, most = Number.POSITIVE_INFINITY): number {
  let at = from;
  while (at < text.length && at - from < most) {
    const code = text.charCodeAt(at);
    if (code < low || code > high) break;
    at += 1;
  }
  return at;
}

function lastWritten(line: string): string {
  const written = line.replace(/\r+$/u, '');
  return written.slice(written.lastIndexOf('\r') + 1);
}
