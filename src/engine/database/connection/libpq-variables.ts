/** The settings of a connection that libpq also takes from a variable, by their names in an address. */
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

/** Of older versions of libpq, or of no use in an address. PGTZ, PGDATESTYLE, PGGEQO and PGLOCALEDIR lead nowhere else. */
const others = ['PGREQUIRESSL', 'PGSYSCONFDIR', 'PGREALM', 'PGTTY', 'PGAUTHTYPE'];

const cleared: ReadonlySet<string> = new Set([...libpqVariables.values(), ...others]);

/** Those that an address may leave out, and that then complete it. */
const completing: ReadonlySet<string> = new Set([
  ...['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGPASSFILE', 'PGDATABASE', 'PGAPPNAME', 'PGSERVICEFILE'],
  ...['PGSYSCONFDIR', 'PGCLIENTENCODING', 'PGCONNECT_TIMEOUT'],
]);

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a program that is to reach one database and no other: `database` says which, and nothing that was
 * there before can lead libpq elsewhere.
 */
export function clientEnvironment(env: Env, database: Readonly<Record<string, string>>): Env {
  const rest = Object.entries(env).filter(([name]) => !cleared.has(name));
  return { ...Object.fromEntries(rest), ...database };
}

/** The variables that would change how libpq connects, and are not used beside a DATABASE_URL. */
export function ignoredVariables(env: Env, used: Readonly<Record<string, string>>): readonly string[] {
  return [...cleared].filter((name) => env[name] && env[name] !== used[name] && !completing.has(name)).sort();
}
