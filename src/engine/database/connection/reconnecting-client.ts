import pLimit from 'p-limit';
import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { queryWithDeadline } from './client-deadlines.ts';
import type { ConnectionAddress } from './connection-address.ts';

/** A way into the database that is held for as long as the run lasts. */
export type OpenConnection = {
  readonly client: pg.Client;
  /** Where tasks and checks connect to. */
  readonly address: ConnectionAddress;
  /** False when the server did not answer to it. */
  release(): Promise<boolean>;
};

export type ReconnectingClient = {
  /** The last known one, also while it is broken. */
  readonly address: ConnectionAddress;
  /** Rows of one statement, or undefined while the database does not answer. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[] | undefined>;
  onLost(listener: (diagnostic: Diagnostic) => void): () => void;
  /** Resolves when it is back, or when the tries to come back have run out; undefined when it is there. Never rejects. */
  ready(): Promise<void> | undefined;
  /** False when the server did not answer in the end. */
  close(): Promise<boolean>;
};

type Open = () => Promise<Result<OpenConnection, Diagnostic>>;

/** Our own questions are small; a server that needs longer is taken for gone. */
const answerWithinMs = 15_000;
/** How long an end waits for a server that is just coming back. */
const leaveWithinMs = 5_000;
/** Between two tries to come back after a loss. */
const reopenPausesMs = [0, 250, 1_000, 2_000, 5_000];

/** Holds the connection, says when it breaks, and comes back by `open` when it can. */
export function createReconnectingClient(first: OpenConnection, open: Open): ReconnectingClient {
  const listeners = new Set<(diagnostic: Diagnostic) => void>();
  let address = first.address;
  let current: OpenConnection | undefined;
  let reopening: Promise<void> | undefined;
  let closing = false;
  // The driver takes one statement at a time.
  const inTurn = pLimit(1);

  const adopt = (connection: OpenConnection) => {
    current = connection;
    address = connection.address;
    connection.client.once('end', () => {
      current = undefined;
      if (closing) return;
      for (const listener of listeners) listener(lost(address));
      void comeBack();
    });
  };

  const reopen = async () => {
    for (const pauseMs of reopenPausesMs) {
      if (pauseMs > 0) await sleep(pauseMs);
      if (closing) return;
      const opened = await open();
      if (!opened.ok) continue;
      if (closing) await opened.value.release();
      else adopt(opened.value);
      return;
    }
  };

  /** The tries after the loss may have run out; a server that comes back later is found by who asks for it. */
  const comeBack = (): Promise<void> => {
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
        void comeBack();
        return undefined;
      }
      try {
        return await inTurn(
          async () => current && (await queryWithDeadline(current.client, answerWithinMs, sql, values)),
        );
      } catch {
        return undefined;
      }
    },
    onLost: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ready: () => (current === undefined && !closing ? comeBack() : undefined),
    close: async () => {
      closing = true;
      await withDeadline(reopening ?? Promise.resolve(), leaveWithinMs, () => {});
      return (await current?.release()) ?? false;
    },
  };
}

function lost({ host, port }: ConnectionAddress): Diagnostic {
  return {
    code: 'database/unreachable',
    severity: 'error',
    message: `The connection to the database at ${host}:${port} was lost`,
    hint: 'attempts that used it fail and are tried again by their retries',
  };
}
