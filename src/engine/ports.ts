import type { Diagnostic } from './model/diagnostic.ts';
import type { AttemptRef, EpochMs, HostId, RunId, TaskId } from './model/ids.ts';
import type { CheckSpec, Command } from './model/pipeline/pipeline.ts';
import type { Result } from './model/result.ts';
import type { CheckAnswer } from './model/run/check-result.ts';
import type { HostLoad } from './model/run/host-state.ts';
import type { ResourceSample } from './model/run/resource-sample.ts';
import type { RunEvent } from './model/run/run-event.ts';
import type { Answer, Exit, MissingOutput, ProgramFailure, TaskReport } from './model/run/task-state.ts';

/** `all`, the default: for a moment in time. `awake`: for a duration that another process is given. */
export type TimeCounted = 'all' | 'awake';

/**
 * Wall time and timers. A timer never fires early, and survives delays beyond 2^31 ms. One that counts the time we are
 * awake fires later by as long as this process or its machine stood still meanwhile.
 */
export interface Clock {
  now(): EpochMs;
  setTimer(at: EpochMs, fire: () => void, counted?: TimeCounted): { cancel(): void };
}

/** Everything that the process of an attempt gets, and nothing of the scheduler. */
export type StartRequest = {
  readonly ref: AttemptRef;
  readonly command: Command;
  /** Absolute. */
  readonly cwd: string;
  /** Added to what every task of the run is given. */
  readonly env: Readonly<Record<string, string>>;
  /** From SIGTERM to SIGKILL, for what the task leaves running when it ends. */
  readonly killGraceMs: number;
  /** `pid`: in a PID namespace of its own, which ends with its command; absent = not isolated. */
  readonly isolation?: 'pid';
  /** After which it is ended even when nobody is there who would ask for it, where attempts outlive their orchestrator. */
  readonly backstopMs?: number;
  /** What it asks of the machine that runs it, for who leaves the choice to others; absent = nothing in particular. */
  readonly needs?: { readonly labels?: readonly string[]; readonly cpu?: number; readonly memoryBytes?: number };
};

/** Stands for whichever host accepts attempts first, where it does not matter and none may be there yet. */
export const anyHost = '' as HostId;

/** A machine that runs attempts. */
export type Host = {
  readonly id: HostId;
  /** For people; two workers that follow each other on one machine have the same. */
  readonly name: string;
  /** What a task may ask for, such as `gpu`. */
  readonly labels: ReadonlySet<string>;
  /** How many attempts it is prepared to run at once. */
  readonly slots: number;
  /** False once it takes no new attempts. */
  readonly accepting: boolean;
  /** What the machine is and has left; absent as long as it is not known. */
  readonly load?: HostLoad;
  /** When it was last heard of, where it has to tell that it lives. */
  readonly seenAt?: EpochMs;
  /** For how long it may run attempts without being heard of, where it has a lease. */
  readonly leaseMs?: number;
};

/** The process that leads an attempt's process group. */
export type ProcessHandle = { readonly host: HostId; readonly pid: number };

/** What an executor reports of one attempt. Nothing follows `exited`. */
export type AttemptObserver = {
  readonly spawned: (process: ProcessHandle) => void;
  /** Masked. The chunk is valid during the call only, because its buffer is used again. */
  readonly output: (stream: OutputStream, chunk: Uint8Array) => void;
  readonly reported: (report: TaskReport) => void;
  /**
   * Called exactly once, when no process of the attempt is left.
   * @param at when that was, of an attempt elsewhere that may have ended long before it is told; absent = now
   */
  readonly exited: (exit: Exit, at?: EpochMs) => void;
};

export type RunningAttempt = {
  /** SIGTERM to the whole process group, SIGKILL after the grace; repeated calls may only shorten the grace. */
  terminate(graceMs: number): void;
  /** Whether its program has ended; `exited` follows when nothing that it left behind runs any more. */
  hasEnded(): boolean;
  /** Whether its process has begun, where that may wait in a queue for long; absent = it begins at once. */
  hasBegun?(): boolean;
};

/** Runs attempts on one host or several. Every implementation passes the contract suite of the tests. */
export interface Executor {
  /**
   * `here`: as processes of this machine, which end with this program; it has exactly one host. `elsewhere`: on hosts that
   * come and go; attempts outlive this program, and `start` finds one that an earlier orchestrator of the run has started.
   */
  readonly runs: 'here' | 'elsewhere';
  hosts(): readonly Host[];
  /** Calls `listener` whenever `hosts()` has changed. Returns the way to stop that. */
  onHostsChanged(listener: () => void): () => void;
  /**
   * Never throws: what goes wrong is reported as an exit. Idempotent in the request's `ref`: a second call for the same
   * attempt starts nothing, never calls its observer, and returns the attempt of the first. One that an earlier orchestrator has
   * started elsewhere is told from its beginning: all that it printed and reported, and its exit, also when that was long ago.
   */
  start(request: StartRequest, on: HostId, observer: AttemptObserver): RunningAttempt;
  /**
   * Ends the attempts of `run` that an orchestrator which is dead has left, and resolves when none of them runs any more.
   * Those for which `goesOn` is true are left alone where they run elsewhere: `start` will find them. `observerOf` gives the
   * observer of each. Returns which were ended; the error says why nobody knows whether any of them runs. Never rejects.
   */
  adopt(
    run: RunId,
    observerOf: (ref: AttemptRef) => AttemptObserver,
    goesOn?: (ref: AttemptRef) => boolean,
  ): Promise<Result<readonly AttemptRef[], Diagnostic>>;
  /**
   * Ends what still runs and frees everything; every attempt has been reported as exited when it resolves.
   * @param leavesRunning ends nothing where attempts run elsewhere: another orchestrator goes on with them
   */
  close(leavesRunning?: boolean): Promise<void>;
}

export type OutputStream = 'stdout' | 'stderr';

/** Where one attempt's output goes, already masked. */
export interface AttemptLog {
  /** The chunk is valid during the call only: what reads the output uses its buffer again. */
  write(stream: OutputStream, chunk: Uint8Array): void;
  close(): void;
}

/** The last of an attempt's output; each at most 4,000 characters, in the order it was written. */
export type OutputTail = { readonly stdout: string; readonly stderr: string; readonly merged: string };

/** Per-attempt log files with a cap, and a bounded tail of each in memory. */
export interface OutputLog {
  open(task: TaskId, attempt: number): AttemptLog;
  tail(task: TaskId, attempt: number): OutputTail;
  /** Absolute path of the attempt's log file. */
  path(task: TaskId, attempt: number): string;
}

/** The only truth of a run. */
export interface Journal {
  /**
   * Takes the events in order and resolves when they are on the disk; calls are grouped into few writes. Rejects when they
   * will never be: the cause of the error is that of the file system, or the error has a `diagnostic`.
   */
  append(events: readonly RunEvent[]): Promise<void>;
  /** Takes events from which no effect follows, in their order with the others; the next `append` makes them durable. */
  record(events: readonly RunEvent[]): void;
  /**
   * Whether another process carries the run out now, so that `append` rejects, and this one may neither start nor end anything.
   * Absent where a lock rules that out.
   */
  isFenced?(): boolean;
  close(): Promise<void>;
}

/** Finds the answer to a check. Never throws: what goes wrong is a result with the verdict `error`. */
export interface CheckRunner {
  /** @param past the numbers (`CheckResult.value`) that the check had in past runs, oldest first */
  run(check: CheckSpec, past?: readonly number[]): Promise<CheckAnswer>;
}

/** Finds out what tasks wait for before they start. */
export interface Conditions {
  /** Asks whether the task is needed; calls `answered` once, unless it is stopped before. Never throws. */
  ask(
    task: TaskId,
    attempt: number,
    answered: (answer: Answer) => void,
    /** Called with how far that is, when it takes long. */
    told?: (report: TaskReport) => void,
  ): PendingCondition;
  /**
   * Looks for what the task waits for, at once and then at its interval, until it has happened; then calls `ended` once.
   * With a failure, when looking further is of no use, unless it is stopped before. Never throws.
   */
  awaitArrival(task: TaskId, attempt: number, ended: (failure?: ProgramFailure) => void): PendingCondition;
}

/** A condition that nobody knows yet. */
export type PendingCondition = {
  /** Ends what runs for it; nothing is reported any more. */
  stop(): void;
};

/** Looks at the files that tasks promise to write; `paths` are as in the pipeline file: relative to the project directory, or in the one of the run; they may be patterns. */
export interface OutputFiles {
  /** Remembers what is there before an attempt of the task. Never rejects. */
  remember(task: TaskId, paths: readonly string[]): Promise<void>;
  /** The first of `paths` that is absent, empty or as it was before the attempt. Never rejects. */
  firstMissing(task: TaskId, paths: readonly string[]): Promise<MissingOutput | undefined>;
}

/** Reads files whose lines are the values of a matrix. */
export interface LineFiles {
  /**
   * The lines of a file, relative to the project directory; the reason when it cannot be read. Never rejects.
   * @param absent the reason when there is no such file
   */
  read(file: string, absent: string): Promise<Result<readonly string[], string>>;
}

/** Ends what a killed attempt left running in the database. */
export interface BackendTerminator {
  endSessions(task: TaskId, attempt: number): Promise<void>;
}

/** Looks at the machine and at what runs on it. */
export interface ResourceProbe {
  /**
   * What was used since the look before, by the machine and by each task; `leaders` are the processes that lead the
   * tasks' groups. Undefined when the machine cannot be measured. Never rejects.
   */
  sample(leaders: ReadonlyMap<TaskId, number>): Promise<ProbeSample | undefined>;
}

/** What can be seen from outside a run: neither its database nor how long its tasks ran. */
export type ProbeSample = Omit<ResourceSample, 'at' | 'connections' | 'ours'> & {
  readonly ours?: Omit<NonNullable<ResourceSample['ours']>, 'taskSeconds'>;
};

export type Ports = {
  readonly clock: Clock;
  readonly executor: Executor;
  readonly log: OutputLog;
  readonly journal: Journal;
  readonly checks: CheckRunner;
  readonly conditions: Conditions;
  readonly outputs: OutputFiles;
  readonly lines: LineFiles;
  /** Absent when no database is in play. */
  readonly sessions?: BackendTerminator;
  /** How often the kernel has ended a process for lack of memory; undefined where it does not tell. */
  readonly oomKills: () => number | undefined;
};
