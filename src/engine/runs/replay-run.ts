import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId, TaskId } from '../model/ids.ts';
import type { Intent } from '../model/messages.ts';
import type { ResourceSample } from '../model/resource-sample.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunState } from '../model/run-state.ts';
import type { PerformanceRecord } from '../results/performance-record.ts';
import type { RunListener } from '../runtime/run-loop.ts';
import { evolve } from '../scheduler/state/evolve.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import { attemptLogPath } from '../storage/logs/attempt-log-path.ts';
import { type LogReader, openLogReader } from '../storage/logs/log-reader.ts';
import { pastPerformance } from './past-performance.ts';
import { createPlaybackClock } from './playback-clock.ts';
import { readRun } from './read-run.ts';

/** A run of the past, seen again from its journal; it begins to play at `resume`. */
export type Replay = {
  readonly run: RunId;
  /** From where on its journal cannot be read; it is seen up to there. */
  readonly damage?: Diagnostic;
  /** Called for every event when its time comes. After a jump only for the last one before; the state says the rest. */
  subscribe(listener: RunListener): () => void;
  state(): RunState;
  /** Why it is refused: always, because what happened has happened. */
  intend(intent: Intent): string;
  killNow(): void;
  /** The time of then. */
  now(): EpochMs;
  /** None: they are not kept. */
  samples(): readonly ResourceSample[];
  openLog(task: TaskId, attempt: number): LogReader;
  logPath(task: TaskId, attempt: number): string;
  /** The last runs of the pipeline, newest last; at most 50. */
  pastRuns(): Promise<readonly PerformanceRecord[]>;
  resume(): void;
  pause(): void;
  /** Times the pace of then, from 1 to 1000. */
  setSpeed(speed: number): void;
  /** To a moment of the run, in either direction; before and behind it are its beginning and its end. */
  jump(to: EpochMs): void;
  position(): {
    readonly at: EpochMs;
    readonly from: EpochMs;
    readonly to: EpochMs;
    readonly speed: number;
    readonly isPlaying: boolean;
    readonly isAtEnd: boolean;
  };
  /** Stops it for good. */
  close(): void;
};

const maxPastRuns = 50;
/** So many events are shown between two looks at the keyboard. */
const eventsAtOnce = 200;

/** Opens a kept run at its beginning, standing still. Errors: those of `readRun`. */
export function openReplay(logDir: string, run: RunId, initialSpeed: number): Result<Replay, Diagnostic> {
  const kept = readRun(logDir, run);
  if (!kept.ok) return kept;
  const { plan, options, events, paths, damage } = kept.value;
  const times = inOrder(events.map(({ at }) => at));
  const from = times[0]!;
  const to = times[times.length - 1]!;
  const clock = createPlaybackClock(times, clampSpeed(initialSpeed));
  const listeners = new Set<RunListener>();
  let speed = clampSpeed(initialSpeed);
  let state = initialState(plan, options);
  let next = 0;
  let timer: NodeJS.Timeout | undefined;

  const tell = () => {
    const event = events[next - 1];
    if (event !== undefined) for (const listener of listeners) listener(event, state);
  };
  const step = () => {
    state = evolve(state, events[next]!);
    next += 1;
  };
  const play = () => {
    timer = undefined;
    const moment = clock.at(performance.now());
    for (let count = 0; count < eventsAtOnce && next < times.length && times[next]! <= moment; count += 1) {
      step();
      clock.moveTo(moment, next, performance.now());
      tell();
      // Whoever was told may have jumped, or stopped it.
      if (timer !== undefined || !clock.isPlaying()) return;
    }
    if (next === times.length) clock.pause(performance.now());
    schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    const dueMs = clock.dueIn(performance.now());
    timer = dueMs === undefined ? undefined : setTimeout(play, Math.ceil(dueMs));
  };

  return ok({
    run,
    ...(damage === undefined ? {} : { damage }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    intend: () => 'a replay cannot be steered: what happened has happened',
    killNow: () => {},
    now: () => clock.at(performance.now()),
    samples: () => [],
    openLog: (task, attempt) => openLogReader(attemptLogPath(paths.tasks, task, attempt)),
    logPath: (task, attempt) => attemptLogPath(paths.tasks, task, attempt),
    pastRuns: () => pastPerformance(logDir, plan.pipeline.name, maxPastRuns),
    resume: () => {
      if (next === times.length) return;
      clock.play(performance.now());
      schedule();
    },
    pause: () => {
      clock.pause(performance.now());
      schedule();
    },
    setSpeed: (faster) => {
      speed = clampSpeed(faster);
      clock.speedUp(speed, performance.now());
      schedule();
    },
    jump: (wanted) => {
      const moment = Math.min(Math.max(wanted, from), to) as EpochMs;
      if (next > 0 && times[next - 1]! > moment) [state, next] = [initialState(plan, options), 0];
      while (next < times.length && times[next]! <= moment) step();
      clock.moveTo(moment, next, performance.now());
      if (next === times.length) clock.pause(performance.now());
      schedule();
      tell();
    },
    position: () => ({
      at: clock.at(performance.now()),
      from,
      to,
      speed,
      isPlaying: clock.isPlaying(),
      isAtEnd: next === times.length,
    }),
    close: () => {
      clearTimeout(timer);
      listeners.clear();
      clock.pause(performance.now());
    },
  });
}

function clampSpeed(speed: number): number {
  return Math.min(1000, Math.max(1, speed));
}

/** A run that was taken up on a machine whose clock is behind goes on where it was. */
function inOrder(times: readonly EpochMs[]): readonly EpochMs[] {
  let latest = times[0]!;
  return times.map((at) => {
    latest = Math.max(latest, at) as EpochMs;
    return latest;
  });
}
