import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type PasswordLookup = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
};

/**
 * The password for a login in a `.pgpass` file, by libpq's rules: the first matching line counts, `*` matches everything,
 * and a file that other users may access is ignored.
 */
export function filePassword(
  { host, port, database, user }: PasswordLookup,
  file: string | undefined,
  home: string | undefined,
): string | undefined {
  const path = file || join(home || homedir(), '.pgpass');
  // libpq matches a socket as "localhost".
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of linesOf(path)) {
    const fields = (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map((field) => field.replace(/:$/, ''));
    const [password = '', ...rest] = [fields[4], ...fields.slice(0, 4)];
    const matches =
      rest.length === 4 && rest.every((field, place) => field === '*' || plain(field ?? '') === wanted[place]);
    if (matches && password !== '') return plain(password);
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
