import type { EpochMs, RunId, TaskId } from '../ids.ts';

/** Why a task that may be reused is run all the same. */
export type ReuseChange =
  /** Nothing is known of its last success. */
  | { readonly kind: 'unknown' }
  /** It began in this run, and has not succeeded since by its own work and with data that is up to date. */
  | { readonly kind: 'unfinished'; readonly run: RunId }
  /** What is written of it: its command, its fallback. */
  | { readonly kind: 'command' }
  /** These parameters, or variables, have another value than then. */
  | { readonly kind: 'parameters' | 'environment'; readonly names: readonly string[] }
  | { readonly kind: 'database' }
  /** It waits for other tasks than then. */
  | { readonly kind: 'dependencies' }
  /** A task that it depends on has made something else since. */
  | { readonly kind: 'upstream'; readonly task: TaskId }
  /** `more`: so many further inputs are not as they were. */
  | {
      readonly kind: 'input';
      readonly path: string;
      readonly how: 'changed' | 'new' | 'gone' | 'missing' | 'unreadable';
      readonly more?: number;
    }
  | { readonly kind: 'output'; readonly path: string; readonly isEmpty?: true };

/** What came of the question whether a task may be reused: `run` is that of its last success, which ended at `at`. */
export type ReuseVerdict =
  | { readonly kind: 'reused'; readonly run: RunId; readonly at: EpochMs }
  | { readonly kind: 'changed'; readonly change: ReuseChange };

/** Texts by name. */
type Texts = Readonly<Record<string, string>>;

/** What decides what a task makes, as far as it is written. Values are hashes of masked texts, so that no secret is in them. */
export type Settings = {
  /** Its command and its fallback. */
  readonly command: string;
  readonly params: Texts;
  /** The variables that the file gives it. */
  readonly variables: Texts;
  /** Absent when it is given none. */
  readonly database?: string;
};

/** What a task has made: it is the same as long as both are. */
export type Made = {
  /** The attempt that last changed what is not in files, as `RUN#ATTEMPT`; absent when its outputs are all that it makes. */
  readonly data?: string;
  /** A hash of its outputs. */
  readonly files?: string;
};

/** The content of one file, by its hash; `stats` say by which marks of the file system it is known to be unchanged. */
export type InputFile = { readonly hash: string; readonly stats?: string };

/** What a task was made of. */
export type Fingerprint = Settings & {
  /** What each task that it depends on had made. */
  readonly upstream: Readonly<Record<string, Made>>;
  /** By path relative to the project. */
  readonly inputs: Readonly<Record<string, InputFile>>;
};

/** What is kept of a task for the runs to come. */
export type ReuseRecord = {
  readonly version: 1;
  readonly task: TaskId;
  /** Which attempt began last. */
  readonly run: RunId;
  readonly attempt: number;
  /** Absent as long as that attempt has not done its own work, with data that is up to date. */
  readonly success?: {
    readonly at: EpochMs;
    readonly made: Made;
    /** Absent for a task that cannot be reused itself, but others after it. */
    readonly fingerprint?: Fingerprint;
  };
};
