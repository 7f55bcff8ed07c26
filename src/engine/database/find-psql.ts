import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';

/** The path of psql, which the embedded PostgreSQL does not contain; it is to be run with `Database.environment`. */
export function findPsql(env: Readonly<Record<string, string | undefined>>): Result<string, Diagnostic> {
  const chosen = env['ETL_TUI_PG_BIN'];
  const directories = [...(chosen ? [chosen] : []), ...(env['PATH'] ?? '').split(delimiter)];
  const found = directories.map((directory) => join(directory, 'psql')).find((path) => existsSync(path));
  return found === undefined ? failed(noPsql) : ok(found);
}

const noPsql: Diagnostic = {
  code: 'database/no-binaries',
  severity: 'error',
  message: 'psql was not found in PATH, and the embedded PostgreSQL does not include it',
  hint: 'install a PostgreSQL client (Debian: apt-get install postgresql-client; macOS: brew install libpq), or use the address from "etl-tui db url" in another program',
};
