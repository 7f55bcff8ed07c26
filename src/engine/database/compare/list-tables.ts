import { queryWithDeadline } from '../connection/client-deadlines.ts';
import type { ComparedTable, Place } from './table-content.ts';

const deadlineMs = 60_000;

type Listed = Omit<ComparedTable, 'name' | 'kind' | 'definition'> & {
  readonly kind: 'r' | 'p' | 'm' | 'v';
  readonly definition: readonly (string | null)[];
};

/** The tables and views of a database that its users have made; not those of extensions, and not foreign ones. */
export async function listTables({ client, schema }: Place): Promise<readonly ComparedTable[]> {
  const rows = await queryWithDeadline<Listed>(client, deadlineMs, sql, [schema ?? null]);
  const withoutSchema = (line: string) => (schema === undefined ? line : line.replaceAll(`${schema}.`, ''));
  return rows.map(({ kind, definition, ...table }) => ({
    ...table,
    name: table.schema === (schema ?? 'public') ? table.table : `${table.schema}.${table.table}`,
    kind: kind === 'm' ? 'materialized view' : kind === 'v' ? 'view' : 'table',
    definition: definition
      .filter((line) => line !== null)
      .map(withoutSchema)
      .sort(),
  }));
}

const sql = `
SELECT n.nspname AS schema, c.relname AS table, c.relkind AS kind, c.oid::int8::float8 AS oid, c.relfilenode::int8::float8 AS file,
  -- The rows of a partitioned table are in its partitions, which are listed themselves.
  c.relkind IN ('r', 'm') AND c.relispopulated AS "hasRows",
  coalesce((SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'isNumbered', a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false))
      ORDER BY a.attname COLLATE "C")
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns,
  coalesce((SELECT json_agg(names ORDER BY indisprimary DESC, indexrelid)
    FROM (SELECT i.indisprimary, i.indexrelid, (SELECT json_agg(a.attname ORDER BY k.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (c.oid, k.number) WHERE k.place <= i.indnkeyatts) AS names
      FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL) unique_indexes), '[]') AS keys,
  (SELECT coalesce(json_agg(line), '[]') FROM (
    SELECT 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
      || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'v'
    UNION ALL
    SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END
    FROM pg_index i WHERE i.indrelid = c.oid
    UNION ALL
    SELECT 'constraint ' || o.conname || ' ' || pg_get_constraintdef(o.oid)
    FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype IN ('c', 'f', 'x')
    UNION ALL
    SELECT 'query ' || pg_get_viewdef(c.oid) WHERE c.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'never refreshed' WHERE NOT c.relispopulated) lines) AS definition
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v') AND c.relpersistence <> 't'
  AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND ($1::text IS NULL OR n.nspname = $1)
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
