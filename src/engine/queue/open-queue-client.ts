import pLimit from 'p-limit';
import pg from 'pg';
import { endClient, queryWithDeadline } from '../database/connection/client-deadlines.ts';
import { clientClass, connectNegotiatingTls } from '../database/connection/connect.ts';
import { connectFailure } from '../database/connection/connect-failure.ts';
import type { ConnectionAddress } from '../database/connection/connection-address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import { findQueueMistake } from './find-queue-mistake.ts';
import type { QueueClient } from './queue-client.ts';

type QueueClientOptions = {
  /** By which the server's administrator knows it. */
  readonly applicationName: string;
  /** For `db migrate`: the tables need not be there. */
  readonly unchecked?: boolean;
};

const defaultDeadlineMs = 10_000;
const reconnectEveryMs = 1_000;
/** So that a process that was stopped in a transaction does not hold its locks for ever. */
const limitIdleTransaction = `SET idle_in_transaction_session_timeout = '10s'`;
/** What a server says while it stops, starts, has become a standby or has no connection left. */
const away = /^(?:08|57P|53300|25006)/;

/**
 * Logs in and looks whether the tables are those of this program. Errors: `database/unreachable`, `database/refused`,
 * `queue/not-migrated`, `queue/other-version`.
 */
export async function openQueueClient(
  given: ConnectionAddress,
  { applicationName, unchecked = false }: QueueClientOptions,
): Promise<Result<QueueClient, Diagnostic>> {
  let address = given;
  let current: pg.Client | undefined;
  let connecting: Promise<pg.Client> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listeners = new Map<string, Set<(payload: string | undefined) => void>>();
  // The driver runs one statement at a time.
  const inTurn = pLimit(1);

  const connect = async () => {
    const { client, isEncrypted } = await connectNegotiatingTls(address, { applicationName });
    address = { ...address, isEncrypted };
    client.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload);
    });
    client.once('end', () => {
      if (current === client) current = undefined;
      restore();
    });
    try {
      const listening = [...listeners.keys()].map(listenTo);
      await queryWithDeadline(client, defaultDeadlineMs, [limitIdleTransaction, ...listening].join(';'));
      if (isClosed) throw new Error('closed');
    } catch (error) {
      client.connection.stream.destroy();
      throw error;
    }
    current = client;
    for (const each of listeners.values()) for (const listener of each) listener(undefined);
    return client;
  };
  const connected = (): Promise<pg.Client> => {
    if (current !== undefined) return Promise.resolve(current);
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  };
  const restore = () => {
    if (isClosed || listeners.size === 0 || current !== undefined || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      connected().catch(restore);
    }, reconnectEveryMs);
  };
  const query: QueueClient['query'] = (sql, values = [], deadlineMs = defaultDeadlineMs) =>
    inTurn(async () => {
      if (isClosed) return failed({ kind: 'away', message: 'the connection is closed' });
      let client: pg.Client | undefined;
      try {
        client = await withDeadline(connected(), deadlineMs, () => {
          throw new Error(`no connection within ${deadlineMs / 1000}s`);
        });
        return ok(await queryWithDeadline(client, deadlineMs, sql, values));
      } catch (error) {
        const { code = '', message } = error as pg.DatabaseError;
        if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('EP') && !away.test(code)) {
          return failed({ kind: 'refused', code, message });
        }
        // Whatever it still says would be taken for the answer to the next statement.
        if (client !== undefined && client === current) current = undefined;
        client?.connection.stream.destroy();
        return failed({ kind: 'away', message: message || code });
      }
    });
  const close = async () => {
    isClosed = true;
    clearTimeout(timer);
    await connecting?.catch(() => {});
    if (current !== undefined) await endClient(current);
  };

  try {
    await connected();
  } catch (error) {
    return failed(connectFailure(address, error as Error));
  }
  const mistake = unchecked ? undefined : await findQueueMistake(query, address);
  if (mistake !== undefined) {
    await close();
    return failed(mistake);
  }
  return ok({
    get address() {
      return address;
    },
    query,
    listen: (channel, listener) => {
      const those = listeners.get(channel) ?? new Set();
      those.add(listener);
      if (listeners.has(channel)) listener(undefined);
      else {
        listeners.set(channel, those);
        const before = current;
        void query(listenTo(channel)).then((heard) => {
          if (!heard.ok) restore();
          // A new connection has said it already.
          else if (before !== undefined && before === current) for (const one of those) one(undefined);
        });
      }
      return () => {
        those.delete(listener);
        if (those.size > 0 || !listeners.delete(channel)) return;
        if (current !== undefined) void query(`UN${listenTo(channel)}`);
      };
    },
    close,
  });
}

function listenTo(channel: string): string {
  return `LISTEN ${pg.escapeIdentifier(channel)}`;
}

/** DBOS would wait for ever for a database that has become silent. */
export const poolDeadlineMs = 15_000;

/**
 * Connections for DBOS, which logs in like the client whose address it is given. Close it with `end()`.
 * @param max how many at most
 */
export function openQueuePool(
  address: ConnectionAddress,
  applicationName: string,
  max: number,
  queryTimeoutMs?: number,
): pg.Pool {
  const options = { applicationName, ...(queryTimeoutMs === undefined ? {} : { queryTimeoutMs }) };
  const pool = new pg.Pool({
    max,
    connectionTimeoutMillis: 10_000,
    Client: clientClass(address, options),
    verify: (client: pg.PoolClient, done: (error?: Error) => void) => client.query(limitIdleTransaction, done),
  } as unknown as pg.PoolConfig);
  // Who uses a connection is told of its loss by the statement that fails.
  pool.on('error', () => {});
  return pool;
}
