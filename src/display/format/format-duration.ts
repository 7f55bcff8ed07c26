// The engine writes durations in its own messages too, so the rule for them stands there.
export { formatCountdown, formatDuration, formatLimit } from '../../engine/index.ts';

/** How far into a run something happened, as a clock: `00:07`, `12:30`, `1:02:03`. */
export function formatClock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const clock = `${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return seconds < 3600 ? clock : `${Math.floor(seconds / 3600)}:${clock}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
