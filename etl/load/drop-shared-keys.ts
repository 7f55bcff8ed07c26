import type pg from 'pg';

/** Rows that were lost because another row has their key. */
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
  const told = (row: string) => `concat_ws(' ', ${key.map((column) => `${row}.${column}`).join(', ')}) AS key,
    hashtextextended(ROW(${columns.map((column) => `${row}.${column}`).join(', ')})::text, 0) AS contents`;
  const gone = await client.query<Told>(
    `DELETE FROM ${table} a USING ${table} b
     WHERE ${key.map((column) => `a.${column} = b.${column}`).join(' AND ')} AND a.ctid < b.ctid RETURNING ${told('a')}`,
  );
  if (gone.rows.length === 0) return undefined;
  const kept = await client.query<Told>(
    `SELECT * FROM (SELECT ${told('t')} FROM ${table} t) AS rows WHERE key = ANY ($1)`,
    [gone.rows.map(({ key }) => key)],
  );
  const name = (row: Told) => JSON.stringify([row.key, row.contents]);
  const keptRows = new Set(kept.rows.map(name));
  const lost = new Map(gone.rows.filter((row) => !keptRows.has(name(row))).map((row) => [name(row), row.key]));
  const [example] = [...lost.values()].sort();
  return example === undefined ? undefined : { count: lost.size, example };
}

type Told = { readonly key: string; readonly contents: string };
