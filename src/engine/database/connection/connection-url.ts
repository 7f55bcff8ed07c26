import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, type Result } from '../../model/result.ts';
import { buildAddress, type ConnectionAddress, type Env, invalidAddress } from './connection-address.ts';
import { libpqVariables } from './libpq-variables.ts';
import { completeSettings } from './service-file.ts';

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…` by libpq's rules. Host, port, user, password and
 * database that it leaves out are taken from the variables of `env`, as psql does. `origin` is the variable that holds it.
 */
export function parseConnectionUrl(
  text: string,
  env: Env = {},
  origin = 'DATABASE_URL',
): Result<ConnectionAddress, Diagnostic> {
  const trimmed = text.trim();
  const bad = (reason: string) => failed(invalidAddress(origin, reason));
  if (!/^postgres(ql)?:\/\//.test(trimmed)) return bad('it does not begin with "postgres://"');
  const [, login, authority = '', path = '', query = ''] =
    /^[a-z]+:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(trimmed) ?? [];
  const place = /^(\[[^\]]*\]|[^:,]*)(?::(\d*))?$/.exec(authority);
  if (place === null) {
    return bad(authority.includes(',') ? 'it names more than one host' : 'its host or port cannot be read');
  }
  const pairs = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('application_name='));
  try {
    const [user = '', ...password] = (login ?? '').split(':');
    const written = [
      ['host', place[1]?.replace(/^\[|\]$/g, '')],
      ['port', place[2]],
      ['user', user],
      ['password', password.join(':')],
      ['dbname', path],
    ] as const;
    const settings = new Map(pairs.map(readPair));
    for (const [name, value] of written) if (value) settings.set(name, decodeURIComponent(value));
    const encrypted = settings.get('ssl');
    if (encrypted === 'true') settings.set('sslmode', 'require').delete('ssl');
    const completed = completeSettings(settings, env, completing);
    if (!completed.ok) return bad(completed.error);
    // Characters that drivers in other languages would read as the end of the URL.
    const head = trimmed
      .replace(/\?.*$/s, '')
      .replace(/^postgresql:/, 'postgres:')
      .replace(/[#\s]/g, encodeURIComponent);
    const url = pairs.length === 0 ? head : `${head}?${pairs.join('&')}`;
    return buildAddress(completed.value, { origin, env, url });
  } catch {
    return bad('a percent sign in it is not followed by two hexadecimal digits');
  }
}

const completing = ['host', 'port', 'user', 'password', 'passfile', 'dbname'];

/**
 * The address for a server that turned out to have no TLS. `prefer` is replaced, because some drivers treat it as
 * `require` and would fail.
 */
export function withoutTls(address: ConnectionAddress): ConnectionAddress {
  const unencrypted = { ...address, isEncrypted: false };
  const mode = address.parameters.get('sslmode');
  if (mode !== 'prefer' && mode !== 'allow') return unencrypted;
  return {
    ...unencrypted,
    url: address.url.replace(`sslmode=${mode}`, 'sslmode=disable'),
    parameters: new Map([...address.parameters, ['sslmode', 'disable']]),
  };
}

/** The address of another database on the same server, for the same login. */
export function changeDatabase(address: ConnectionAddress, database: string): ConnectionAddress {
  const [, head = '', query = ''] = /^([a-z]+:\/\/[^/?]*)(?:\/[^?]*)?(\?.*)?$/s.exec(address.url) ?? [];
  const rest = query.replace(/([?&])dbname=[^&]*&?/, '$1').replace(/[?&]$/, '');
  return { ...address, database, url: `${head}/${encodeURIComponent(database)}${rest}` };
}

/** The address of the same database for sessions that look names up in `schema` first, and nowhere else. */
export function setSearchPath(address: ConnectionAddress, schema: string): ConnectionAddress {
  const options = [address.parameters.get('options'), `-c search_path=${schema}`].filter(Boolean).join(' ');
  const [head = '', query = ''] = address.url.split('?');
  const pairs = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('options='));
  return {
    ...address,
    parameters: new Map([...address.parameters, ['options', options]]),
    url: `${head}?${[...pairs, `options=${encodeURIComponent(options)}`].join('&')}`,
  };
}

/** The environment variables for an address: DATABASE_URL, and PG* for programs that do not read URLs. */
export function urlVariables(address: ConnectionAddress): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {
    DATABASE_URL: address.url,
    PGHOST: address.host,
    PGPORT: String(address.port),
    PGUSER: address.user,
    PGDATABASE: address.database,
    ...(address.password === undefined ? {} : { PGPASSWORD: address.password }),
  };
  for (const [name, value] of address.parameters) {
    const variable = libpqVariables.get(name);
    if (variable !== undefined) variables[variable] = value;
  }
  return variables;
}

/** The address for messages: without password and parameters. */
export function describeUrl({ user, host, port, database }: ConnectionAddress): string {
  const place = host.includes(':') ? `[${host}]` : host;
  return `postgres://${user}@${place}:${port}/${database}`;
}

/**
 * The secrets in an address: the URL itself, and the password literally and decoded. A password that
 * equals the user name or has fewer than 4 characters is left out, because masking it would make other text unreadable.
 */
export function urlSecrets({ url, user, password }: ConnectionAddress): readonly string[] {
  if (!password) return [];
  const written = /^[a-z]+:\/\/[^:@/?]*:([^@/?]*)@/.exec(url)?.[1];
  const withinUrl = written === undefined && !/[?&]password=/.test(url) ? [] : [url];
  if (password === user || password.length < 4) return withinUrl;
  return [...new Set([...withinUrl, password, encodeURIComponent(password), written ?? ''])].filter(Boolean);
}

/** By libpq's rules: unlike in a web form, `+` does not stand for a space. */
function readPair(pair: string): [string, string] {
  const [name = '', ...value] = pair.split('=');
  return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
}
