import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs } from '../../model/ids.ts';
import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { ExitVerdict } from '../../results/causes/exit-verdict.ts';
import type { LockWait } from '../parts/lock-when-free.ts';
import type { ResumableRun } from '../resume/resumable-run.ts';
import type { EnvFiles } from './surroundings.ts';

export type RunRequest = {
  readonly plan: Plan;
  /** Absolute: tasks find what lies beside the pipeline file by its directory. */
  readonly pipelinePath: string;
  /** As it was read; a copy is stored with the run. */
  readonly pipelineText: string;
  /** Absolute: tasks run here, and their outputs lie below. */
  readonly projectDir: string;
  /** Absolute. */
  readonly logDir: string;
  /** What tasks get as ETL_RUN_DIR in place of the run's own: absolute, there already, and not removed. */
  readonly runDir?: string;
  /** The environment of this process, with what the files for the whole run set: tasks inherit it, and it may name the database. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is in the files of variables that the plan names, as `readSurroundings` gives it; it is secret. */
  readonly envFiles?: EnvFiles;
  /** By name, as `resolveParams` gives them. */
  readonly params: ReadonlyMap<string, string>;
  /** What carries out the attempts; absent = processes of this machine. */
  readonly executor?: RunOptions['executor'];
  /** One task at a time, and nothing new after the first failure. */
  readonly sequential: boolean;
  /** Instead of the pipeline's own limit. */
  readonly maxParallel?: number | 'auto';
  readonly runChecks: boolean;
  /** See `RunOptions.reuse`. */
  readonly reuse?: boolean;
  /** The run that is carried on with, in place of a new one; params, selection and limits are those of the request. */
  readonly resume?: ResumableRun;
  /** When another run of the pipeline is under way, it is waited for; without this, `openRun` fails. */
  readonly wait?: LockWait;
  /** The phases that are left out, beside the checks. */
  readonly leaveOut?: LeaveOut;
  /** Called with a line of text for each step before the run that takes long, such as the start of a database. */
  readonly onProgress?: (line: string) => void;
  /** Called for what goes wrong beside the tasks: the database went away, the journal cannot be written. */
  readonly onWarning?: (warning: Diagnostic) => void;
  /** Called each time that the run has ended and its results are written; what is returned is told with their warnings. */
  readonly onEnd?: (end: RunEnd) => Promise<readonly Diagnostic[]>;
};

/** How a run has ended, for whoever asked for it. */
export type RunEnd = {
  /** Masked. */
  readonly state: RunState;
  readonly verdict: ExitVerdict;
  readonly now: EpochMs;
  /** The paths of the result files that were written. */
  readonly written: { readonly result?: string; readonly consistency?: string };
  /** For people; undefined when the run used none. */
  readonly database: string | undefined;
  readonly mask: (text: string) => string;
};

/** The phases around the execution of a run that it may leave out. */
export type LeaveOut = {
  /** The look before the first task at what the run will lack; what makes it impossible still ends it. */
  readonly preflight?: true;
  /** Whether SLAs were met, and what became slower than usual. */
  readonly analysis?: true;
  /** Hand-offs and notifications. */
  readonly notify?: true;
};
