import type pg from 'pg';

/** Reads every table, and has no other right. Since PostgreSQL 14. */
const readingRole = 'pg_read_all_data';

export type Rights =
  /** The login has no right that reaches beyond the database. */
  | 'modest'
  /** Rights beyond it were put aside for the transaction. */
  | 'reading'
  /** They could not be. */
  | 'unrestricted';

/**
 * A login that may run programs or read and write files of the server (a superuser above all) takes a role for the rest
 * of the transaction that may only read tables. Names are looked up as before, and a table whose rows a policy would
 * hide from the new role is an error rather than a smaller table.
 */
export async function takeReadingRole(client: pg.Client): Promise<Rights> {
  const { rows } = await client.query<{ reaches_far: boolean; path: string | null }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper) OR EXISTS (SELECT FROM pg_roles
         WHERE rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
           AND pg_has_role(oid, 'MEMBER')) AS reaches_far,
       (SELECT string_agg(quote_ident(name), ', ' ORDER BY place)
          FROM unnest(current_schemas(false)) WITH ORDINALITY AS schemas (name, place)) AS path`,
  );
  if (rows[0]?.reaches_far !== true) return 'modest';
  await client.query('SAVEPOINT before_role');
  try {
    const path = rows[0].path ?? '';
    await client.query("SELECT set_config('search_path', $1, true), set_config('row_security', 'off', true)", [path]);
    await client.query(`SET LOCAL ROLE ${readingRole}`);
    return 'reading';
  } catch {
    await client.query('ROLLBACK TO SAVEPOINT before_role');
    return 'unrestricted';
  }
}

/** Whether the transaction still has no more rights than it was left with. */
export async function hasReadingRole(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
  return rows[0]?.role === readingRole;
}
