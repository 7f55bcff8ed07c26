import type {
  EpochMs,
  Intent,
  LogReader,
  PerformanceRecord,
  ResourceSample,
  RunEvent,
  RunId,
  RunState,
  TaskId,
} from '../engine/index.ts';

/** What the screen watches and steers: a run under way, or the replay of one. */
export type RunSource = {
  readonly run: RunId;
  /** Called for every event. Returns the way to stop that. */
  subscribe(listener: (event: RunEvent, state: RunState) => void): () => void;
  state(): RunState;
  /** What a person wants; returns why it is refused, if it is. */
  intend(intent: Intent): string | undefined;
  /** Ends all running attempts by force, now. */
  killNow(): void;
  /** A replay has a clock of its own. */
  now(): EpochMs;
  /** What was in use, about one a second, oldest first. */
  samples(): readonly ResourceSample[];
  openLog(task: TaskId, attempt: number): LogReader;
  /** For other programs. */
  logPath(task: TaskId, attempt: number): string;
  /** Newest last. */
  pastRuns(): Promise<readonly PerformanceRecord[]>;
  /** A run of the past plays by itself, and can be held. */
  readonly playback?: Playback;
};

export type Playback = {
  resume(): void;
  pause(): void;
  setSpeed(speed: number): void;
  position(): PlaybackPosition;
};

export type PlaybackPosition = { readonly isPlaying: boolean; readonly isAtEnd: boolean; readonly speed: number };
