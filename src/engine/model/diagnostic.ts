/** A place in a text file; `line` and `col` count from 1, `length` is in characters on that line (at least 1). */
export type Location = {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly length: number;
};

/** Everything that can be wrong before or beside a run, each with a stable code; docs/diagnostics.md has an entry for each. */
export type DiagnosticCode =
  | 'spec/unreadable'
  | 'spec/too-large'
  | 'spec/yaml-syntax'
  | 'spec/duplicate-key'
  | 'spec/unknown-key'
  | 'spec/missing-key'
  | 'spec/bad-type'
  | 'spec/bad-value'
  | 'spec/forbidden-key'
  | 'spec/unsupported-yaml'
  | 'spec/bad-name'
  | 'plan/duplicate-task'
  | 'plan/unknown-task'
  | 'plan/unknown-level'
  | 'plan/unknown-pool'
  | 'plan/unknown-param'
  | 'plan/unknown-secret'
  | 'plan/self-dependency'
  | 'plan/cycle'
  | 'plan/pool-too-small'
  | 'plan/no-tasks'
  | 'plan/unused-task'
  | 'usage/unknown-option'
  | 'usage/bad-argument'
  | 'usage/no-pipeline'
  | 'database/unreachable'
  | 'database/refused'
  | 'database/no-binaries'
  | 'database/start-failed'
  | 'database/bad-url'
  | 'database/ignored-variable'
  | 'database/unrestricted-checks'
  | 'database/left-running'
  | 'run/locked'
  | 'run/no-shell'
  | 'run/cannot-write'
  | 'run/not-closed'
  | 'run/tasks-left-running'
  | 'run/no-sensors'
  | 'run/weak-secret'
  | 'run/unknown-run'
  | 'run/damaged-journal';

/** One mistake or misfortune, for a person: what is wrong, where, and what to do about it. */
export type Diagnostic = {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop, naming the thing in quotes as the author wrote it. */
  readonly message: string;
  readonly at?: Location;
  /** What to do: a did-you-mean, an accepted form, a command to run. */
  readonly hint?: string;
  /** Other places that belong to the mistake, such as the first of two duplicates. */
  readonly related?: readonly { readonly message: string; readonly at: Location }[];
  /** How many of the same code it stands for, when there were too many to list. */
  readonly more?: number;
};
