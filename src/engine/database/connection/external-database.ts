import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import type { OpenedDatabase } from '../opened-database.ts';
import { endClient } from './client-deadlines.ts';
import { type ConnectOptions, connectNegotiatingTls } from './connect.ts';
import { connectFailure } from './connect-failure.ts';
import type { ConnectionAddress } from './connection-address.ts';
import { describeUrl, urlSecrets, withoutTls } from './connection-url.ts';
import type { OpenConnection } from './reconnecting-client.ts';

/** SQLSTATE of "The database system is starting up", the only refusal that is worth waiting for. */
const startingUp = '57P03';
const startupDeadlineMs = 10_000;

/** Opens the database that the environment names. */
export async function openExternal(
  address: ConnectionAddress,
  applicationName: string,
): Promise<Result<OpenedDatabase, Diagnostic>> {
  const first = await openAddress(address, { applicationName });
  if (!first.ok) return first;
  return ok({
    source: 'external',
    description: `PostgreSQL at ${describeUrl(address)}`,
    secrets: urlSecrets(address),
    first: first.value,
    reopen: () => openAddress(address, { applicationName }),
  });
}

async function openAddress(
  address: ConnectionAddress,
  options: ConnectOptions,
): Promise<Result<OpenConnection, Diagnostic>> {
  const deadline = performance.now() + startupDeadlineMs;
  for (;;) {
    try {
      const { client, isEncrypted } = await connectNegotiatingTls(address, options);
      const negotiated = isEncrypted ? address : withoutTls(address);
      return ok({ client, address: negotiated, release: () => endClient(client).then(() => true) });
    } catch (error) {
      const isStarting = (error as { code?: string }).code === startingUp;
      if (!isStarting || performance.now() > deadline) return failed(connectFailure(address, error as Error));
      await sleep(200);
    }
  }
}
