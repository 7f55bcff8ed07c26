import pg from 'pg';

/**
 * The expression that names a row of `alias`: the values of its primary key, or without one the whole row. Only offending
 * rows are named, so that this costs nothing for the others.
 */
export function rowKey(alias: string, key: readonly string[]): string {
  if (key.length === 0) return shortened(`${alias}::text`);
  return key.map((column) => `${alias}.${pg.escapeIdentifier(column)}::text`).join(` || ', ' || `);
}

/** A row may be long, and ten of them are named in one line. */
function shortened(text: string): string {
  return `CASE WHEN length(${text}) > 60 THEN left(${text}, 59) || '…' ELSE ${text} END`;
}

/** A statement for the columns of a table's primary key, in their order; none for a view. Its parameter is the quoted table. */
export const primaryKeyStatement = `
  SELECT attname AS column FROM pg_index
    CROSS JOIN unnest(indkey) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = number
   WHERE indrelid = $1::regclass AND indisprimary ORDER BY place`;
