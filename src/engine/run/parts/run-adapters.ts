import { openLocalExecutor } from '../../executors/local/local-executor.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId } from '../../model/ids.ts';
import type { Result } from '../../model/result.ts';
import { deliver } from '../../notify/deliver.ts';
import { systemClock } from '../../platform/system-clock.ts';
import type { Clock, Executor, Journal, LineFiles, OutputFiles, OutputLog, ResourceProbe } from '../../ports.ts';
import { openOomKills } from '../../resources/oom-kills.ts';
import type { ProbeRequest } from '../../resources/open-resource-probe.ts';
import { openLineFiles } from '../../storage/fs/line-files.ts';
import { openOutputFiles } from '../../storage/fs/output-files.ts';
import type { PathRoots } from '../../storage/fs/pipeline-paths.ts';
import { writeFileAtomically } from '../../storage/fs/write-file-atomically.ts';
import { closeHandoff, writeHandoff } from '../../storage/handoffs/handoff-files.ts';
import { listHandoffs } from '../../storage/handoffs/list-handoffs.ts';
import { openJournal } from '../../storage/journal/journal.ts';
import type { LockRefusal } from '../../storage/locks/lock-record.ts';
import { openOutputLog } from '../../storage/logs/output-log.ts';
import {
  type ContinuedDirectory,
  continueRunDirectory,
  type FormerRun,
} from '../../storage/runs/continue-directory.ts';
import { type ClosedRunDir, closeRunDir, openRunDir } from '../../storage/runs/run-dir.ts';
import { createRunDirectory, type NewRun } from '../../storage/runs/run-directory.ts';
import { type LockRequest, lockRun, type RunLock } from '../../storage/runs/run-lock.ts';
import type { RunPaths } from '../../storage/runs/run-paths.ts';
import { openSamplesFile, type SamplesFile } from '../../storage/runs/samples-file.ts';
import { preflight } from '../preflight/preflight.ts';
import type { HandoffStore } from '../records/handoff-keeper.ts';
import type { RunRequest } from '../request/run-request.ts';
import { openReuseFiles, type ReuseFiles } from '../reuse/open-reuse-files.ts';
import { openRunDatabase, type RunDatabase } from './open-run-database.ts';

/** How a run gets everything that is outside its own memory. A test passes its own. */
export type RunAdapters = {
  readonly clock: () => Clock;
  readonly lockRun: (
    request: LockRequest,
    run: RunId,
  ) => Result<RunLock, LockRefusal> | Promise<Result<RunLock, LockRefusal>>;
  readonly openDatabase: (request: RunRequest, run: RunId) => Promise<Result<RunDatabase, Diagnostic>>;
  readonly createDirectory: (run: NewRun) => Result<RunPaths, Diagnostic>;
  readonly continueRun: (former: FormerRun) => Promise<Result<ContinuedDirectory, Diagnostic>>;
  readonly openJournal: (path: string) => Result<Journal, Diagnostic>;
  readonly openLogs: (
    directory: string,
    onWarning: OnWarning,
    hasEarlier?: boolean,
    now?: () => EpochMs,
  ) => OutputLog & { close(): void };
  readonly openExecutor: (
    request: ExecutorRequest,
  ) => Result<Executor, Diagnostic> | Promise<Result<Executor, Diagnostic>>;
  readonly openOutputs: (roots: PathRoots) => OutputFiles;
  /** Undefined where nothing of a run is kept for the reuse of its tasks. */
  readonly openReuse: (request: RunRequest, roots: PathRoots) => ReuseFiles | undefined;
  readonly openRunDir: (path: string) => Result<void, Diagnostic>;
  readonly closeRunDir: (path: string, isDone: boolean) => Promise<ClosedRunDir>;
  readonly openLines: (roots: PathRoots) => LineFiles;
  readonly preflight: typeof preflight;
  readonly openSamples: (path: string, onWarning: OnWarning) => SamplesFile;
  readonly openProbe: (request: ProbeRequest) => Promise<ResourceProbe>;
  readonly openOomKills: () => () => number | undefined;
  /** Replaces a whole file, or leaves what was there. */
  readonly writeFile: (path: string, text: string) => Promise<Result<void, Diagnostic>>;
  readonly handoffs: HandoffStore;
  readonly deliver: typeof deliver;
};

/** What an executor may need of the run whose attempts it carries out. */
export type ExecutorRequest = {
  readonly run: RunId;
  /** What tasks inherit where they run as processes of this machine. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The values to be masked in the output of tasks. */
  readonly secrets: readonly string[];
  /** The values of those secrets that have a name, by name: what travels to another host travels by it. */
  readonly namedSecrets: ReadonlyMap<string, string>;
  /** The variables that name the run's database, at this moment; undefined when it has none. */
  readonly database: () => Readonly<Record<string, string>> | undefined;
  /** Absolute: where it may write what is of no use after the run. */
  readonly directory: string;
  /** How many attempts there may be at once. */
  readonly slots: number;
  /** Absolute. */
  readonly projectDir: string;
  readonly onWarning: (warning: Diagnostic) => void;
};

type OnWarning = (warning: Diagnostic) => void;

export const localAdapters: RunAdapters = {
  clock: systemClock,
  lockRun,
  openDatabase: openRunDatabase,
  createDirectory: createRunDirectory,
  continueRun: continueRunDirectory,
  openJournal,
  openLogs: openOutputLog,
  openExecutor: openLocalExecutor,
  openOutputs: openOutputFiles,
  openReuse: openReuseFiles,
  openRunDir,
  closeRunDir,
  openLines: openLineFiles,
  preflight,
  // Imported late: a run of less than half a second takes no sample, and what measures the machine can be large.
  openProbe: async (request) => (await import('../../resources/open-resource-probe.ts')).openResourceProbe(request),
  openOomKills,
  openSamples: openSamplesFile,
  writeFile: writeFileAtomically,
  handoffs: { write: writeHandoff, close: closeHandoff, list: listHandoffs },
  deliver,
};
