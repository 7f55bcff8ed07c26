import pg from 'pg';
import { queryWithDeadline } from '../connection/client-deadlines.ts';
import type { ComparedTable } from './table-content.ts';

/** A large table may take minutes; a server that does not answer at all ends the comparison. */
export const contentDeadlineMs = 15 * 60_000;

const { escapeIdentifier } = pg;

/** The rows of a table in any order: their number, and a sum of their hashes. */
export type Content = { readonly rows: number; readonly hash: string };

/** Contents that were read, by database and table: a table that was not written since is not read again. */
export type ContentCache = Map<string, { readonly version: string; readonly content: Content }>;

/**
 * The content of some columns of a table. The sum of two independent 64-bit hashes does not depend on the order of the
 * rows, and tells two copies of a row from one.
 */
export async function readContent(
  client: pg.Client,
  table: ComparedTable,
  columns: readonly string[],
  cache: ContentCache,
): Promise<Content> {
  if (!table.hasRows) return { rows: 0, hash: '' };
  const place = `${client.database} ${table.oid} ${columns.join('\0')}`;
  const version = await versionOf(client, table);
  const known = cache.get(place);
  if (known?.version === version) return known.content;
  const [row] = await queryWithDeadline<{ rows: string; hash: string }>(
    client,
    contentDeadlineMs,
    `SELECT count(*) AS rows, coalesce(sum(a), 0) || ':' || coalesce(sum(b), 0) AS hash
     FROM (SELECT hashtextextended(t, 0)::numeric AS a, hashtextextended(t, 1)::numeric AS b
       FROM (SELECT ${rowText(columns)} AS t FROM ${nameOf(table)}) texts) hashes`,
  );
  const content = { rows: Number(row?.rows), hash: row?.hash ?? '' };
  cache.set(place, { version, content });
  return content;
}

/** Where each row lies and which transaction wrote it: changes with every write, and is read without the values. */
export async function versionOf(client: pg.Client, table: ComparedTable): Promise<string> {
  const [row] = await queryWithDeadline<{ version: string }>(
    client,
    contentDeadlineMs,
    `SELECT count(*) || ':' || coalesce(sum(hashtextextended(ctid::text || xmin::text, 0)::numeric), 0) AS version
     FROM ${nameOf(table)}`,
  );
  return `${table.file}:${row?.version}`;
}

/** Whether all values of a column lie between two moments; `empty` when it has no values. */
export type Within = 'within' | 'outside' | 'empty';

/** Looks at the columns that hold moments (ms since 1970). */
export async function columnsWithin(
  client: pg.Client,
  table: ComparedTable,
  from: number,
  to: number,
): Promise<ReadonlyMap<string, Within>> {
  const moments = table.columns.filter(({ type }) => /^timestamp/.test(type));
  if (moments.length === 0) return new Map();
  if (!table.hasRows) return new Map(moments.map(({ name }) => [name, 'empty']));
  const isWithin = ({ name, type }: ComparedTable['columns'][number]) => {
    const question = (zone: string) =>
      `(SELECT bool_and(${escapeIdentifier(name)}${zone} BETWEEN to_timestamp($1) AND to_timestamp($2)) FROM ${nameOf(table)})`;
    if (type.endsWith('with time zone')) return question('');
    return `(SELECT bool_or(${question(' AT TIME ZONE zone')}) FROM zones)`;
  };
  const [row] = await queryWithDeadline<Record<string, boolean | null>>(
    client,
    contentDeadlineMs,
    // A moment without a zone was written as seen in UTC, or as seen in the zone of the server or of the program.
    `WITH zones(zone) AS (VALUES ('UTC'), ((SELECT reset_val FROM pg_settings WHERE name = 'TimeZone')), ($3::text))
     SELECT ${moments.map((column, at) => `${isWithin(column)} AS c${at}`).join(', ')}`,
    [from / 1000, to / 1000, Intl.DateTimeFormat().resolvedOptions().timeZone],
  );
  const verdict = (value: boolean | null | undefined) => (value == null ? 'empty' : value ? 'within' : 'outside');
  return new Map(moments.map(({ name }, at) => [name, verdict(row?.[`c${at}`])]));
}

export function rowText(columns: readonly string[]): string {
  return `ROW(${columns.map(escapeIdentifier).join(', ')})::text`;
}

export function nameOf({ schema, table }: Pick<ComparedTable, 'schema' | 'table'>): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
}
