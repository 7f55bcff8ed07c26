import type { AttemptRef, RunId, TaskId } from '../../model/ids.ts';
import type { Exit } from '../../model/run/task-state.ts';

/** What the worker puts in: the value of a variable of its own environment, or one of its own directories. */
export type WirePart = string | { readonly secret: string } | { readonly dir: WireDirectory };
export type WireDirectory = 'project' | 'run' | 'package';

/** A text without parts is sent as it is. */
export type WireText = string | readonly WirePart[];

type WireCommand =
  | { readonly kind: 'argv'; readonly argv: readonly WireText[] }
  | { readonly kind: 'shell'; readonly script: WireText; readonly shell?: readonly WireText[] };

/**
 * An attempt as it travels to a worker, in JSON, and stays in the database until it is pruned: no value of a secret is in
 * it, and what lies below the project directory is relative to it.
 */
export type WireAttempt = {
  readonly command: WireCommand;
  readonly cwd: WireText;
  readonly env: Readonly<Record<string, WireText>>;
  readonly killGraceMs: number;
  readonly isolation?: 'pid';
  /** See `StartRequest`. */
  readonly backstopMs?: number;
  /** The variables that name the run's database; a worker that has one of its own uses that. */
  readonly database?: {
    /** PGAPPNAME, by which the sessions of the attempt are ended. */
    readonly applicationName: string;
    readonly hasPassword: boolean;
    /** Without the password. */
    readonly env: Readonly<Record<string, string>>;
  };
  /** Variables with values that are secret wherever they come from. */
  readonly secretNames: readonly string[];
  /** Of the run, relative to the project directory; absent when it lies elsewhere. */
  readonly runDir?: string;
};

export type NotStarted = Extract<Exit, { readonly kind: 'not-started' }>;

/** An attempt that cannot be begun for a reason that another attempt would have as well. */
export function notStarted(message: string): NotStarted {
  return { kind: 'not-started', reason: 'usage', message };
}

/** The reverse of `formatAttemptRef`. */
export function refOf(key: string): AttemptRef {
  const [run, task, attempt] = key.split('/');
  return { run: run as RunId, task: task as TaskId, attempt: Number(attempt) };
}
