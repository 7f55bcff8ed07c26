import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The directory in which etl-tui is installed, absolute: the first above this module that has a `package.json`, which is
 * the same for the sources and for a bundle below `dist/`.
 */
export function packageDirectory(): string {
  if (found !== undefined) return found;
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) {
      found = directory;
      return directory;
    }
    if (directory === dirname(directory)) throw new Error('the installation is incomplete: package.json is missing');
  }
}
