import { applySgr, plainLook, sameLook, type TextLook } from './text-look.ts';

/**
 * `text` as one line that is safe to print on a terminal: escape sequences are removed (complete or not, 7-bit or C1),
 * other control characters become visible symbols, tabs become spaces, and bidirectional controls are removed. Every text
 * from tasks, files, databases or YAML must pass through here before it is shown. Linear in the length of the text.
 */
export function displayText(text: string): string {
  return unsafe.test(text) ? clean(text) : text;
}

/**
 * The lines of a program's output, each safe to print. Of a line that the program overwrote by carriage returns, as
 * progress bars do, only the last version is kept. A final line break does not start another line.
 */
export function displayLines(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines.map((line) => displayText(lastVersion(line)));
}

/** A line made safe, with the colours and weights that the program gave it. */
export type ColouredText = {
  /** Exactly what `displayText` gives. */
  readonly text: string;
  /** From which character of it (in UTF-16 units) on which look holds, in their order; none for a line without. */
  readonly looks: readonly { readonly at: number; readonly look: TextLook }[];
};

/** The last line of what `displayLines` gives for one line of output, with its looks; a look ends with its line. */
export function displayColoured(line: string): ColouredText {
  const last = lastVersion(line.endsWith('\n') ? line.slice(0, -1) : line);
  if (!unsafe.test(last)) return { text: last, looks: noLooks };
  if (!last.includes('\x1b[')) return { text: clean(last), looks: noLooks };
  const looks: { at: number; look: TextLook }[] = [];
  let look = plainLook;
  const text = clean(last, (parameters, at) => {
    let next = applySgr(look, parameters);
    if (sameLook(next, look) || looks.length === maxLooks) return;
    if (looks.length === maxLooks - 1) next = plainLook;
    look = next;
    if (looks[looks.length - 1]?.at === at) looks.pop();
    looks.push({ at, look });
  });
  return { text, looks };
}

/** In one line; what comes behind is plain, so that no line takes long to draw. */
const maxLooks = 1000;

const noLooks: ColouredText['looks'] = [];

// Control characters, lone surrogates, bidirectional controls, line and paragraph separators, the byte order mark.
const unsafe = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\uFEFF]/u;
const invisible = /[\p{Bidi_Control}\uFEFF]/u;

const tabWidth = 8;
const del = 0x7f;
const bell = 0x07;
const esc = 0x1b;
const csi = 0x9b;
const stringTerminator = 0x9c;

/** @param onSgr called for each complete sequence ESC [ … m, with its parameters and where in the result it applies from */
function clean(text: string, onSgr?: (parameters: string, at: number) => void): string {
  const next = new RegExp(unsafe, 'gu');
  let shown = '';
  let at = 0;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    shown += text.slice(at, found.index);
    const code = text.codePointAt(found.index)!;
    at = endOfSequence(text, found.index, code);
    if (onSgr !== undefined && code === esc && isSgr(text, found.index, at)) {
      onSgr(text.slice(found.index + 2, at - 1), shown.length);
    }
    if (at === found.index) {
      shown += replacementOf(code, shown.length);
      at += found[0].length;
    }
    next.lastIndex = at;
  }
  return shown + text.slice(at);
}

/** The replacement of an unsafe character that belongs to no escape sequence. */
function replacementOf(code: number, column: number): string {
  if (code === 0x09) return ' '.repeat(tabWidth - (column % tabWidth));
  // Unicode has a visible symbol for each of these control characters.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === del) return '\u2421';
  if (code === 0x2028 || code === 0x2029) return ' ';
  return invisible.test(String.fromCodePoint(code)) ? '' : '\uFFFD';
}

/** The index after the escape sequence that begins at `at`; `at` itself when none begins there. */
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

/** Whether the escape sequence is ESC [ digits m, with `;` and `:` between them, and nothing else. */
function isSgr(text: string, from: number, end: number): boolean {
  if (end - from < 3 || text[from + 1] !== '[' || text[end - 1] !== 'm') return false;
  return skip(text, from + 2, 0x30, 0x3b) === end - 1;
}

/** Whether it is the second byte of the 7-bit form of DCS, SOS, OSC, PM or APC, which all take a string. */
function isStringIntroducer(code: number): boolean {
  return code === 0x50 || code === 0x58 || code === 0x5d || code === 0x5e || code === 0x5f;
}

function endOfCsi(text: string, from: number): number {
  const intermediate = skip(text, from, 0x30, 0x3f);
  const final = skip(text, intermediate, 0x20, 0x2f);
  return skip(text, final, 0x40, 0x7e, 1);
}

/** The string ends with BEL or ST, or, when it is not terminated, at the end of the line or where another sequence begins. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === bell || code === stringTerminator) return at + 1;
    if (code === esc) return text.charCodeAt(at + 1) === 0x5c ? at + 2 : at;
    if (code === 0x0a || code === 0x0d || code === 0x18 || code === 0x1a) return at;
  }
  return text.length;
}

/** The index after the characters from `low` to `high` that follow, at most `max` of them. */
function skip(text: string, from: number, low: number, high: number, max = Number.POSITIVE_INFINITY): number {
  let at = from;
  while (at < text.length && at - from < max) {
    const code = text.charCodeAt(at);
    if (code < low || code > high) break;
    at += 1;
  }
  return at;
}

function lastVersion(line: string): string {
  const written = line.replace(/\r+$/u, '');
  return written.slice(written.lastIndexOf('\r') + 1);
}
