import { createHash } from 'node:crypto';
import pg from 'pg';

/** A table, or the rows of one season in it. */
export type Part = {
  readonly table: string;
  readonly season?: number;
  /** Narrows a table that has no season of its own to the rows of that season's games. */
  readonly gamesOf?: number;
  /** When given, only changes of these columns count: a new time stamp is no change. */
  readonly columns?: readonly string[];
};

/**
 * A short text that differs when rows of the part were added, changed or removed, by
 * a task or by hand. It reads all rows of the part.
 */
export async function fingerprint(client: pg.Client, part: Part): Promise<string> {
  const { columns } = part;
  const from = part.table.split('.').map(pg.escapeIdentifier).join('.');
  // Every insert and update gives a row a newer xmin: with the number of rows, the sum shows all three kinds of change.
  const value =
    columns === undefined
      ? 'xmin::text::bigint'
      : `hashtextextended(ROW(${columns.map((column) => `t.${pg.escapeIdentifier(column)}`).join(', ')})::text, 0)`;
  const { rows } = await client.query<{ text: string }>(
    `SELECT count(*) || ':' || coalesce(sum(${value}), 0) AS text FROM ${from} t
     WHERE ${condition(part)}`,
    [part.season ?? part.gamesOf ?? null],
  );
  return rows[0]?.text ?? '';
}

/** One text for all inputs of a part, its program included: when one of them changes, the part is loaded again. */
export function inputsOf(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32);
}

/** Whether the part was made from these inputs and has not been changed since. */
export async function isUpToDate(client: pg.Client, part: Part, inputs: string): Promise<boolean> {
  const { rows } = await client.query<{ inputs: string; contents: string }>(
    'SELECT inputs, contents FROM etl_loads WHERE part = $1',
    [partName(part)],
  );
  const [loaded] = rows;
  return loaded?.inputs === inputs && loaded.contents === (await fingerprint(client, part));
}

/** Records the inputs of the part; must be the last step of the transaction that loads it. */
export async function recordLoad(client: pg.Client, part: Part, inputs: string): Promise<void> {
  await client.query(
    `INSERT INTO etl_loads (part, inputs, contents) VALUES ($1, $2, $3)
     ON CONFLICT (part) DO UPDATE SET inputs = excluded.inputs, contents = excluded.contents, loaded_at = now()`,
    [partName(part), inputs, await fingerprint(client, part)],
  );
}

function condition({ season, gamesOf }: Part): string {
  if (season !== undefined) return 'season = $1';
  if (gamesOf !== undefined) return 'game_id IN (SELECT game_id FROM games WHERE season = $1)';
  return '$1::int IS NULL';
}

/** `plays/2023`; the whole of a table goes by its name. */
export function partName({ table, season }: Part): string {
  return season === undefined ? table : `${table}/${season}`;
}
