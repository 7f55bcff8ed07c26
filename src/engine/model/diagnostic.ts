/** A location in a text file. `line` and `col` count from 1; `length` is in characters on that line, at least 1. */
export type Location = {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly length: number;
};

/** A stable code for each problem that can come up before or beside a run; docs/diagnostics.md has an entry for each. */
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
  | 'spec/bad-include'
  | 'plan/duplicate-task'
  | 'plan/unknown-task'
  | 'plan/unknown-level'
  | 'plan/unknown-pool'
  | 'plan/unknown-param'
  | 'plan/unknown-check'
  | 'plan/unknown-secret'
  | 'plan/self-dependency'
  | 'plan/cycle'
  | 'plan/pool-too-small'
  | 'plan/no-tasks'
  | 'plan/unused-task'
  | 'plan/bad-end'
  | 'plan/bad-matrix'
  | 'plan/no-counterpart'
  | 'usage/unknown-option'
  | 'usage/bad-argument'
  | 'usage/no-pipeline'
  | 'usage/cannot-resume'
  | 'usage/no-directory'
  | 'usage/in-the-way'
  | 'database/unreachable'
  | 'database/refused'
  | 'database/no-binaries'
  | 'database/start-failed'
  | 'database/bad-url'
  | 'database/sql-failed'
  | 'database/ignored-variable'
  | 'database/unrestricted-checks'
  | 'database/left-running'
  | 'database/only-here'
  | 'database/may-not-create'
  | 'database/not-dropped'
  | 'database/wrote-outside'
  | 'database/cannot-compare'
  | 'run/locked'
  | 'run/no-shell'
  | 'run/too-few-files'
  | 'run/no-isolation'
  | 'run/no-directory'
  | 'run/no-env-file'
  | 'run/bad-env-file'
  | 'run/cannot-write'
  | 'run/cannot-delete'
  | 'run/not-closed'
  | 'run/not-put-back'
  | 'run/tasks-left-running'
  | 'run/no-sensors'
  | 'run/command-not-found'
  | 'run/little-left'
  | 'run/needs-too-much'
  | 'run/waits-in-vain'
  | 'run/weak-secret'
  | 'run/unknown-run'
  | 'run/damaged-journal'
  | 'run/newer-journal'
  | 'run/no-result'
  | 'run/too-late'
  | 'run/not-delivered'
  | 'run/not-notified'
  | 'slurm/no-answer'
  | 'config/key-taken'
  | 'config/no-file'
  | 'handoff/unknown'
  | 'handoff/unreadable'
  | 'request/unreadable'
  | 'request/unknown-word'
  | 'request/cannot-verify'
  | 'queue/no-address'
  | 'queue/unreachable'
  | 'queue/followed'
  | 'queue/not-installed'
  | 'queue/not-migrated'
  | 'queue/other-version'
  | 'queue/cannot-migrate'
  | 'queue/not-encrypted';

/** A problem to report to the user: what is wrong, where, and what to do about it. */
export type Diagnostic = {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop, naming the thing in quotes as the author wrote it. */
  readonly message: string;
  readonly at?: Location;
  /** What to do: the name that was probably meant, an accepted form, a command to run. */
  readonly hint?: string;
  /** Other locations that belong to the problem, such as the first of two duplicates. */
  readonly related?: readonly { readonly message: string; readonly at: Location }[];
  /** How many further diagnostics of the same code it replaces; see `capDiagnostics`. */
  readonly more?: number;
};
