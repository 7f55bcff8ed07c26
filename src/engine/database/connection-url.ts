import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';

/** A database's address, taken apart. */
export type ConnectionUrl = {
  /** Normalised, with its password, without `application_name`: attempts go by names of their own. */
  readonly url: string;
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** What follows the question mark, such as `sslmode`. */
  readonly parameters: ReadonlyMap<string, string>;
};

/** The variables by which libpq, and with it psql, R and Python, take what an address may carry. */
const parameterVariables: ReadonlyMap<string, string> = new Map([
  ['sslmode', 'PGSSLMODE'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
  ['sslcrl', 'PGSSLCRL'],
  ['sslnegotiation', 'PGSSLNEGOTIATION'],
  ['channel_binding', 'PGCHANNELBINDING'],
  ['gssencmode', 'PGGSSENCMODE'],
  ['require_auth', 'PGREQUIREAUTH'],
  ['target_session_attrs', 'PGTARGETSESSIONATTRS'],
  ['connect_timeout', 'PGCONNECT_TIMEOUT'],
  ['options', 'PGOPTIONS'],
  ['client_encoding', 'PGCLIENTENCODING'],
  ['hostaddr', 'PGHOSTADDR'],
]);

/** Reads `postgres://user:password@host:port/database?sslmode=…`. */
export function parseConnectionUrl(text: string): Result<ConnectionUrl, Diagnostic> {
  const trimmed = text.trim();
  if (!/^postgres(ql)?:\/\//.test(trimmed)) return failed(badUrl('it does not begin with "postgres://"'));
  let url: URL;
  try {
    url = new URL(trimmed.replace(/^postgresql:/, 'postgres:'));
  } catch {
    const authority = trimmed.slice(trimmed.indexOf('://') + 3).split('/')[0] ?? '';
    const hosts = authority.slice(authority.lastIndexOf('@') + 1);
    return failed(badUrl(hosts.includes(',') ? 'it names more than one host' : 'its host or port cannot be read'));
  }
  try {
    const pairs = url.search
      .replace(/^\?/, '')
      .split('&')
      .filter((pair) => pair !== '' && !/^application_name=/.test(pair));
    url.search = pairs.join('&');
    const parameters = new Map(pairs.map(readPair));
    const user = decoded(url.username) ?? parameters.get('user');
    const password = decoded(url.password) ?? parameters.get('password');
    const database = decoded(url.pathname.replace(/^\//, '')) ?? parameters.get('dbname');
    const port = Number(url.port || parameters.get('port') || 5432);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return failed(badUrl('its port is not a number'));
    return ok({
      url: url.href,
      host: decoded(url.hostname.replace(/^\[|\]$/g, '')) ?? parameters.get('host') ?? 'localhost',
      port,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(database === undefined ? {} : { database }),
      parameters,
    });
  } catch {
    return failed(badUrl('a percent sign in it is not followed by two hexadecimal digits'));
  }
}

/**
 * The address for a server that turned out to speak no TLS: some drivers take `prefer` for a demand, and would fail
 * where others fall back.
 */
export function withoutTls(address: ConnectionUrl): ConnectionUrl {
  const mode = address.parameters.get('sslmode');
  if (mode !== 'prefer' && mode !== 'allow') return address;
  return {
    ...address,
    url: address.url.replace(`sslmode=${mode}`, 'sslmode=disable'),
    parameters: new Map([...address.parameters, ['sslmode', 'disable']]),
  };
}

/** The address once more, piece by piece, for programs that do not read addresses. */
export function urlVariables(address: ConnectionUrl): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {
    DATABASE_URL: address.url,
    PGHOST: address.host,
    PGPORT: String(address.port),
  };
  if (address.user !== undefined) variables['PGUSER'] = address.user;
  if (address.password !== undefined) variables['PGPASSWORD'] = address.password;
  if (address.database !== undefined) variables['PGDATABASE'] = address.database;
  for (const [name, value] of address.parameters) {
    const variable = parameterVariables.get(name);
    if (variable !== undefined) variables[variable] = value;
  }
  return variables;
}

/** The address as people may see it: no password, no parameters. */
export function describeUrl({ user, host, port, database }: ConnectionUrl): string {
  const place = host.includes(':') ? `[${host}]` : host;
  return `postgres://${user === undefined ? '' : `${user}@`}${place}:${port}/${database ?? ''}`;
}

/** Everything about the address that no log may hold, longest first: the address itself, and the password as written and as meant. */
export function urlSecrets({ url, password }: ConnectionUrl): readonly string[] {
  if (!password) return [];
  return [...new Set([url, password, encodeURIComponent(password), new URL(url).password])].filter(Boolean);
}

/** As libpq reads it: unlike in a web form, a plus sign is a plus sign. */
function readPair(pair: string): [string, string] {
  const [name = '', ...value] = pair.split('=');
  return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
}

function decoded(part: string): string | undefined {
  return part === '' ? undefined : decodeURIComponent(part);
}

function badUrl(reason: string): Diagnostic {
  return {
    code: 'database/bad-url',
    severity: 'error',
    message: `DATABASE_URL cannot be used: ${reason}`,
    hint: 'the form is postgres://user:password@host:5432/database?sslmode=require, with special characters as %xx',
  };
}
