import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The directory of this package, found by walking up from this module. It is the same for the sources and for a
 * bundle below `dist/`, so the SQL files need not be copied.
 */
function packageRoot(): string {
  if (found !== undefined) return found;
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'etl/sql')) && existsSync(join(directory, 'package.json'))) {
      found = directory;
      return directory;
    }
    if (directory === dirname(directory))
      throw new Error('the package is incomplete: no directory with etl/sql above this program');
  }
}

/** The text of `etl/sql/<name>.sql`. A missing file is a bug of the package. */
export function readSql(name: string): string {
  return readFileSync(join(packageRoot(), 'etl/sql', `${name}.sql`), 'utf8');
}
