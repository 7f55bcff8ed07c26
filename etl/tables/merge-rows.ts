import pg from 'pg';
import { dropSharedKeys, type SharedKeys } from './drop-shared-keys.ts';

export type Merge = {
  readonly table: string;
  readonly key: readonly string[];
  /** The columns to write besides the key; columns that are not named keep what they have. */
  readonly columns: readonly string[];
  /** A relation with the key, the columns and the partition's column: usually a temporary table. */
  readonly from: string;
  /** Which rows of the table are loaded: those among them that `from` lacks are removed. */
  readonly partition: { readonly column: string; readonly values: readonly (number | string)[] } | 'all';
};

export type MergeResult = {
  readonly rows: number;
  /** Rows added, changed or removed. */
  readonly rowsChanged: number;
  /** Rows of `from` that were dropped because a later, different row has the same key; undefined when there are none. */
  readonly sharedKeys: SharedKeys | undefined;
};

/**
 * Makes the loaded part of a table equal to `from`, a temporary table, within the caller's transaction. Rows that are
 * equal already are not touched; a value that became NULL becomes NULL.
 */
export async function mergeRows(client: pg.Client, merge: Merge): Promise<MergeResult> {
  const id = pg.escapeIdentifier;
  const table = qualified(merge.table);
  const from = qualified(merge.from);
  const key = merge.key.map(id);
  const written = [...key, ...merge.columns.map(id)].join(', ');
  const same = (a: string, b: string) => key.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');
  const listed = (prefix: string) => merge.columns.map((column) => `${prefix}.${id(column)}`).join(', ');

  // The planner has no statistics of a new table; a small sample is enough.
  await client.query('SET LOCAL default_statistics_target = 10');
  await client.query(`ANALYZE ${from} (${key.join(', ')})`);
  const sharedKeys = await dropSharedKeys(client, from, key, merge.columns.map(id));
  const update = `DO UPDATE SET ${merge.columns.map((column) => `${id(column)} = excluded.${id(column)}`).join(', ')}
    WHERE (${listed('t')}) IS DISTINCT FROM (${listed('excluded')})`;
  const upserted = await client.query(
    `INSERT INTO ${table} AS t (${written}) SELECT ${written} FROM ${from}
     ON CONFLICT (${key.join(', ')}) ${merge.columns.length === 0 ? 'DO NOTHING' : update}`,
  );
  const { partition } = merge;
  const inPart = partition === 'all' ? '' : `t.${id(partition.column)} = ANY ($1) AND`;
  const removed = await client.query(
    `DELETE FROM ${table} t WHERE ${inPart} NOT EXISTS (SELECT FROM ${from} s WHERE ${same('s', 't')})`,
    partition === 'all' ? [] : [partition.values],
  );
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${from}`);
  return {
    rows: Number(rows[0]?.count),
    rowsChanged: (upserted.rowCount ?? 0) + (removed.rowCount ?? 0),
    sharedKeys,
  };
}

function qualified(name: string): string {
  return name.split('.').map(pg.escapeIdentifier).join('.');
}
