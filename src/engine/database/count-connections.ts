import { applicationNamePrefix } from './application-name.ts';
import type { ReconnectingClient } from './connection/reconnecting-client.ts';
import type { ConnectionCount } from './database.ts';

type Row = {
  readonly server_limit: number;
  readonly role_limit: number | null;
  readonly database_limit: number | null;
  /** The sessions with this name; null when there are none at all. */
  readonly name: string | null;
  readonly on_server: number | null;
  readonly of_role: number | null;
  readonly of_database: number | null;
};

/**
 * The limits are read with each count, because a restart of the server may change them; -1 means none, and superusers are
 * not held to those of role and database. A role without the right to see the type of other sessions counts every session
 * of a database as a client.
 */
const question = `
  SELECT limits.*, sessions.* FROM (
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
             - coalesce(current_setting('reserved_connections', true)::int, 0) AS server_limit,
           nullif(rolconnlimit, -1) AS role_limit, nullif(datconnlimit, -1) AS database_limit
      FROM (SELECT 1) AS one
      LEFT JOIN pg_roles ON rolname = session_user AND NOT rolsuper
      LEFT JOIN pg_database ON datname = current_database() AND rolname IS NOT NULL
  ) AS limits LEFT JOIN (
    SELECT coalesce(application_name, '') AS name, count(*)::int AS on_server,
           (count(*) FILTER (WHERE usename = session_user))::int AS of_role,
           (count(*) FILTER (WHERE datname = current_database()))::int AS of_database
      FROM pg_stat_activity
     WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
     GROUP BY 1
  ) AS sessions ON true`;

/** Of the limits of server, role and database the one is told to which the least is left. */
export async function countConnections(
  connection: ReconnectingClient,
  run: string | undefined,
  taskOf: (applicationName: string) => string | undefined,
): Promise<ConnectionCount | undefined> {
  const rows = await connection.query<Row>(question);
  const [limits] = rows ?? [];
  if (rows === undefined || limits === undefined) return undefined;
  const sum = (column: 'on_server' | 'of_role' | 'of_database') =>
    rows.reduce((total, row) => total + (row[column] ?? 0), 0);
  const nearest = [
    { limit: limits.server_limit, total: sum('on_server') },
    { limit: limits.role_limit ?? Number.POSITIVE_INFINITY, total: sum('of_role') },
    { limit: limits.database_limit ?? Number.POSITIVE_INFINITY, total: sum('of_database') },
  ].reduce((least, one) => (one.limit - one.total < least.limit - least.total ? one : least));
  const byTask = new Map<string, number>();
  let ofRun = 0;
  for (const { name, on_server: count } of rows) {
    if (run === undefined || name === null || count === null || !name.startsWith(applicationNamePrefix(run))) continue;
    ofRun += count;
    const task = taskOf(name);
    if (task !== undefined) byTask.set(task, (byTask.get(task) ?? 0) + count);
  }
  return { ...nearest, ofRun, byTask };
}
