const sequences = {
  Enter: '\r',
  Esc: '\x1b',
  Tab: '\t',
  Backspace: '\x7f',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Right: '\x1b[C',
  Left: '\x1b[D',
  PageUp: '\x1b[5~',
  PageDown: '\x1b[6~',
  Home: '\x1b[H',
  End: '\x1b[F',
  ShiftTab: '\x1b[Z',
  'Ctrl+C': '\x03',
  'Ctrl+D': '\x04',
  'Ctrl+L': '\x0c',
  'Ctrl+U': '\x15',
  'Ctrl+Z': '\x1a',
} as const;

/** The keys that have names here; every other text is typed as it is. */
export type Key = keyof typeof sequences;

/** What a terminal sends for the key. */
export function keySequence(key: Key | (string & {})): string {
  return Object.hasOwn(sequences, key) ? sequences[key as Key] : key;
}
