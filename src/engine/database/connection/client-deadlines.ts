import type pg from 'pg';
import { formatLimit } from '../../model/text/format-duration.ts';
import { withDeadline } from '../../platform/with-deadline.ts';

/** A responsive server closes a connection at once. */
const closeDeadlineMs = 1_000;

/**
 * Logs in; rejects with "timeout expired" after `ms` milliseconds. The driver's own limit would say the same, but does not
 * keep this process alive while a server accepts the connection and says nothing.
 */
export async function connectWithDeadline(client: pg.Client, ms: number): Promise<void> {
  await withDeadline(client.connect(), ms, () => {
    client.connection.stream.destroy();
    throw new Error('timeout expired');
  });
}

/** Closes a connection; destroys the socket when the server does not respond within 1 s. Never rejects. */
export async function endClient(client: pg.Client): Promise<void> {
  const ended = client.end().catch(() => {});
  await withDeadline(ended, closeDeadlineMs, () => void client.connection.stream.destroy());
}

/**
 * The rows of one statement. A frozen or unreachable server neither responds nor closes the connection, so after `ms`
 * milliseconds this destroys the socket and rejects.
 */
export function queryWithDeadline<Row extends pg.QueryResultRow>(
  client: pg.Client,
  ms: number,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const result = client.query<Row>(sql, [...values]).then(({ rows }) => rows);
  return withDeadline(result, ms, () => {
    client.connection.stream.destroy();
    throw new Error(`no answer within ${formatLimit(ms)}`);
  });
}
