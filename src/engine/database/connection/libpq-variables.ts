/** The environment variable of each libpq setting that has one. */
export const libpqVariables: ReadonlyMap<string, string> = new Map([
  ['host', 'PGHOST'],
  ['hostaddr', 'PGHOSTADDR'],
  ['port', 'PGPORT'],
  ['dbname', 'PGDATABASE'],
  ['user', 'PGUSER'],
  ['password', 'PGPASSWORD'],
  ['passfile', 'PGPASSFILE'],
  ['service', 'PGSERVICE'],
  ['servicefile', 'PGSERVICEFILE'],
  ['application_name', 'PGAPPNAME'],
  ['options', 'PGOPTIONS'],
  ['sslmode', 'PGSSLMODE'],
  ['sslnegotiation', 'PGSSLNEGOTIATION'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
  ['sslcertmode', 'PGSSLCERTMODE'],
  ['sslcrl', 'PGSSLCRL'],
  ['sslcrldir', 'PGSSLCRLDIR'],
  ['sslsni', 'PGSSLSNI'],
  ['sslcompression', 'PGSSLCOMPRESSION'],
  ['ssl_min_protocol_version', 'PGSSLMINPROTOCOLVERSION'],
  ['ssl_max_protocol_version', 'PGSSLMAXPROTOCOLVERSION'],
  ['require_auth', 'PGREQUIREAUTH'],
  ['requirepeer', 'PGREQUIREPEER'],
  ['channel_binding', 'PGCHANNELBINDING'],
  ['gssencmode', 'PGGSSENCMODE'],
  ['krbsrvname', 'PGKRBSRVNAME'],
  ['gsslib', 'PGGSSLIB'],
  ['gssdelegation', 'PGGSSDELEGATION'],
  ['target_session_attrs', 'PGTARGETSESSIONATTRS'],
  ['load_balance_hosts', 'PGLOADBALANCEHOSTS'],
  ['connect_timeout', 'PGCONNECT_TIMEOUT'],
  ['min_protocol_version', 'PGMINPROTOCOLVERSION'],
  ['max_protocol_version', 'PGMAXPROTOCOLVERSION'],
  ['client_encoding', 'PGCLIENTENCODING'],
]);

/** Variables without a setting that also influence where libpq connects. PGTZ, PGDATESTYLE, PGGEQO and PGLOCALEDIR do not. */
const withoutSetting = ['PGREQUIRESSL', 'PGSYSCONFDIR', 'PGREALM', 'PGTTY', 'PGAUTHTYPE'];

const cleared: ReadonlySet<string> = new Set([...libpqVariables.values(), ...withoutSetting]);

/** Variables that supply what a URL leaves out. */
const completing: ReadonlySet<string> = new Set([
  ...['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGPASSFILE', 'PGDATABASE', 'PGAPPNAME', 'PGSERVICEFILE'],
  ...['PGSYSCONFDIR', 'PGCLIENTENCODING', 'PGCONNECT_TIMEOUT'],
]);

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment for a program that must connect to one database and no other: `env` without all variables that libpq
 * would use, and with those in `database`.
 */
export function clientEnvironment(env: Env, database: Readonly<Record<string, string>>): Env {
  const rest = Object.entries(env).filter(([name]) => !cleared.has(name));
  return { ...Object.fromEntries(rest), ...database };
}

/** The variables in `env` that influence libpq, but have no effect because DATABASE_URL is set. */
export function ignoredVariables(env: Env, used: Readonly<Record<string, string>>): readonly string[] {
  return [...cleared].filter((name) => env[name] && env[name] !== used[name] && !completing.has(name)).sort();
}
