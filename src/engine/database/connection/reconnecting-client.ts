import pLimit from 'p-limit';
import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { queryWithDeadline } from './client-deadlines.ts';
import type { ConnectionAddress } from './connection-address.ts';

/** A connection that is kept open for the whole run. */
export type OpenConnection = {
  readonly client: pg.Client;
  /** The address to which tasks and checks connect. */
  readonly address: ConnectionAddress;
  /** Resolves to false when the server did not respond. */
  release(): Promise<boolean>;
};

export type ReconnectingClient = {
  /** The last known address, also while the connection is lost. */
  readonly address: ConnectionAddress;
  /** The rows of one statement, or undefined while the database does not respond. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[] | undefined>;
  onLost(listener: (diagnostic: Diagnostic) => void): () => void;
  /** Called when, after a loss, an attempt to reconnect has failed: then it is the server that is lost. */
  onUnreachable(listener: () => void): void;
  /** While disconnected: resolves when reconnected, or after the last failed attempt. Undefined while connected. Never rejects. */
  ready(): Promise<void> | undefined;
  /** Resolves to false when the server did not respond to the release of the connection. */
  close(): Promise<boolean>;
};

type Open = () => Promise<Result<OpenConnection, Diagnostic>>;

/** The program's own queries are small; a server that takes longer counts as lost. */
const queryDeadlineMs = 10_000;
/** How long `close` waits for a reconnection in progress. */
const closeDeadlineMs = 5_000;
/** How long `close` waits for the statement that is being carried out: what releases the connection is one as well. */
const idleDeadlineMs = 3_000;
/** The delays before the attempts to reconnect. */
const reconnectDelaysMs = [0, 250, 1_000, 2_000, 5_000];

/** Keeps a connection, reports its loss to the listeners, and reconnects by `open`. */
export function createReconnectingClient(first: OpenConnection, open: Open): ReconnectingClient {
  const listeners = new Set<(diagnostic: Diagnostic) => void>();
  const unreachableListeners: (() => void)[] = [];
  let address = first.address;
  let current: OpenConnection | undefined;
  let reopening: Promise<void> | undefined;
  let closing = false;
  // The driver runs one statement at a time.
  const inTurn = pLimit(1);

  const adopt = (connection: OpenConnection) => {
    current = connection;
    address = connection.address;
    connection.client.once('end', () => {
      current = undefined;
      if (closing) return;
      for (const listener of listeners) listener(lost(address));
      void reconnect();
    });
  };

  const reopen = async () => {
    for (const delayMs of reconnectDelaysMs) {
      if (delayMs > 0) await sleep(delayMs);
      if (closing) return;
      const opened = await open();
      if (!opened.ok) {
        for (const listener of unreachableListeners) listener();
        continue;
      }
      if (closing) await opened.value.release();
      else adopt(opened.value);
      return;
    }
  };

  /** Also called by queries, so that a server that returns after the last attempt is found. */
  const reconnect = (): Promise<void> => {
    reopening ??= reopen().finally(() => {
      reopening = undefined;
    });
    return reopening;
  };

  adopt(first);
  return {
    get address() {
      return address;
    },
    query: async (sql, values = []) => {
      if (current === undefined && !closing) {
        void reconnect();
        return undefined;
      }
      try {
        return await inTurn(
          async () => current && (await queryWithDeadline(current.client, queryDeadlineMs, sql, values)),
        );
      } catch {
        return undefined;
      }
    },
    onLost: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onUnreachable: (listener) => void unreachableListeners.push(listener),
    ready: () => (current === undefined && !closing ? reconnect() : undefined),
    close: async () => {
      closing = true;
      await withDeadline(reopening ?? Promise.resolve(), closeDeadlineMs, () => {});
      const isIdle = await withDeadline(
        inTurn(async () => true),
        idleDeadlineMs,
        () => false,
      );
      if (isIdle) return (await current?.release()) ?? false;
      current?.client.connection.stream.destroy();
      return false;
    },
  };
}

function lost({ host, port }: ConnectionAddress): Diagnostic {
  return {
    code: 'database/unreachable',
    severity: 'error',
    message: `The connection to the database at ${host}:${port} was lost`,
    hint: 'attempts that used it fail; they are repeated if the task has retries',
  };
}
