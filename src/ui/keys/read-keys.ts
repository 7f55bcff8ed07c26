import type { Key } from 'ink';
import { type MouseReport, readMouse } from './mouse-report.ts';

/** Input of the user: a key by name (`r`, `Tab`, `Ctrl+C`), pasted text, or the mouse. */
export type Pressed =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'mouse'; readonly report: MouseReport };

/** Splits Ink's input into keys: keys typed ahead arrive as one string, a paste as several. */
export function createKeyReader(): (input: string, key: Key) => readonly Pressed[] {
  let pasted: string | undefined;
  return (input, key) => {
    if (input === pasteBegin) {
      pasted = '';
      return [];
    }
    if (input === pasteEnd) {
      const text = pasted ?? '';
      pasted = undefined;
      return [{ kind: 'paste', text }];
    }
    if (pasted !== undefined) {
      pasted = (pasted + (key.return ? '\n' : input)).slice(0, longestPaste);
      return [];
    }
    const report = readMouse(input);
    if (report !== undefined) return [{ kind: 'mouse', report }];
    return namesOf(input, key).map((name) => ({ kind: 'key', key: name }));
  };
}

const pasteBegin = '[200~';
const pasteEnd = '[201~';
const longestPaste = 10_000;

function namesOf(input: string, key: Key): readonly string[] {
  // Ink takes two of them in one read for one key.
  if (key.escape) return ['Esc', ...[...input].map(nameOf)];
  const name = special.find(([property]) => key[property])?.[1];
  if (name !== undefined) return [key.shift && name === 'Tab' ? 'ShiftTab' : name];
  if (key.ctrl && /^[a-z]$/.test(input)) return [`Ctrl+${input.toUpperCase()}`];
  // Unknown sequences: function keys, answers of the terminal.
  if (/^(?:\[[\d;<?]*[~A-Za-z]|O[A-Z])$/.test(input)) return [];
  const names = [...input].map(nameOf);
  // Esc and a key in one read, as when they are typed ahead.
  return key.meta ? ['Esc', ...names] : names;
}

const special = [
  ['upArrow', 'Up'],
  ['downArrow', 'Down'],
  ['leftArrow', 'Left'],
  ['rightArrow', 'Right'],
  ['pageUp', 'PageUp'],
  ['pageDown', 'PageDown'],
  ['home', 'Home'],
  ['end', 'End'],
  ['return', 'Enter'],
  ['tab', 'Tab'],
  ['backspace', 'Backspace'],
  ['delete', 'Backspace'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** The name of a single character; control characters have names of their own. */
function nameOf(character: string): string {
  const code = character.codePointAt(0)!;
  switch (code) {
    case 0x0a:
    case 0x0d:
      return 'Enter';
    case 0x09:
      return 'Tab';
    case 0x08:
    case 0x7f:
      return 'Backspace';
    case 0x1b:
      return 'Esc';
    default:
      return code < 0x20 ? `Ctrl+${String.fromCodePoint(code + 0x40)}` : character;
  }
}
