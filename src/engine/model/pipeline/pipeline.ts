import type { Location } from '../diagnostic.ts';
import type { LevelId, TaskId } from '../ids.ts';
import type { Family, Instance, Matrix } from './matrix.ts';
import type { RequestRules } from './request-rules.ts';

/** What a task runs: a list without a shell, or a text that a shell or another interpreter is given. */
export type Command =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  /** `shell`: the program and its arguments, before the script; absent = `bash -eo pipefail -c`. */
  | { readonly kind: 'shell'; readonly script: string; readonly shell?: readonly [string, ...string[]] };

/** A path as it is written in a pipeline file, and where. */
export type LocatedPath = { readonly path: string; readonly at: Location };

/** How often and when a failed attempt is followed by another. */
export type Retries = {
  /** Attempts beyond the first; 0 = no retries. */
  readonly retries: number;
  /** The delay before the first retry; each further one is `factor` times longer, at most `maxMs`. */
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Whether each delay is drawn from [delay / 2, delay] by the run's seed, so that tasks do not retry in lockstep. */
  readonly jitter: boolean;
};

/** How often, when and after which failures a task is retried. */
export type RetryPolicy = Retries & {
  /** The upper bound of a delay that the task itself requests (`retry_after_seconds`). */
  readonly maxRetryAfterMs: number;
  /** When given, only these failures are retried. */
  readonly on?: { readonly exitCodes: readonly number[]; readonly output: readonly string[] };
};

/** The command that replaces a task whose attempts have all failed; its success counts as degraded, with `note` as the reason. */
export type Fallback = {
  readonly command: Command;
  readonly note: string;
  /** Its data is as new as that of the task; otherwise it is taken for that of the last good load. */
  readonly isFresh?: true;
};

/** A question that is asked before a task starts: exit code 0 means that it is needed, 1 that it is not. */
export type OnlyIf = {
  readonly command: Command;
  /** What becomes of its downstream when it is not needed: it runs (`continue`), or is not needed either (`stop`). */
  readonly otherwise: 'continue' | 'stop';
};

/** Something outside the run that has to happen before a task starts. */
export type WaitFor = {
  readonly for: Awaited;
  /** From the end of one look to the next. */
  readonly everyMs: number;
  /** Counted from the moment at which everything upstream was done. */
  readonly timeoutMs: number;
  /** What becomes of the task when it did not happen in time; `skip`: its downstream runs all the same. */
  readonly onTimeout: 'fail' | 'skip';
};

export type Awaited =
  /** Exit code 0 means that it has happened. */
  | { readonly kind: 'command'; readonly command: Command }
  /** Relative to the project directory, or absolute; `*`, `?` and `**` make patterns. May name parameters and variables. */
  | { readonly kind: 'file'; readonly path: string }
  /** A run of another pipeline has succeeded with the values that these parameters have here. */
  | {
      readonly kind: 'pipeline';
      /** Its file, or the directory of its project; relative to the project directory, or absolute. */
      readonly file: string;
      readonly params: readonly string[];
      /** Of an instance, its own values of those that its matrix is made of; the others are those of the run. */
      readonly values?: Readonly<Record<string, string>>;
      /** Relative to the directory of that project; absent = where runs are stored usually. */
      readonly logDir?: string;
    };

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
  /** `pid`: every attempt runs in a PID namespace of its own; absent = not isolated. */
  readonly isolation?: 'pid';
  readonly retry: RetryPolicy;
  readonly pools: readonly string[];
  /** How many database connections it may hold at once; 0 = it uses none. */
  readonly connections: number;
  /** How many cores it keeps busy; absent = not declared. */
  readonly cpu?: number;
  /** How much memory it needs at most; absent = not declared. */
  readonly memoryBytes?: number;
  /** The hosts on which it may run have all of these, where it runs elsewhere than on this machine; absent = on any. */
  readonly labels?: readonly string[];
  /** When it fails after its last retry, the run starts nothing more. */
  readonly critical: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs, relative to the project directory; absent = in the project directory itself. */
  readonly dir?: LocatedPath;
  /** Files of variables, which are secrets; a later one wins, and `env` wins over all. */
  readonly envFiles?: readonly LocatedPath[];
  readonly fallback?: Fallback;
  /** Absent = it is always needed. */
  readonly onlyIf?: OnlyIf;
  /** Absent = it waits for nothing outside the run. */
  readonly waitFor?: WaitFor;
  /** When it fails for good, its downstream goes on with what an earlier run has loaded. */
  readonly useLastGood?: true;
  /** Files that it reads, named as outputs are; absent = not declared. */
  readonly inputs?: readonly string[];
  /** Files that it must write, relative to the project directory, or to that of the run: `$ETL_RUN_DIR/x.csv`. */
  readonly outputs: readonly string[];
  /** Whether it is left out when nothing has changed since its last success; absent = as the run is asked to. */
  readonly reuse?: boolean;
  /** It runs at the end of the run, whatever happened, or only when the run has not succeeded; absent = in its place in the graph. */
  readonly runWhen?: 'always' | 'on-failure';
  /** When it fails for good, its downstream runs all the same, and the run does not fail because of it. */
  readonly continueOnFailure?: true;
  /** It sets something up that the task `teardown` takes down when everything downstream of this one has ended. */
  readonly setup?: { readonly teardown: TaskId };
  /** Who is told about this task alone. */
  readonly notify?: readonly Notification[];
  /** What it is run for, as written; in a plan its instances have taken its place. */
  readonly matrix?: Matrix;
  /** In a plan: the combination of values that it is run for. */
  readonly instance?: Instance;
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

/** An SQL condition: a check looks only at the rows for which it holds; absent = at all. */
export type RowFilter = { readonly where?: string };

/** What a check asks of the database, by its kind. A number that a double cannot hold exactly is a text. */
export type DatabaseCheck =
  /** Rows of `child` whose value has no counterpart in `parent`; 0 passes. NULLs do not count. */
  | ({ readonly kind: 'references'; readonly child: ColumnRef; readonly parent: ColumnRef } & RowFilter)
  /** Groups of rows that share `columns`; 0 passes. */
  | ({ readonly kind: 'unique'; readonly table: string; readonly columns: readonly string[] } & RowFilter)
  /** Rows with a NULL in one of `columns`; 0 passes. */
  | ({ readonly kind: 'not_null'; readonly table: string; readonly columns: readonly string[] } & RowFilter)
  /** Rows whose value is none of `values`, each in a notation of the column's type; 0 passes. NULLs do not count. */
  | ({ readonly kind: 'accepted_values'; readonly column: ColumnRef; readonly values: readonly string[] } & RowFilter)
  /** Rows whose value is below `min`, above `max` or not a number; 0 passes. NULLs do not count. At least one bound is there. */
  | ({ readonly kind: 'range'; readonly column: ColumnRef } & Bounds<number | string> & RowFilter)
  /** How many rows there are: from `min` to `max`, and at most the share `within` away from the median of past runs. */
  | ({ readonly kind: 'row_count'; readonly table: string; readonly within?: number } & Bounds<number> & RowFilter)
  /** Two tables with the same number of rows. */
  | ({ readonly kind: 'same_count'; readonly left: string; readonly right: string } & RowFilter)
  /** The newest value of `column` is at most `maxAgeMs` old. */
  | ({ readonly kind: 'freshness'; readonly column: ColumnRef; readonly maxAgeMs: number } & RowFilter)
  /** The first column of the first row of one statement equals `expect`. */
  | { readonly kind: 'sql'; readonly sql: string; readonly expect: Expected };

type Bounds<Value> = { readonly min?: Value; readonly max?: Value };

type Expected = number | string | null;

/** What a check verifies: the data in the database, or whatever a command looks at. */
export type CheckDefinition =
  | DatabaseCheck
  /** The first cell that it prints equals `expect`; without `expect` its exit code decides: 0 passes, 1 fails. */
  | { readonly kind: 'command'; readonly command: Command; readonly expect?: Expected };

export type CheckSpec = {
  readonly name: string;
  /** What its author says of it, for whoever reads that it failed. */
  readonly description?: string;
  readonly definition: CheckDefinition;
  /** Runs as soon as these tasks are done; empty = at the end of the run, or at its start when there is a `before`. */
  readonly after: readonly TaskId[];
  /** Tasks that wait until the check has passed, beside those that `gate` holds back. */
  readonly before: readonly TaskId[];
  readonly onFail: 'fail' | 'warn';
  /** Whether everything downstream of `after` waits until the check has passed. */
  readonly gate: boolean;
  readonly timeoutMs: number;
  /** After an error that may pass, such as a database that does not answer. */
  readonly retry: Retries;
  readonly at: Location;
};

/** A `list` is a text with commas; of a `choice` only some texts are allowed. */
export type ParamType = 'date' | 'month' | 'hour' | 'int' | 'bool' | 'list' | 'choice';

export type ParamSpec = {
  readonly name: string;
  /** In the notation of its type, see `readParam`; what depends on the start, such as `yesterday`, as written. */
  readonly default?: string;
  /** A regular expression (ECMAScript, anchored as written) that a value must match; of a list, each of its values. */
  readonly pattern?: string;
  readonly description?: string;
  /** Absent = any text. */
  readonly type?: ParamType;
  /** Of dates, months and hours, by its name in the IANA database; absent = UTC. */
  readonly timeZone?: string;
  /** The values that a `choice` may have. */
  readonly choices?: readonly string[];
  /** A matrix makes a task of each of its values, so that a run may be given several: `2024-01-01..2024-01-31`. */
  readonly several?: true;
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
  /** How long a run may take, from its start or from the moment when it is taken up again; absent = no limit. */
  readonly runMs?: number;
};

/** Shares from 0 to 1; without `min` only the upper bound counts. */
export type ShareBand = { readonly min?: number; readonly max: number };

/** What a run is judged by; an absent limit is not judged. */
export type Slas = {
  readonly runMs?: number;
  readonly levelsMs: ReadonlyMap<LevelId, number>;
  /** How many times faster than one task at a time. */
  readonly speedup?: number;
  /** The share of the last runs that succeeded. */
  readonly successRate?: number;
  /** The mean use of the processors while tasks run. */
  readonly cpu?: ShareBand;
  /** The highest use, as a share. */
  readonly memory?: number;
  readonly dbConnections?: number;
  /** The mean of what all disks together read and write, while tasks run. */
  readonly diskBytesPerSecond?: number;
  /** The mean share of the time in which something waited for a disk, while tasks run. */
  readonly diskWait?: number;
  /** Whether a missed one makes a run fail that has otherwise succeeded. */
  readonly onMiss: 'warn' | 'fail';
};

/** The documents for other teams, and who gets each of them. */
export type Handoffs = {
  /** As written: relative to the project directory, or absolute. */
  readonly directory: string;
  readonly onFailure?: { readonly to: string };
  readonly onDegradation?: { readonly to: string; readonly factor: number };
  /** `everyMs`: how often the data set is renewed, for the moment of the next one. */
  readonly onSuccess?: { readonly to: string; readonly dataset: string; readonly everyMs?: number };
};

/** What somebody wants to be told of a run or a task. */
export type HandoffTrigger = 'failure' | 'degradation' | 'success';

/** Who is told the content of a hand-off at the end of a run. */
export type Notification = {
  readonly on: readonly HandoffTrigger[];
  /** The recipients, each of whom is told for himself; absent = what is told names nobody. */
  readonly to?: readonly [string, ...string[]];
  readonly by:
    | { readonly kind: 'command'; readonly command: Command }
    /** The address stands in this variable of the environment: whoever knows it may write there. */
    | { readonly kind: 'webhook'; readonly variable: string };
};

/** Which runs are kept; a run that breaks one of the rules is given up. Without any, all are kept. */
export type Retention = {
  /** So many, the newest ones. */
  readonly keepRuns?: number;
  /** Those that began at most so long ago. */
  readonly olderThanMs?: number;
  /** As many of the newest as take at most so much of the disk together. */
  readonly maxBytes?: number;
};

/** A pipeline file without mistakes of its own; its graph is validated when it is planned. */
export type PipelineSpec = {
  readonly name: string;
  readonly file: string;
  readonly params: readonly ParamSpec[];
  readonly env: Readonly<Record<string, string>>;
  /** Files of variables for the whole run; a later one wins. */
  readonly envFiles?: readonly LocatedPath[];
  /** Variables and parameters whose values are secret, in addition to those whose names match the rule of `isSecretName`. */
  readonly secrets: readonly string[];
  readonly limits: Limits;
  /** Slots by pool name. */
  readonly pools: ReadonlyMap<string, number>;
  readonly tasks: readonly TaskSpec[];
  /** In a plan: the tasks that have instances in `tasks`, in the order of the file; absent without any. */
  readonly families?: readonly Family[];
  readonly levels: readonly LevelSpec[];
  readonly checks: readonly CheckSpec[];
  readonly slas: Slas;
  readonly handoffs?: Handoffs;
  readonly notify?: readonly Notification[];
  readonly requests?: RequestRules;
  /** Applied to the runs of this pipeline at the end of each. */
  readonly retention?: Retention;
  /** Columns that `verify` does not compare, as `parseColumnPattern` reads them. */
  readonly verify?: { readonly ignore: readonly string[] };
};
