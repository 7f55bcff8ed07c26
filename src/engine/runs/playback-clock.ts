import type { EpochMs } from '../model/ids.ts';

/** No stretch without events takes longer than this in the replay. */
const longestPauseMs = 2_000;

/**
 * The time of a replay: it goes from one event of the past to the next, at `speed` times the original pace. Stretches
 * without events are crossed faster when they would last too long. All methods take the real time of now.
 */
export type PlaybackClock = {
  /** The time in the past. */
  at(now: number): EpochMs;
  /** In how many real ms the next event is due; undefined while it stands still, or at the end. */
  dueIn(now: number): number | undefined;
  play(now: number): void;
  pause(now: number): void;
  isPlaying(): boolean;
  setSpeed(speed: number, now: number): void;
  /** The event at `next` is the next one, if there is any, and the time is `at`. */
  moveTo(at: EpochMs, next: number, now: number): void;
};

export function createPlaybackClock(times: readonly EpochMs[], initialSpeed: number): PlaybackClock {
  let speed = initialSpeed;
  let next = 0;
  let isPlaying = false;
  /** When the current stretch began, in both times. */
  let since = { at: times[0] ?? (0 as EpochMs), now: 0 };

  /** Past ms for each real one. */
  const pace = () => {
    const due = times[next];
    return due === undefined ? speed : Math.max(speed, (due - (times[next - 1] ?? due)) / longestPauseMs);
  };
  const at = (now: number): EpochMs => {
    if (!isPlaying) return since.at;
    const moved = since.at + Math.max(0, now - since.now) * pace();
    return Math.min(Math.round(moved), times[next] ?? since.at) as EpochMs;
  };
  const catchUp = (now: number) => {
    since = { at: at(now), now };
  };

  return {
    at,
    dueIn: (now) => {
      const due = times[next];
      return !isPlaying || due === undefined ? undefined : Math.max(0, (due - at(now)) / pace());
    },
    play: (now) => {
      catchUp(now);
      isPlaying = true;
    },
    pause: (now) => {
      catchUp(now);
      isPlaying = false;
    },
    isPlaying: () => isPlaying,
    setSpeed: (faster, now) => {
      catchUp(now);
      speed = faster;
    },
    moveTo: (moment, index, now) => {
      next = index;
      since = { at: moment, now };
    },
  };
}
