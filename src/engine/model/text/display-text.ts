import { endOfSequence, isSgr } from './escape-sequence.ts';
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

/** @param onSgr called for each complete sequence ESC [ … m, with its parameters and where in the result it applies from */
function clean(text: string, onSgr?: (parameters: string, at: number) => void): string {
  const next = new RegExp(unsafe, 'gu');
  let shown = '';
  let at = 0;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    shown += text.slice(at, found.index);
    const code = text.codePointAt(found.index)!;
    at = endOfSequence(text, found.index);
    if (onSgr !== undefined && isSgr(text, found.index, at)) {
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

function lastVersion(line: string): string {
  const written = line.replace(/\r+$/u, '');
  return written.slice(written.lastIndexOf('\r') + 1);
}
