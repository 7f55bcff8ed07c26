import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Wanted = { readonly host: string; readonly port: number; readonly database: string; readonly user: string };

/**
 * The password that a `.pgpass` file has for a login, by libpq's rules: the first line that fits, `*` fits everything,
 * and a file that others may read is not used.
 */
export function filePassword(
  { host, port, database, user }: Wanted,
  file: string | undefined,
  home: string | undefined,
): string | undefined {
  const path = file || join(home || homedir(), '.pgpass');
  // libpq looks for "localhost" where it connects by a socket.
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of linesOf(path)) {
    const fields = (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map((field) => field.replace(/:$/, ''));
    const [password = '', ...rest] = [fields[4], ...fields.slice(0, 4)];
    const fits =
      rest.length === 4 && rest.every((field, place) => field === '*' || plain(field ?? '') === wanted[place]);
    if (fits && password !== '') return plain(password);
  }
  return undefined;
}

function plain(field: string): string {
  return field.replace(/\\(.)/g, '$1');
}

function linesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isFile() || (statSync(path).mode & 0o077) !== 0) return [];
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch {
    return [];
  }
}
