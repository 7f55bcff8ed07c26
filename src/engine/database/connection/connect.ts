import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { connectWithDeadline } from './client-deadlines.ts';
import type { ConnectionAddress } from './connection-address.ts';

export type ConnectOptions = {
  readonly applicationName: string;
  /** After which a statement fails, without limit when it is absent; the connection is then of no further use. */
  readonly queryTimeoutMs?: number;
};

/**
 * Logs in to an address with libpq's semantics of `sslmode`, which differ from the driver's: `prefer` falls back to an
 * unencrypted connection, `require` encrypts without verifying the certificate. Rejects with the driver's error.
 */
export async function connect(address: ConnectionAddress, options: ConnectOptions): Promise<pg.Client> {
  return (await connectNegotiatingTls(address, options)).client;
}

/** Like `connect`, and also returns whether the connection is encrypted. */
export async function connectNegotiatingTls(
  address: ConnectionAddress,
  options: ConnectOptions,
): Promise<{ readonly client: pg.Client; readonly isEncrypted: boolean }> {
  const modes = encryptions(address);
  for (const [index, ssl] of modes.entries()) {
    const client = newClient(address, options, ssl);
    try {
      await connectWithDeadline(client, connectTimeoutMs(address));
      return { client, isEncrypted: ssl !== false };
    } catch (error) {
      void client.end().catch(() => {});
      if (index === modes.length - 1 || !isAboutEncryption(error as Error)) throw error;
    }
  }
  throw new Error('no way to connect');
}

/**
 * The class of clients that a pool makes for itself: they log in to `address` as `connect` did before, encrypted or not as
 * its `isEncrypted` says.
 */
export function clientClass(address: ConnectionAddress, options: ConnectOptions): typeof pg.Client {
  const [ssl = false] = encryptions(address);
  return function create() {
    return newClient(address, options, ssl);
  } as unknown as typeof pg.Client;
}

/** The TLS settings to try, in this order; false means unencrypted. */
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
      return isEncrypted ? [unverified] : [false, unverified];
  }
}

/** "The server does not support SSL connections", or of a plain login: "no pg_hba.conf entry for …, no encryption". */
function isAboutEncryption(error: Error): boolean {
  const { code = '' } = error as { code?: string };
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return true;
  return /does not support SSL|no encryption|SSL (is )?(off|required)|insecure/i.test(error.message);
}

function connectTimeoutMs({ parameters }: ConnectionAddress): number {
  const wantedSeconds = Number(parameters.get('connect_timeout') ?? 10);
  return wantedSeconds > 0 ? wantedSeconds * 1000 : 10_000;
}

function newClient(address: ConnectionAddress, options: ConnectOptions, ssl: false | ConnectionOptions): pg.Client {
  const { parameters } = address;
  const client = new pg.Client({
    host: parameters.get('hostaddr') ?? address.host,
    port: address.port,
    user: address.user,
    ...(address.password === undefined ? {} : { password: address.password }),
    database: address.database,
    application_name: options.applicationName,
    keepAlive: true,
    // With `hostaddr`, the host name only serves to verify the certificate.
    ssl:
      ssl !== false && parameters.has('hostaddr') && address.host !== parameters.get('hostaddr')
        ? { servername: address.host, ...ssl }
        : ssl,
    // Always set, because the driver would otherwise read PGSSLNEGOTIATION from the environment of this process.
    sslnegotiation: ssl !== false && parameters.get('sslnegotiation') === 'direct' ? 'direct' : 'postgres',
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
  } as pg.ClientConfig);
  // Likewise for PGOPTIONS; set here because the driver treats an empty `options` as absent.
  (client as unknown as { connectionParameters: { options?: string } }).connectionParameters.options =
    parameters.get('options') ?? '';
  // Without a listener, a lost connection would crash this process; each query reports the loss itself.
  client.on('error', () => {});
  return client;
}
