import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { buildAddress, type ConnectionAddress, type Env, invalidAddress } from './connection-address.ts';
import { parseConnectionUrl, urlVariables } from './connection-url.ts';
import { libpqVariables } from './libpq-variables.ts';
import { completeSettings } from './service-file.ts';

/** Each of these alone names a database; a user or a password alone does not. */
const namingVariables = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGSERVICE'];

/**
 * The database that an environment names: by DATABASE_URL, else by libpq's variables. Undefined when it names none, which
 * selects the embedded database. Error: `database/bad-url`.
 */
export function databaseFromEnvironment(env: Env): Result<ConnectionAddress | undefined, Diagnostic> {
  const url = env['DATABASE_URL'];
  if (url) return parseConnectionUrl(url, env);
  const origin = namingVariables.filter((name) => env[name]).join(', ');
  if (origin === '') return ok(undefined);
  const completed = completeSettings(new Map(), env, [...libpqVariables.keys()]);
  return completed.ok
    ? buildAddress(completed.value, { origin, env })
    : failed(invalidAddress(origin, completed.error));
}

/** The variables for tasks, also when the database does not respond; only DATABASE_URL, unchanged, when it is invalid. */
export function databaseVariables(env: Env): Readonly<Record<string, string>> {
  const named = databaseFromEnvironment(env);
  if (named.ok) return named.value === undefined ? {} : urlVariables(named.value);
  return { DATABASE_URL: env['DATABASE_URL'] ?? '' };
}
