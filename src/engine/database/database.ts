import type { Diagnostic } from '../model/diagnostic.ts';
import type { BackendTerminator, CheckRunner } from '../ports.ts';
import type { ServerFacts } from './server-facts.ts';

/** The open sessions that count towards the limit which is nearest: that of the server, the role or the database. */
export type ConnectionCount = {
  readonly total: number;
  readonly limit: number;
  /** Those of the attempts of the run. */
  readonly ofRun: number;
  /** By the task's id; for attempts for which `taskEnvironment` was called. */
  readonly byTask: ReadonlyMap<string, number>;
};

/** The database of a run: one that the environment names, or the embedded server of the project. */
export type Database = {
  /** Named by the environment, or the project's embedded server. */
  readonly source: 'external' | 'embedded';
  /** Where the embedded server keeps its data. */
  readonly directory?: string;
  /** A short description for messages, without secrets. */
  readonly description: string;
  /** Tells it from another that was made in its place under the same name; undefined when it does not say. Never rejects. */
  identity(): Promise<string | undefined>;
  /** What the server is, and what the login may do there; undefined when it does not say. Never rejects. */
  facts(): Promise<ServerFacts | undefined>;
  /** DATABASE_URL and the equivalent PG* variables. Read it for every attempt, because a restart may change the port. */
  readonly environment: Readonly<Record<string, string>>;
  /** The texts to mask, longest first. */
  readonly secrets: readonly string[];
  /** How many connections unprivileged clients, this program included, may hold at once. */
  readonly connectionLimit: number;
  /** How many connections `fraction` (0 to 1) of the limit is; at least 1. */
  budget(fraction: number): number;
  /** `environment`, and the application name by which `sessions` finds the attempt's sessions. */
  taskEnvironment(run: string, task: string, attempt: number): Readonly<Record<string, string>>;
  /** Each check has a session of its own; how many run at once is for the caller to bound. */
  readonly checks: CheckRunner;
  /** Works for the attempts for which `taskEnvironment` was called. */
  readonly sessions: BackendTerminator;
  /** Undefined while the database does not respond. Cheap enough to call once a second. */
  connections(run?: string): Promise<ConnectionCount | undefined>;
  /** Subscribes to losses of the connection, and returns the unsubscribe function. A restart of the embedded server follows. */
  onLost(listener: (diagnostic: Diagnostic) => void): () => void;
  /**
   * Resolves when the embedded server is back after a loss, at the latest after 30 s; undefined when there is nothing to
   * wait for, as always for an external server. Never rejects.
   */
  ready(): Promise<void> | undefined;
  /** Releases the database; the embedded server stops when no other process uses it. Never throws. */
  close(): Promise<void>;
};
