import { queryWithDeadline } from '../connection/client-deadlines.ts';
import { listTables } from './list-tables.ts';
import { versionOf } from './read-content.ts';
import type { Place } from './table-content.ts';

/** What was done to the tables of a database so far, to be compared with an earlier look. */
export type TableActivity = {
  /** By table: changes with every write, also one that writes what was there. */
  readonly versions: ReadonlyMap<string, string>;
  /** By table: how often it was read since it exists, as far as the server tells. */
  readonly reads: ReadonlyMap<string, number>;
};

export const noActivity: TableActivity = { versions: new Map(), reads: new Map() };

/** To be called on a session of its own, because it reads the tables itself. */
export async function readActivity(place: Place): Promise<TableActivity> {
  const reads = await readCounts(place);
  const versions = new Map<string, string>();
  for (const table of await listTables(place)) {
    if (table.hasRows) versions.set(table.name, await versionOf(place.client, table));
  }
  return { versions, reads };
}

/** Before version 15 the server counts with a delay, so that nothing could be told of a moment. */
export async function readCounts({ client, schema }: Place): Promise<ReadonlyMap<string, number>> {
  const rows = await queryWithDeadline<{ name: string; reads: number }>(
    client,
    60_000,
    `SELECT CASE schemaname WHEN coalesce($1, 'public') THEN '' ELSE schemaname || '.' END || relname AS name,
       (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::float8 AS reads
     FROM pg_stat_user_tables WHERE current_setting('server_version_num')::int >= 150000
       AND ($1::text IS NULL OR schemaname = $1)`,
    [schema ?? null],
  );
  return new Map(rows.map(({ name, reads }) => [name, reads]));
}
