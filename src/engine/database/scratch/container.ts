import pg from 'pg';
import type { ConnectionAddress } from '../connection/connection-address.ts';
import { changeDatabase, setSearchPath } from '../connection/connection-url.ts';

/** What is created for each proof: how it is made, found, reached and dropped. `$1` of a question is a name or its beginning. */
export type Container = {
  readonly noun: 'database' | 'schema';
  readonly canCopy: boolean;
  readonly create: (name: string, original?: string) => string;
  readonly drop: (name: string) => string;
  /** Ends the sessions in it; undefined when they cannot be told from those of others. */
  readonly endSessions: string | undefined;
  readonly countSessions: string | undefined;
  /** The names with a beginning that are ours. */
  readonly list: string;
  readonly addressOfTasks: (name: string) => ConnectionAddress;
  readonly addressOfReader: (name: string) => ConnectionAddress;
};

const quoted = pg.escapeIdentifier;

const sessions = `FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()
  AND coalesce(backend_type, 'client backend') = 'client backend'`;

/** @param owner when it is another role than the one that creates them */
export function databases(address: ConnectionAddress, owner: string | undefined, serverVersion: number): Container {
  return {
    noun: 'database',
    canCopy: true,
    create: (name, original) =>
      [
        `CREATE DATABASE ${quoted(name)}`,
        ...(owner === undefined ? [] : [`OWNER ${quoted(owner)}`]),
        ...(original === undefined ? [] : [`TEMPLATE ${quoted(original)}`]),
      ].join(' '),
    drop: (name) => `DROP DATABASE IF EXISTS ${quoted(name)}${serverVersion >= 130_000 ? ' WITH (FORCE)' : ''}`,
    endSessions: `SELECT pg_terminate_backend(pid) ${sessions}`,
    countSessions: `SELECT count(*)::int AS open ${sessions}`,
    list: `SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1) AND pg_has_role(datdba, 'USAGE')`,
    addressOfTasks: (name) => changeDatabase(address, name),
    addressOfReader: (name) => changeDatabase(address, name),
  };
}

/** In the database of `address`. Tasks reach theirs by the search path, as long as they name no schema themselves. */
export function schemas(address: ConnectionAddress): Container {
  return {
    noun: 'schema',
    canCopy: false,
    create: (name) => `CREATE SCHEMA ${quoted(name)}`,
    drop: (name) => `DROP SCHEMA IF EXISTS ${quoted(name)} CASCADE`,
    endSessions: undefined,
    countSessions: undefined,
    list: `SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, $1) AND pg_has_role(nspowner, 'USAGE')`,
    addressOfTasks: (name) => setSearchPath(address, name),
    addressOfReader: () => address,
  };
}
