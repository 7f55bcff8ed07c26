/** The name that the program has for a key, from the one in the configuration. */
export function keyFromFile(written: string): string {
  return written === 'Space' ? ' ' : written === 'Shift+Tab' ? 'ShiftTab' : written;
}

/** A key as people see it, in the configuration too. */
export function shownKey(key: string): string {
  return key === ' ' ? 'Space' : key === 'ShiftTab' ? 'Shift+Tab' : key;
}
