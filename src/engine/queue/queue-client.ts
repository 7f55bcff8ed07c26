import type pg from 'pg';
import type { ConnectionAddress } from '../database/connection/connection-address.ts';
import type { Result } from '../model/result.ts';

/** Why a statement gave no rows. */
export type QueueFailure =
  /** The database has not carried it out; `code` is its SQLSTATE. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** It was not reached or did not respond in time. The statement may have been carried out all the same. */
  | { readonly kind: 'away'; readonly message: string };

/** One connection to the database that hosts share. */
export type QueueClient = {
  /** Encrypted or not as the first login was. */
  readonly address: ConnectionAddress;
  /**
   * The rows of one statement. Statements are carried out one after the other. Connects anew when the connection was
   * lost; an endless wait is impossible, since after `deadlineMs` (10 s) the connection is dropped. Never rejects.
   */
  query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
    deadlineMs?: number,
  ): Promise<Result<readonly Row[], QueueFailure>>;
  /**
   * Calls `listener` with each payload of NOTIFY on the channel, and with undefined whenever the connection begins to
   * listen: what was sent before is lost. As long as somebody listens, a lost connection is restored at once.
   */
  listen(channel: string, listener: (payload: string | undefined) => void): () => void;
  /** At most a second long. Never rejects. */
  close(): Promise<void>;
};
