import type { ReconnectingClient } from './connection/reconnecting-client.ts';

/** What a server is, and what the login may do there. */
export type ServerFacts = {
  /** As in `18.4`. */
  readonly version: string;
  readonly major: number;
  /** A standby, or one that is set to take no writes. */
  readonly isReadOnly: boolean;
  readonly role: string;
  /** Where tables are created that name no schema; null when the search path leads to none. */
  readonly schema: string | null;
  readonly mayCreateTables: boolean;
  readonly mayCreateSchemas: boolean;
  readonly mayCreateDatabases: boolean;
  /** Whether it sees what the sessions of other roles are. */
  readonly seesOthers: boolean;
};

type Row = {
  readonly version: string;
  readonly major: number;
  readonly read_only: boolean;
  readonly role: string;
  readonly schema: string | null;
  readonly tables: boolean;
  readonly schemas: boolean;
  readonly databases: boolean;
  readonly others: boolean;
};

const question = `
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
         current_setting('server_version_num')::int / 10000 AS major,
         pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS read_only,
         session_user::text AS role, current_schema()::text AS schema,
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS tables,
         has_database_privilege(current_database(), 'CREATE') AS schemas,
         EXISTS (SELECT FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolcreatedb)) AS databases,
         pg_has_role('pg_read_all_stats', 'USAGE') AS others`;

/** Undefined when the server does not say. Never rejects. */
export async function serverFacts({ query }: Pick<ReconnectingClient, 'query'>): Promise<ServerFacts | undefined> {
  const row = (await query<Row>(question))?.[0];
  if (row === undefined) return undefined;
  const { version, major, role, schema } = row;
  return {
    version,
    major,
    role,
    schema,
    isReadOnly: row.read_only,
    mayCreateTables: row.tables,
    mayCreateSchemas: row.schemas,
    mayCreateDatabases: row.databases,
    seesOthers: row.others,
  };
}
