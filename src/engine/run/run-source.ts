import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId, TaskId } from '../model/ids.ts';
import type { Result } from '../model/result.ts';
import type { Intent } from '../model/run/messages.ts';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import type { Host } from '../ports.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import type { TaskPeaks } from '../results/resource-peaks.ts';
import type { SlaJudgement } from '../results/slas/sla-judgement.ts';
import type { RunListener } from '../runtime/run-loop.ts';
import type { TimeLeft } from '../simulation/time-left.ts';
import type { LineReader } from '../storage/logs/log-reader.ts';

/** What a screen needs of a run. A live run and the replay of a stored one implement it. */
export type RunSource = {
  readonly run: RunId;
  /** Called for every event of the run, in order. Returns a function that ends the subscription. */
  subscribe(listener: RunListener): () => void;
  state(): RunState;
  /** What had happened before this process carried on with it; absent unless it was resumed, and for a replay. */
  readonly earlier?: readonly RunEvent[];
  /** Returns the reason when the intent is refused. */
  intend(intent: Intent): string | undefined;
  /** Ends all running attempts by force, at once. */
  killNow(): void;
  /** The time by which the run's events are dated; a replay has a clock of its own. */
  now(): EpochMs;
  /** How long it will still take, as earlier runs tell; undefined when they tell nothing. A replay does not say. */
  timeLeft?(): TimeLeft | undefined;
  /** How the run stands to its SLAs; empty before it has begun, and without any. */
  slas?(): readonly SlaJudgement[];
  /** Resource usage, about one sample a second for the last ten minutes, oldest first. */
  samples(): readonly ResourceSample[];
  /** The hosts that are there at this moment; absent where tasks run on this machine, and of a replay. */
  hosts?(): readonly Host[];
  /** The most that each task was seen to use so far, also those that have ended; absent where nothing is measured. */
  peaks?(): ReadonlyMap<TaskId, Pick<TaskPeaks, 'cpu' | 'memoryBytes'>>;
  /** An attempt's output by window, also while it is written or before the attempt has begun; of a replay, as far as it has come. To be closed. */
  openLog(task: TaskId, attempt: number): LineReader;
  /** The output of all attempts as one, by time; of a replay, as far as it has come. To be closed. */
  openAllLogs(): LineReader;
  /** Absolute path of the attempt's log file, for other programs. */
  logPath(task: TaskId, attempt: number): string;
  /** The performance records of the last runs of this pipeline, newest last; at most 50. */
  pastRuns(): Promise<readonly PerformanceRecord[]>;
  /** Opens one of them, or this one, as a replay. Errors: those of `readRun`. */
  openPast(run: RunId): Promise<Result<PastRunSource, Diagnostic>>;
  /** Present for a replay only: it plays by itself, and can be paused. */
  readonly playback?: Playback;
};

/** The replay of a stored run from its journal. It starts paused at the first event, and refuses every intent. */
export type PastRunSource = RunSource & {
  readonly playback: Playback;
  /** What should be told of the journal; where it is damaged, the replay ends. */
  readonly notices: readonly Diagnostic[];
  /** Stops the replay for good. */
  close(): void;
};

export type Playback = {
  resume(): void;
  pause(): void;
  /** Plays all that is left at once. */
  toEnd(): void;
  /** A multiple of the original pace, from 1 to 1000. */
  setSpeed(speed: number): void;
  /** Moves by so many ms of the run, back as well. */
  skip(ms: number): void;
  /** Moves to the next (1) or previous (-1) event of that kind, which is then the last that has happened; undefined without one. */
  jump(to: 'event' | 'failure', direction: 1 | -1): RunEvent | undefined;
  /** Called when it has gone back, with the events that have happened by then. Returns a function that ends the subscription. */
  onRewind(listener: (played: readonly RunEvent[]) => void): () => void;
  position(): PlaybackPosition;
};

export type PlaybackPosition = {
  readonly isPlaying: boolean;
  readonly isAtEnd: boolean;
  readonly speed: number;
  /** Since the first event of the run, and how long that is until the last one. */
  readonly elapsedMs: number;
  readonly totalMs: number;
  /** How often it has gone back. */
  readonly rewinds: number;
};

export const maxPastRuns = 50;
