import { readFileSync } from 'node:fs';

/** The content of a file of the kernel, trimmed at its end; undefined when it cannot be read. */
export function procText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trimEnd();
  } catch {
    return undefined;
  }
}
