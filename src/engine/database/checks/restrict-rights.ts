import type pg from 'pg';

/** May read every table and has no other right. PostgreSQL has it since version 14. */
const readOnlyRole = 'pg_read_all_data';

export type Rights =
  /** The login has no right that reaches beyond the database. */
  | 'limited'
  /** The login has such rights, and they are dropped for the transaction. */
  | 'restricted'
  /** The login has such rights, and they could not be dropped. */
  | 'unrestricted';

/**
 * Drops the rights of a login that may run programs or access files of the server (above all a superuser) for the rest
 * of the transaction, by switching to a role that may only read tables:
 * 1. Ask whether the login has such a right.
 * 2. Fix the search path, which would otherwise change with the role, and turn row security off: a table whose rows a
 *    policy hides from the new role must be an error, not a smaller table.
 * 3. Switch to the role; where that is not allowed, go back to the state before step 2.
 */
export async function restrictRights(client: pg.Client): Promise<Rights> {
  const { rows } = await client.query<{ reaches_far: boolean; path: string | null }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper) OR EXISTS (SELECT FROM pg_roles
         WHERE rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
           AND pg_has_role(oid, 'MEMBER')) AS reaches_far,
       (SELECT string_agg(quote_ident(name), ', ' ORDER BY place)
          FROM unnest(current_schemas(false)) WITH ORDINALITY AS schemas (name, place)) AS path`,
  );
  if (rows[0]?.reaches_far !== true) return 'limited';
  await client.query('SAVEPOINT before_role');
  try {
    const path = rows[0].path ?? '';
    await client.query("SELECT set_config('search_path', $1, true), set_config('row_security', 'off', true)", [path]);
    await client.query(`SET LOCAL ROLE ${readOnlyRole}`);
    return 'restricted';
  } catch {
    await client.query('ROLLBACK TO SAVEPOINT before_role');
    return 'unrestricted';
  }
}

/** Whether the transaction still runs under the read-only role: the check's own statement may have changed it. */
export async function isStillRestricted(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
  return rows[0]?.role === readOnlyRole;
}
