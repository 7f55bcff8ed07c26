import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Result } from '../../model/result.ts';
import type { ConnectionAddress } from '../connection/connection-address.ts';

export type ScratchServerOptions = {
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Part of the names of the databases, and of the sessions: lower-case letters and digits. */
  readonly id: string;
  /** Schemas in the database that is there, in place of databases; for a server that the environment names. */
  readonly inSchemas: boolean;
  /** Whether the databases are left when the server is closed, for somebody to look at. */
  readonly keep: boolean;
  readonly onProgress?: (line: string) => void;
};

/** Where databases are created: by which session, for whom, and how it is left. */
export type ScratchHost = {
  readonly description: string;
  readonly secrets: readonly string[];
  /** May create databases. */
  readonly client: pg.Client;
  /** Of the role that tasks use; the name of the database is replaced. */
  readonly address: ConnectionAddress;
  /** When it is another role than that of `client`. */
  readonly owner?: string;
  /** Gives the server back; resolves to false when it did not respond. */
  release(): Promise<boolean>;
};

/** A database, or a schema in one, that was created to be thrown away. */
export type ScratchDatabase = {
  readonly name: string;
  /** DATABASE_URL and the PG* variables by which tasks reach it, with the password. */
  readonly environment: Readonly<Record<string, string>>;
  /** When it is only a schema. */
  readonly schema?: string;
};

/** A server on which databases are created for a short time. None of its own databases is touched. */
export type ScratchServer = {
  /** For messages, without secrets. */
  readonly description: string;
  /** The texts to mask. */
  readonly secrets: readonly string[];
  /** The time of the server, in ms since 1970. */
  now(): Promise<Result<number, Diagnostic>>;
  /** An empty database; `label` becomes part of its name. */
  create(label: string): Promise<Result<ScratchDatabase, Diagnostic>>;
  /** A copy; nobody may be connected to the original, see `settle`. Undefined for a schema, which cannot be copied. */
  copy(from: ScratchDatabase, label: string): Promise<Result<ScratchDatabase | undefined, Diagnostic>>;
  drop(database: ScratchDatabase): Promise<readonly Diagnostic[]>;
  /** A session that prints values in one fixed form, for `endClient` to close. */
  connect(database: ScratchDatabase): Promise<Result<pg.Client, Diagnostic>>;
  /** Waits until nobody is connected; ends the sessions that are still there after some seconds. */
  settle(database: ScratchDatabase): Promise<Result<void, Diagnostic>>;
  /** How much was written so far in each table of the database that is not ours, where ours are only schemas. */
  outside(): Promise<Result<ReadonlyMap<string, string>, Diagnostic>>;
  /** Drops what is left, unless it is to be kept, and leaves the server. Returns a warning for each that could not be dropped. */
  close(): Promise<readonly Diagnostic[]>;
  /** The names of those that are there. */
  names(): readonly string[];
};
