import type { Location } from '../diagnostic.ts';
import type { LevelId, TaskId } from '../ids.ts';

/** What a task runs: a list without a shell, or a string through `bash -eo pipefail -c`. */
export type Command =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'shell'; readonly script: string };

/** How often, when and after which failures a task is retried. */
export type RetryPolicy = {
  /** Attempts beyond the first; 0 = no retries. */
  readonly retries: number;
  /** The delay before the first retry; each further one is `factor` times longer, at most `maxMs`. */
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Whether each delay is drawn from [delay / 2, delay] by the run's seed, so that tasks do not retry in lockstep. */
  readonly jitter: boolean;
  /** The upper bound of a delay that the task itself requests (`retry_after_seconds`). */
  readonly maxRetryAfterMs: number;
  /** When given, only these failures are retried. */
  readonly on?: { readonly exitCodes: readonly number[]; readonly output: readonly string[] };
};

/** The command that replaces a task whose attempts have all failed; its success counts as degraded, with `note` as the reason. */
export type Fallback = { readonly command: Command; readonly note: string };

/** A task as its author wrote it, with all defaults and the dependencies of its level filled in. */
export type TaskSpec = {
  readonly id: TaskId;
  readonly command: Command;
  /** Its own dependencies, those of its level, and in a sequential level the preceding task; without duplicates. */
  readonly dependencies: readonly TaskId[];
  readonly level?: LevelId;
  readonly description?: string;
  readonly timeoutMs: number;
  /** In place of `timeoutMs`, once the median duration of earlier runs is known: so many times as long. */
  readonly timeoutOfMedian?: number;
  /** An attempt that neither prints nor reports anything for this time is ended; absent = no such limit. */
  readonly idleTimeoutMs?: number;
  /** From SIGTERM to SIGKILL. */
  readonly killGraceMs: number;
  readonly retry: RetryPolicy;
  readonly pools: readonly string[];
  /** How many database connections it may hold at once; 0 = it uses none. */
  readonly connections: number;
  /** How many cores it keeps busy; absent = not declared. */
  readonly cpu?: number;
  /** How much memory it needs at most; absent = not declared. */
  readonly memoryBytes?: number;
  /** When it fails after its last retry, the run starts nothing more. */
  readonly critical: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly fallback?: Fallback;
  /** Files that it must write, relative to the project directory. */
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

/** What a check verifies, by its kind. */
export type CheckDefinition =
  /** Rows of `child` whose value has no counterpart in `parent`; 0 passes. NULLs do not count. */
  | { readonly kind: 'references'; readonly child: ColumnRef; readonly parent: ColumnRef }
  /** Groups of rows that share `columns`; 0 passes. */
  | { readonly kind: 'unique'; readonly table: string; readonly columns: readonly string[] }
  /** Two tables with the same number of rows. */
  | { readonly kind: 'same_count'; readonly left: string; readonly right: string }
  /** The newest value of `column` is at most `maxAgeMs` old. */
  | { readonly kind: 'freshness'; readonly column: ColumnRef; readonly maxAgeMs: number }
  /** The first column of the first row of one statement equals `expect`; a number that a double cannot hold exactly is a text. */
  | { readonly kind: 'sql'; readonly sql: string; readonly expect: number | string | null };

export type CheckSpec = {
  readonly name: string;
  readonly definition: CheckDefinition;
  /** Runs as soon as these tasks are done; empty = at the end of the run. */
  readonly after: readonly TaskId[];
  readonly onFail: 'fail' | 'warn';
  /** Whether everything downstream of `after` waits until the check has passed. */
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
  /** `auto`: as many tasks as the machine bears. */
  readonly maxParallel: number | 'auto';
  /** Fractions of the machine (0 to 1) above which fewer or no tasks start. */
  readonly cpu: number;
  readonly memory: number;
  /** Fraction of the database's connection pool that tasks may use. */
  readonly dbConnections: number;
  /** With less free space for the project, its logs or its database, no task starts. */
  readonly diskFreeBytes: number;
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

/** A pipeline file without mistakes of its own; its graph is validated when it is planned. */
export type PipelineSpec = {
  readonly name: string;
  readonly file: string;
  readonly params: readonly ParamSpec[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables and parameters whose values are secret, in addition to those whose names match the rule of `isSecretName`. */
  readonly secrets: readonly string[];
  readonly limits: Limits;
  /** Slots by pool name. */
  readonly pools: ReadonlyMap<string, number>;
  readonly tasks: readonly TaskSpec[];
  readonly levels: readonly LevelSpec[];
  readonly checks: readonly CheckSpec[];
  readonly slas: Slas;
  readonly handoffs?: Handoffs;
};
