import pg from 'pg';
import type { CheckDefinition, ColumnRef } from '../../model/pipeline.ts';
import { unreachable } from '../../model/unreachable.ts';

/** How many offending keys a result names. */
export const maxKeys = 10;

/** The one statement that answers a question. */
export function checkSql(question: CheckDefinition): string {
  switch (question.kind) {
    case 'references':
      return referencesSql(question.child, question.parent);
    case 'unique':
      return uniqueSql(question.table, question.columns);
    case 'same_count':
      return `SELECT (SELECT count(*) FROM ${tableName(question.left)}) AS left_rows,
        (SELECT count(*) FROM ${tableName(question.right)}) AS right_rows`;
    case 'freshness':
      return freshnessSql(question.column);
    case 'sql':
      return question.sql;
    default:
      return unreachable(question);
  }
}

/** `mart.game_summary` as "mart"."game_summary": case and odd characters as the author wrote them. */
function tableName(table: string): string {
  return table.split('.').map(pg.escapeIdentifier).join('.');
}

function referencesSql(child: ColumnRef, parent: ColumnRef): string {
  const [column, counterpart] = [pg.escapeIdentifier(child.column), pg.escapeIdentifier(parent.column)];
  return `WITH orphans AS (
      SELECT c.${column}::text AS key, count(*) AS row_count FROM ${tableName(child.table)} c
       WHERE c.${column} IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM ${tableName(parent.table)} p WHERE p.${counterpart} = c.${column})
       GROUP BY 1)
    SELECT (SELECT count(${column}) FROM ${tableName(child.table)}) AS checked_rows,
      (SELECT coalesce(sum(row_count), 0)::bigint FROM orphans) AS orphan_rows,
      (SELECT count(*) FROM orphans) AS orphan_keys, ${firstKeys('orphans')}`;
}

/** NULLs count as equal here: two rows without a key are as wrong as two rows with the same one. */
function uniqueSql(table: string, columns: readonly string[]): string {
  const names = columns.map(pg.escapeIdentifier);
  const key = names.map((name) => `coalesce(${name}::text, 'NULL')`).join(` || ', ' || `);
  return `WITH duplicates AS (
      SELECT ${key} AS key, count(*) AS row_count FROM ${tableName(table)} GROUP BY ${names.join(', ')} HAVING count(*) > 1)
    SELECT (SELECT count(*) FROM ${tableName(table)}) AS checked_rows,
      (SELECT count(*) FROM duplicates) AS duplicate_keys,
      (SELECT coalesce(sum(row_count - 1), 0)::bigint FROM duplicates) AS surplus_rows, ${firstKeys('duplicates')}`;
}

/** The first few in byte order, so that the same data gives the same words in every locale. */
function firstKeys(source: string): string {
  return `(SELECT coalesce(json_agg(key), '[]') FROM
    (SELECT key FROM ${source} ORDER BY key COLLATE "C" LIMIT ${maxKeys}) AS first_few) AS first_keys`;
}

/** Times without a zone, dates and texts are read as UTC, the session's zone; infinity says nothing about age. */
function freshnessSql({ table, column }: ColumnRef): string {
  const time = `${pg.escapeIdentifier(column)}::timestamptz`;
  return `SELECT to_char(newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS newest,
      round(extract(epoch FROM now() - newest) * 1000)::bigint AS age_ms, row_count
    FROM (SELECT max(${time}) FILTER (WHERE isfinite(${time})) AS newest, count(*) AS row_count
      FROM ${tableName(table)}) AS measured`;
}
