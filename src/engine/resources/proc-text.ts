import { readFileSync } from 'node:fs';

/** What a file of the system says, without its last line feed; undefined where there is none, or it may not be read. */
export function procText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trimEnd();
  } catch {
    return undefined;
  }
}
