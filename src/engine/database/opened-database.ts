import type { Diagnostic } from '../model/diagnostic.ts';
import type { Result } from '../model/result.ts';
import type { OpenConnection } from './connection/reconnecting-client.ts';
import type { Database } from './database.ts';

/** A database with its first connection, and the function that connects again after a loss. */
export type OpenedDatabase = {
  readonly source: Database['source'];
  readonly description: string;
  readonly secrets: readonly string[];
  readonly first: OpenConnection;
  /** The process id of the embedded server, while it runs. */
  readonly serverPid?: () => Promise<number | undefined>;
  readonly reopen: () => Promise<Result<OpenConnection, Diagnostic>>;
};
