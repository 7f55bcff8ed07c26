import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { ConnectionAddress } from './connection-address.ts';

export type ConnectOptions = {
  readonly applicationName: string;
  readonly connectTimeoutMs?: number;
};

/**
 * Logs in as the address says, with libpq's meaning of `sslmode`, which differs from that of the driver: `prefer` falls
 * back to plain text, `require` encrypts without looking at the certificate. Rejects with the driver's error.
 */
export async function connect(address: ConnectionAddress, options: ConnectOptions): Promise<pg.Client> {
  return (await connectNegotiatingTls(address, options)).client;
}

/** As `connect`, and says whether the connection is encrypted. */
export async function connectNegotiatingTls(
  address: ConnectionAddress,
  options: ConnectOptions,
): Promise<{ readonly client: pg.Client; readonly isEncrypted: boolean }> {
  const modes = encryptions(address);
  for (const [index, ssl] of modes.entries()) {
    const client = newClient(address, options, ssl);
    try {
      await client.connect();
      return { client, isEncrypted: ssl !== false };
    } catch (error) {
      void client.end().catch(() => {});
      if (index === modes.length - 1 || !isAboutEncryption(error as Error)) throw error;
    }
  }
  throw new Error('no way to connect');
}

/** What to try, in this order. */
function encryptions({ parameters, host, isEncrypted }: ConnectionAddress): readonly (false | ConnectionOptions)[] {
  if (host.startsWith('/')) return [false];
  const read = (name: string) => {
    const file = parameters.get(name);
    return file === undefined || file === 'system' ? undefined : readFileSync(file, 'utf8');
  };
  const [ca, cert, key] = [read('sslrootcert'), read('sslcert'), read('sslkey')];
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  const unverified = { ...files, rejectUnauthorized: false };
  if (isEncrypted === false) return [false];
  const mode = parameters.get('sslmode') ?? 'prefer';
  switch (mode) {
    case 'disable':
      return [false];
    case 'prefer':
      return [unverified, false];
    case 'require':
      return ca === undefined ? [unverified] : [{ ...files, checkServerIdentity: () => undefined }];
    case 'verify-ca':
      return [{ ...files, checkServerIdentity: () => undefined }];
    case 'verify-full':
      return [files];
    default:
      return [false, unverified];
  }
}

/** "The server does not support SSL connections", or of a plain login: "no pg_hba.conf entry for …, no encryption". */
function isAboutEncryption(error: Error): boolean {
  const { code = '' } = error as { code?: string };
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return true;
  return /does not support SSL|no encryption|SSL (is )?(off|required)|insecure/i.test(error.message);
}

function newClient(address: ConnectionAddress, options: ConnectOptions, ssl: false | ConnectionOptions): pg.Client {
  const { parameters } = address;
  const wantedSeconds = Number(parameters.get('connect_timeout') ?? 10);
  const client = new pg.Client({
    host: parameters.get('hostaddr') ?? address.host,
    port: address.port,
    user: address.user,
    ...(address.password === undefined ? {} : { password: address.password }),
    database: address.database,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? (wantedSeconds > 0 ? wantedSeconds * 1000 : 10_000),
    keepAlive: true,
    // With an address beside it, the name is only what the certificate must be for.
    ssl:
      ssl !== false && parameters.has('hostaddr') && address.host !== parameters.get('hostaddr')
        ? { servername: address.host, ...ssl }
        : ssl,
    // Said in any case, or the driver would take PGSSLNEGOTIATION of our own environment.
    sslnegotiation: ssl !== false && parameters.get('sslnegotiation') === 'direct' ? 'direct' : 'postgres',
  } as pg.ClientConfig);
  // The same of PGOPTIONS; the driver takes an empty text for an absent one.
  (client as unknown as { connectionParameters: { options?: string } }).connectionParameters.options =
    parameters.get('options') ?? '';
  // Without a listener, a server that goes away would end this process; every query tells of it anyway.
  client.on('error', () => {});
  return client;
}
