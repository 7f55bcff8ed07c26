import type { Diagnostic } from '../model/diagnostic.ts';
import type { BackendTerminator, CheckRunner } from '../ports.ts';

/** Sessions now open in the whole server, and those of one run. */
type ConnectionCount = { readonly total: number; readonly ofRun?: number };

/** The database of a run: one that DATABASE_URL names, or the project's own server. */
export type Database = {
  /** Named by the environment, or the project's embedded server. */
  readonly source: 'external' | 'embedded';
  /** For people, without secrets. */
  readonly description: string;
  /** DATABASE_URL and the PG* variables that say the same; read it anew for every attempt, a restart may move the port. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the masker must know, longest first. */
  readonly secrets: readonly string[];
  /** Connections that clients without privileges may hold at once, ours included. */
  readonly connectionLimit: number;
  /** How many connections `fraction` (0 to 1) of the limit is; at least 1. */
  budget(fraction: number): number;
  /** `environment` and the name under which the attempt's sessions are found again. */
  taskEnvironment(run: string, task: string, attempt: number): Readonly<Record<string, string>>;
  /** Asks two questions at a time; what comes beyond waits. */
  readonly checks: CheckRunner;
  /** Knows the attempts that `taskEnvironment` was asked for, whatever their run. */
  readonly sessions: BackendTerminator;
  /** Undefined while the database does not answer. Cheap enough for once a second. */
  connections(run?: string): Promise<ConnectionCount | undefined>;
  /** Calls back whenever the connection broke; returns the way to stop that. The project's own server is restarted by then or soon after. */
  onLost(listener: (diagnostic: Diagnostic) => void): () => void;
  /**
   * Resolves when the project's own server is back after a loss, or when that takes too long (30 s); undefined when there
   * is nothing to wait for, as always for a server of others. Never rejects.
   */
  ready(): Promise<void> | undefined;
  /** Gives the database back; the project's own server stops when nobody else uses it. Never throws. */
  close(): Promise<void>;
};
