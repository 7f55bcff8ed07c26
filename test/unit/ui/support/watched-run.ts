import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpochMs, Intent, RunEvent, RunSource, RunState, TaskId } from '../../../../src/engine/index.ts';
import { openLogReader } from '../../../../src/engine/storage/logs/log-reader.ts';
import { openMergedLog } from '../../../../src/engine/storage/logs/merged/merged-log-reader.ts';
import type { OutputSource } from '../../../../src/engine/storage/logs/merged/output-piece.ts';
import { halfWayRun } from './half-way-run.ts';

/** A run that stands still until a test moves it; its logs are files. */
export type FakeRunSource = {
  readonly source: RunSource;
  readonly intents: readonly Intent[];
  /** Something happened. */
  emit(event: RunEvent, state?: RunState): void;
  /** What a task has printed so far. */
  print(task: string, attempt: number, text: string): void;
  /** Why whatever is wanted is refused. */
  refuse(reason: string): void;
  close(): void;
};

export function fakeRunSource(initial = halfWayRun()): FakeRunSource {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-watched-'));
  const listeners = new Set<(event: RunEvent, state: RunState) => void>();
  const intents: Intent[] = [];
  let { state } = initial;
  const { now } = initial;
  const sources: OutputSource[] = [];
  let refusal: string | undefined;
  const path = (task: string, attempt: number) => join(directory, `${task}-${attempt}.log`);
  return {
    intents,
    source: {
      run: state.options.run,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      state: () => state,
      intend: (intent) => {
        intents.push(intent);
        return refusal;
      },
      killNow: () => {},
      now: () => now as EpochMs,
      samples: () => [
        {
          at: now as EpochMs,
          cpu: 0.62,
          memory: 0.31,
          cores: 2,
          memoryLimitBytes: 2 ** 33,
          memoryBytes: 2.5e9,
          tasks: new Map(),
        },
        {
          at: now as EpochMs,
          cpu: 0.7,
          memory: 0.33,
          cores: 2,
          memoryLimitBytes: 2 ** 33,
          memoryBytes: 2.6e9,
          tasks: new Map(),
        },
      ],
      openLog: (task, attempt) => openLogReader(path(task, attempt)),
      openAllLogs: () => openMergedLog(() => sources, { until: () => Number.POSITIVE_INFINITY }),
      logPath: path,
      pastRuns: async () => [],
      openPast: async () => {
        throw new Error('nothing is stored');
      },
    },
    emit: (event, next = state) => {
      state = next;
      for (const listener of listeners) listener(event, state);
    },
    print: (task, attempt, text) => {
      writeFileSync(path(task, attempt), text, { flag: 'a' });
      const isKnown = sources.some((one) => one.task === task && one.attempt === attempt);
      const startedAt = (now + sources.length) as EpochMs;
      if (!isKnown)
        sources.push({ task: task as TaskId, attempt, path: path(task, attempt), startedAt, isOver: false });
    },
    refuse: (reason) => {
      refusal = reason;
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Waits until `isTrue`, however slow the machine. */
export async function until(isTrue: () => boolean, what = 'what was expected'): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
