import type { Location } from './diagnostic.ts';
import type { LevelId, TaskId } from './ids.ts';

/** What a task runs: a list without a shell, or a string through `bash -eo pipefail -c`. */
export type Command =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'shell'; readonly script: string };

/** How often and when a failed attempt is tried again. */
export type RetryPolicy = {
  /** Attempts beyond the first; 0 = never again. */
  readonly retries: number;
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Whether each delay is drawn from [delay / 2, delay] by the run's seed, so that tasks do not return in step. */
  readonly jitter: boolean;
  /** However long a delay a task asks for, it waits no longer. */
  readonly maxRetryAfterMs: number;
  /** When given, only these causes are tried again. */
  readonly on?: { readonly exitCodes: readonly number[]; readonly output: readonly string[] };
};

/** What stands in for a task whose attempts have all failed; its success is marked as degraded by `note`. */
export type Fallback = { readonly command: Command; readonly note: string };

/** A task as its author wrote it, with the defaults filled in and the level's share of the dependencies included. */
export type TaskSpec = {
  readonly id: TaskId;
  readonly command: Command;
  /** Its own dependencies, its level's, and in a sequential level the task before; unique. */
  readonly dependencies: readonly TaskId[];
  readonly level?: LevelId;
  readonly description?: string;
  readonly timeoutMs: number;
  /** From the polite signal to the forced one. */
  readonly killGraceMs: number;
  readonly retry: RetryPolicy;
  readonly pools: readonly string[];
  /** Database connections it may hold at once; 0 = it uses none. */
  readonly connections: number;
  /** When it fails for good, nothing new is started. */
  readonly critical: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly fallback?: Fallback;
  /** Files it must have written, relative to the project directory. */
  readonly outputs: readonly string[];
  readonly at: Location;
};

export type LevelSpec = {
  readonly id: LevelId;
  readonly mode: 'parallel' | 'sequential';
  readonly tasks: readonly TaskId[];
  readonly critical: boolean;
};

/** `table.column`; tables may carry a schema: `mart.game_summary.game_id`. */
export type ColumnRef = { readonly table: string; readonly column: string };

/** What a check asks of the database. */
export type CheckDefinition =
  /** Rows of `child` whose value has no counterpart in `parent`; 0 passes. NULLs do not count. */
  | { readonly kind: 'references'; readonly child: ColumnRef; readonly parent: ColumnRef }
  /** Groups of rows that share `columns`; 0 passes. */
  | { readonly kind: 'unique'; readonly table: string; readonly columns: readonly string[] }
  /** Two tables with the same number of rows. */
  | { readonly kind: 'same_count'; readonly left: string; readonly right: string }
  /** The newest value of `column` is at most `maxAgeMs` old. */
  | { readonly kind: 'freshness'; readonly column: ColumnRef; readonly maxAgeMs: number }
  /** The first column of the first row of one statement equals `expect`; a number that no double holds is a text here. */
  | { readonly kind: 'sql'; readonly sql: string; readonly expect: number | string | null };

export type CheckSpec = {
  readonly name: string;
  readonly definition: CheckDefinition;
  /** Runs as soon as these tasks are done; empty = at the end of the run. */
  readonly after: readonly TaskId[];
  readonly onFail: 'fail' | 'warn';
  /** Holds back what is downstream of `after` until it has passed. */
  readonly gate: boolean;
  readonly timeoutMs: number;
  readonly at: Location;
};

export type ParamSpec = {
  readonly name: string;
  readonly default?: string;
  /** A regular expression (ECMAScript, anchored as written) that a value must match. */
  readonly pattern?: string;
  readonly description?: string;
};

export type Limits = {
  readonly maxParallel: number;
  /** Fractions of the machine (0 to 1) above which fewer or no tasks are started. */
  readonly cpu: number;
  readonly memory: number;
  /** Fraction of the database's connection pool that tasks may use. */
  readonly dbConnections: number;
};

export type Slas = {
  readonly runMs?: number;
  readonly levelsMs: ReadonlyMap<LevelId, number>;
  readonly speedup?: number;
  readonly successRate?: number;
};

export type Handoffs = {
  readonly directory: string;
  readonly onFailure?: { readonly to: string };
  readonly onDegradation?: { readonly to: string; readonly factor: number };
  readonly onSuccess?: { readonly to: string; readonly dataset: string };
};

/** A pipeline file, read and free of mistakes of its own; whether its graph holds together is for the plan to say. */
export type PipelineSpec = {
  readonly name: string;
  readonly file: string;
  readonly params: readonly ParamSpec[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables and parameters whose values are secret, beside those whose names say so. */
  readonly secrets: readonly string[];
  readonly limits: Limits;
  /** Pool name to how many running tasks may hold it at once. */
  readonly pools: ReadonlyMap<string, number>;
  readonly tasks: readonly TaskSpec[];
  readonly levels: readonly LevelSpec[];
  readonly checks: readonly CheckSpec[];
  readonly slas: Slas;
  readonly handoffs?: Handoffs;
};
