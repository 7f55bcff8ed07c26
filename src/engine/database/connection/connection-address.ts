import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { libpqVariables } from './libpq-variables.ts';
import { filePassword } from './password-file.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Names the database that hosts share; the one that runs check and tasks fill is another matter. */
export const queueVariable = 'ETL_TUI_QUEUE';

/** Address and login of a database, the same for tasks, checks and psql. */
export type ConnectionAddress = {
  /** The URL for tasks: normalised and without `application_name`, which is set per attempt. */
  readonly url: string;
  /** The variables that name it, for messages: `DATABASE_URL`, `ETL_TUI_QUEUE`, or variables of libpq. */
  readonly origin: string;
  /** A host name, an IP address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  /** Further settings by their libpq names, such as `sslmode`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether the first connection was encrypted, for an `sslmode` that allows both; absent before. */
  readonly isEncrypted?: boolean;
};

/** Settings by their libpq names, such as `host`, `dbname`, `sslmode`. */
export type Settings = ReadonlyMap<string, string>;

/** Settings that are represented elsewhere: in the address itself or by a password file. */
const settingsInUrl: ReadonlySet<string> = new Set([
  ...['host', 'port', 'user', 'password', 'dbname'],
  ...['passfile', 'service', 'servicefile', 'application_name'],
]);

const allowedValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['sslmode', ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']],
  ['sslnegotiation', ['postgres', 'direct']],
  ['sslcertmode', ['disable', 'allow', 'require']],
  ['channel_binding', ['disable', 'prefer', 'require']],
  ['gssencmode', ['disable', 'prefer', 'require']],
  ['target_session_attrs', ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby']],
  ['load_balance_hosts', ['disable', 'random']],
]);

/** Builds the address from settings, with libpq's defaults for absent ones. Error: `database/bad-url`. */
export function buildAddress(
  settings: Settings,
  from: { readonly origin: string; readonly env: Env; readonly url?: string },
): Result<ConnectionAddress, Diagnostic> {
  const { origin, env } = from;
  const wrong = findInvalidSetting(settings);
  if (wrong !== undefined) return failed(invalidAddress(origin, wrong));
  const port = Number(settings.get('port') ?? 5432);
  const host = settings.get('host') ?? settings.get('hostaddr') ?? defaultHost(port);
  const user = settings.get('user') ?? nameOfUser(env);
  if (user === undefined)
    return failed(invalidAddress(origin, 'it names no user, and the current account has no name'));
  const database = settings.get('dbname') ?? user;
  const password =
    settings.get('password') ?? filePassword({ host, port, user, database }, settings.get('passfile'), env['HOME']);
  const parameters = new Map([...settings].filter(([name]) => !settingsInUrl.has(name)));
  const login = { host, port, user, database, ...(password === undefined ? {} : { password }) };
  return ok({ ...login, origin, parameters, url: from.url ?? urlOf(login, settings.get('password'), parameters) });
}

export function invalidAddress(origin: string, reason: string): Diagnostic {
  const isUrl = origin === 'DATABASE_URL' || origin === queueVariable;
  return {
    code: 'database/bad-url',
    severity: 'error',
    message: isUrl ? `${origin} cannot be used: ${reason}` : `The database of ${origin} cannot be used: ${reason}`,
    hint: isUrl
      ? 'the form is postgres://user:password@host:5432/database?sslmode=require, with special characters as %xx'
      : `set DATABASE_URL=postgres://user:password@host:5432/database, or unset ${origin} to use the embedded PostgreSQL`,
  };
}

function findInvalidSetting(settings: Settings): string | undefined {
  if (/,/.test(settings.get('host') ?? settings.get('hostaddr') ?? '')) return 'it names more than one host';
  const port = Number(settings.get('port') ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return 'its port is not a number from 1 to 65535';
  if (!/^-?\d*$/.test(settings.get('connect_timeout') ?? '')) return 'its connect_timeout is not a number of seconds';
  for (const [name, value] of settings) {
    const allowed = allowedValues.get(name);
    if (allowed !== undefined && !allowed.includes(value)) {
      return `its ${name} is "${value}", which is not one of ${allowed.join(', ')}`;
    }
    // A misspelled setting would count as absent, and a connection that must be encrypted would not be.
    if (/^ssl/i.test(name) && name !== 'sslpassword' && !libpqVariables.has(name)) {
      return `"${name}" is not a setting of PostgreSQL, such as sslmode`;
    }
  }
  return undefined;
}

/** The directory of a Unix socket in the usual places, which libpq prefers; else localhost. */
function defaultHost(port: number): string {
  const found = ['/var/run/postgresql', '/tmp'].find((place) => existsSync(`${place}/.s.PGSQL.${port}`));
  return found ?? 'localhost';
}

function nameOfUser(env: Env): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return env['USER'];
  }
}

type Login = Pick<ConnectionAddress, 'host' | 'port' | 'user' | 'database'>;

/** The directory of a socket becomes a query parameter, which all drivers support. */
function urlOf({ host, port, user, database }: Login, password: string | undefined, parameters: Settings): string {
  const isSocket = host.startsWith('/');
  const place = isSocket ? '' : `${host.includes(':') ? `[${host}]` : encodeURIComponent(host)}:${port}`;
  const login = `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}`;
  const where = isSocket ? [['host', host] as const, ['port', String(port)] as const] : [];
  const pairs = [...where, ...parameters].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  return `postgres://${login}@${place}/${encodeURIComponent(database)}${query}`;
}
