import type pg from 'pg';

/** Rows that were dropped because another row has the same key. */
export type SharedKeys = {
  readonly count: number;
  /** The key of one of them. */
  readonly example: string;
};

/**
 * Of the rows of a temporary table that share a key, leaves the one that was added last. Returns how many of the others
 * differed from it, and from each other; undefined when none did. Names are quoted already.
 */
export async function dropSharedKeys(
  client: pg.Client,
  table: string,
  key: readonly string[],
  columns: readonly string[],
): Promise<SharedKeys | undefined> {
  const keyAndContents = (row: string) => `concat_ws(' ', ${key.map((column) => `${row}.${column}`).join(', ')}) AS key,
    hashtextextended(ROW(${columns.map((column) => `${row}.${column}`).join(', ')})::text, 0) AS contents`;
  const deleted = await client.query<KeyAndContents>(
    `DELETE FROM ${table} a USING ${table} b
     WHERE ${key.map((column) => `a.${column} = b.${column}`).join(' AND ')} AND a.ctid < b.ctid RETURNING ${keyAndContents('a')}`,
  );
  if (deleted.rows.length === 0) return undefined;
  const kept = await client.query<KeyAndContents>(
    `SELECT * FROM (SELECT ${keyAndContents('t')} FROM ${table} t) AS rows WHERE key = ANY ($1)`,
    [deleted.rows.map(({ key }) => key)],
  );
  const identity = (row: KeyAndContents) => JSON.stringify([row.key, row.contents]);
  const keptRows = new Set(kept.rows.map(identity));
  const lost = new Map(
    deleted.rows.filter((row) => !keptRows.has(identity(row))).map((row) => [identity(row), row.key]),
  );
  const [example] = [...lost.values()].sort();
  return example === undefined ? undefined : { count: lost.size, example };
}

type KeyAndContents = { readonly key: string; readonly contents: string };
