import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type EpochMs,
  openLog,
  openReplay,
  type PastRunSource,
  type RunEvent,
  type RunId,
  type RunSource,
  type TaskId,
} from '../../../src/engine/index.ts';
import { readRecording } from './recording.ts';

export type RecordedRun = {
  /** For a screen to watch. */
  readonly source: RunSource;
  /** Plays the run from its beginning to the moment, and lets it stand there. */
  play(): Promise<void>;
  close(): void;
};

/** So many seconds after the first event of this kind, of this task. */
export type Moment = { readonly after: RunEvent['type']; readonly task?: string; readonly seconds: number };

/**
 * A recorded run, to be seen as it was at one moment.
 * @param logDir a log directory that holds this one run, with what else was recorded of it
 * @param scratch an empty directory, for the logs as far as they were written then
 */
export async function openRecordedRun(
  logDir: string,
  { moment, isReplay }: { readonly moment: Moment; readonly isReplay?: true },
  scratch: string,
): Promise<RecordedRun> {
  const run = readdirSync(join(logDir, 'runs'))[0] as RunId;
  const opened = await openReplay(logDir, run, 1_000);
  if (!opened.ok) throw new Error(opened.error.message);
  const replay = opened.value;
  const directory = join(logDir, 'runs', run);
  const { now, startedAt } = momentIn(join(directory, 'journal.jsonl'), moment);
  const { samples, looks } = readRecording(directory);
  writeLogs(join(directory, 'tasks'), looks.findLast(({ at }) => at <= now)?.logs ?? {}, scratch);
  const logPath = (task: TaskId, attempt: number) => join(scratch, task, `${attempt}.log`);
  let state = replay.state();
  let tell: Parameters<RunSource['subscribe']>[0] = () => {};
  return {
    source: {
      run,
      subscribe: (listener) => {
        tell = listener;
        return () => {
          tell = () => {};
        };
      },
      state: () => state,
      intend: replay.intend,
      killNow: replay.killNow,
      now: () => now,
      samples: () => samples.filter(({ at }) => at <= now),
      openLog: (task, attempt) => openLog(logPath(task, attempt)),
      openAllLogs: replay.openAllLogs,
      logPath,
      pastRuns: replay.pastRuns,
      openPast: replay.openPast,
      ...(isReplay ? { playback: playbackAt(replay, now - startedAt) } : {}),
    },
    play: () =>
      new Promise((resolve) => {
        replay.subscribe((event, next) => {
          if (event.at <= now) {
            state = next;
            tell(event, next);
          }
          if (event.at <= now && !replay.playback.position().isAtEnd) return;
          replay.playback.pause();
          resolve();
        });
        replay.playback.resume();
      }),
    close: replay.close,
  };
}

/** A replay that plays, ten times as fast, and stands at the moment all the same. */
function playbackAt({ playback }: PastRunSource, elapsedMs: number): PastRunSource['playback'] {
  return {
    ...playback,
    position: () => ({ ...playback.position(), elapsedMs, speed: 10, isPlaying: true, isAtEnd: false }),
  };
}

function momentIn(
  journal: string,
  { after, task, seconds }: Moment,
): { readonly now: EpochMs; readonly startedAt: EpochMs } {
  const events = readFileSync(journal, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const event = events.find(
    (one) => one.type === after && (task === undefined || ('task' in one && one.task === task)),
  );
  if (event === undefined) throw new Error(`${journal} holds no ${after} of ${task ?? 'the run'}`);
  return { now: (event.at + seconds * 1_000) as EpochMs, startedAt: events.find(({ at }) => at !== undefined)!.at };
}

function writeLogs(recorded: string, sizes: Readonly<Record<string, number>>, scratch: string): void {
  for (const [path, size] of Object.entries(sizes)) {
    const copy = join(scratch, path);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(join(recorded, path)).subarray(0, size));
  }
}
