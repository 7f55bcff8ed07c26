import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId, TaskId } from '../model/ids.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { maxPastRuns, type PastRunSource } from '../run/run-source.ts';
import type { RunListener } from '../runtime/run-loop.ts';
import { evolve } from '../scheduler/state/evolve.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import { attemptLogPath } from '../storage/logs/attempt-log-path.ts';
import { openMergedLog } from '../storage/logs/merged/merged-log-reader.ts';
import { segmentLimits } from '../storage/logs/merged/segment-list.ts';
import { isRunAlive } from '../storage/runs/heartbeat.ts';
import { collectAttempts, outputSources } from './logged-attempts.ts';
import { isFailure, isNotable } from './notable-events.ts';
import { pastPerformance } from './past-performance.ts';
import { createPlaybackClock } from './playback-clock.ts';
import { readRun } from './read-run.ts';
import { replayPeaks } from './replay-peaks.ts';
import { replaySamples, storedSamples } from './replay-samples.ts';
import { replaySlas } from './replay-slas.ts';

/** How many times as fast as it was a run is shown when nobody says otherwise. */
const defaultSpeed = 10;
/** Of one log, also the longest, all lines are held. */
const limitsOfOne = { ...segmentLimits, segments: 600_000 };
/** After so many events the event loop gets a turn, so that keys are answered. */
const eventsAtOnce = 200;
/** So often the state is kept, so that going back is quick; states share most of what they hold. */
const eventsPerState = 500;

/** Opens a stored run for a replay. Errors: those of `readRun`. */
export function openReplay(logDir: string, run: RunId, initialSpeed = defaultSpeed): Result<PastRunSource, Diagnostic> {
  const stored = readRun(logDir, run);
  if (!stored.ok) return stored;
  const { plan, plans, options, events, paths, damage, newer } = stored.value;
  const times = inOrder(events.map(({ at }) => at));
  const clock = createPlaybackClock(times, clampSpeed(initialSpeed));
  const measured = storedSamples(paths.samples);
  const samples = replaySamples(measured);
  const peaks = replayPeaks(measured);
  const listeners = new Set<RunListener>();
  const rewound = new Set<(played: readonly RunEvent[]) => void>();
  const earliest = initialState(plans[0], options, plans);
  const states: RunState[] = [earliest];
  let speed = clampSpeed(initialSpeed);
  let state = earliest;
  let next = 0;
  let rewinds = 0;
  let timer: NodeJS.Timeout | undefined;
  /** While nobody carried the run out, its time stood still. */
  const now = () => Math.min(clock.at(performance.now()), lastSignOfLife(events[next], times[next - 1])) as EpochMs;
  const logPath = (task: TaskId, attempt: number) => attemptLogPath(paths.tasks, task, attempt);
  /** What was printed later is still to come. */
  const printedUntil = () => (next === times.length ? Number.POSITIVE_INFINITY : now());
  const isOver = !isRunAlive(paths.directory);
  const pastRuns = () => pastPerformance(logDir, plan.pipeline.name, maxPastRuns);
  const earlier = async () => (await pastRuns()).filter(({ started_at }) => Date.parse(started_at) < times[0]!);
  const judge = () => replaySlas({ plan, state: () => state, now, past: earlier }, measured);
  let slas = judge();
  let attempts = collectAttempts();

  /** Takes the next event. */
  const take = (): RunEvent => {
    const event = events[next]!;
    state = evolve(state, event);
    slas.onEvent(event);
    attempts.add(event);
    next += 1;
    if (next % eventsPerState === 0) states[next / eventsPerState] = state;
    return event;
  };
  /** Plays the next event; the time of the replay is then `moment`. */
  const step = (moment: EpochMs) => {
    const event = take();
    clock.moveTo(moment, next, performance.now());
    for (const listener of listeners) listener(event, state);
  };
  /** Goes back to where only the first events have happened. */
  const rewindTo = (index: number) => {
    const kept = Math.floor(index / eventsPerState);
    [state, next, slas, attempts] = [states[kept] ?? earliest, kept * eventsPerState, judge(), collectAttempts()];
    for (const event of events.slice(0, next)) {
      slas.onEvent(event);
      attempts.add(event);
    }
    while (next < index) take();
    rewinds += 1;
  };
  /** The first `index` events have happened, and it is `moment`. */
  const moveTo = (index: number, moment: EpochMs) => {
    const isBack = index < next;
    if (isBack) rewindTo(index);
    while (next < index) step(times[next]!);
    clock.moveTo(moment, next, performance.now());
    if (next === times.length) clock.pause(performance.now());
    if (isBack) for (const listener of rewound) listener(events.slice(0, next));
    schedule();
  };
  const play = () => {
    timer = undefined;
    const moment = clock.at(performance.now());
    for (let count = 0; count < eventsAtOnce && next < times.length && times[next]! <= moment; count += 1) {
      step(moment);
      // A listener may have paused the replay, or changed its speed.
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
    notices: [damage, newer].filter((notice) => notice !== undefined),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    intend: () => 'a replay accepts no actions on tasks',
    killNow: () => {},
    now,
    slas: () => slas.slas(),
    samples: () => samples(now()),
    peaks: () => peaks(now()),
    openLog: (task, attempt) => {
      const source = { task, attempt, path: logPath(task, attempt), startedAt: times[0]!, isOver };
      return openMergedLog(() => [source], { until: printedUntil, limits: limitsOfOne });
    },
    openAllLogs: () => openMergedLog(outputSources(attempts, logPath), { until: printedUntil }),
    logPath,
    pastRuns,
    openPast: async (past) => openReplay(logDir, past),
    playback: {
      resume: () => {
        if (next === times.length) return;
        clock.play(performance.now());
        schedule();
      },
      pause: () => {
        clock.pause(performance.now());
        schedule();
      },
      toEnd: () => {
        clock.pause(performance.now());
        while (next < times.length) step(times[next]!);
        schedule();
      },
      setSpeed: (faster) => {
        speed = clampSpeed(faster);
        clock.setSpeed(speed, performance.now());
        schedule();
      },
      skip: (ms) => {
        const [first = 0, last = 0] = [times[0], times.at(-1)];
        const moment = Math.max(first, Math.min(last, now() + ms)) as EpochMs;
        const after = times.findIndex((at) => at > moment);
        moveTo(after === -1 ? times.length : after, moment);
      },
      jump: (to, direction) => {
        const isWanted = to === 'failure' ? isFailure : isNotable;
        // Where it stands at an event, the one before is meant.
        const isPast = next > 0 && now() > times[next - 1]!;
        const found =
          direction === 1
            ? events.findIndex((event, index) => index >= next && isWanted(event))
            : events.findLastIndex((event, index) => index < (isPast ? next : next - 1) && isWanted(event));
        if (found === -1) return undefined;
        moveTo(found + 1, times[found]!);
        return events[found];
      },
      onRewind: (listener) => {
        rewound.add(listener);
        return () => rewound.delete(listener);
      },
      position: () => ({
        speed,
        isPlaying: clock.isPlaying(),
        isAtEnd: next === times.length,
        elapsedMs: now() - times[0]!,
        totalMs: times.at(-1)! - times[0]!,
        rewinds,
      }),
    },
    close: () => {
      clearTimeout(timer);
      listeners.clear();
      rewound.clear();
      clock.pause(performance.now());
    },
  });
}

function clampSpeed(speed: number): number {
  return Math.min(1000, Math.max(1, speed));
}

/** The last moment before an event at which the run was under way; `before` is that of the event before it. */
function lastSignOfLife(event: RunEvent | undefined, before = Number.NEGATIVE_INFINITY): number {
  return event?.type === 'run.continued' ? Math.max(event.stoppedAt, before) : Number.POSITIVE_INFINITY;
}

/** Times never go back, also when the clock of the machine was set back during the run. */
function inOrder(times: readonly EpochMs[]): readonly EpochMs[] {
  let latest = times[0]!;
  return times.map((at) => {
    latest = Math.max(latest, at) as EpochMs;
    return latest;
  });
}
