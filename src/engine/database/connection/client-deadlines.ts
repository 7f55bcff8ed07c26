import type pg from 'pg';
import { withDeadline } from '../../platform/with-deadline.ts';

/** A server that is alive answers a farewell at once. */
const farewellMs = 1_000;

/** Ends a connection: politely, and by force when the server does not answer. Never rejects. */
export async function endClient(client: pg.Client): Promise<void> {
  const ended = client.end().catch(() => {});
  await withDeadline(ended, farewellMs, () => void client.connection.stream.destroy());
}

/**
 * Rows of one statement. A server that is frozen or unreachable answers no query and closes no connection: after `ms`
 * the connection is given up, and this rejects.
 */
export function queryWithDeadline<Row extends pg.QueryResultRow>(
  client: pg.Client,
  ms: number,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const asked = client.query<Row>(sql, [...values]).then(({ rows }) => rows);
  return withDeadline(asked, ms, () => {
    client.connection.stream.destroy();
    throw new Error(`no answer within ${ms / 1000} s`);
  });
}
