import type { EpochMs, Intent, RunEvent, RunId, RunState, TaskId } from '../engine/index.ts';

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
  openLog(task: TaskId, attempt: number): LogReader;
  logPath(task: TaskId, attempt: number): string;
  now(): EpochMs;
};

export type LogLine = { readonly number: number; readonly text: string };

export type LogSize = { readonly lines: number; readonly bytes: number; readonly isCounted: boolean };

export type LogReader = {
  size(): LogSize;
  lines(first: number, count: number): Promise<readonly LogLine[]>;
  last(count: number): Promise<readonly LogLine[]>;
  subscribe(listener: (size: LogSize) => void): () => void;
  close(): Promise<void>;
};
